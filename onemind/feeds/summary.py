"""What a chat or mail shows of a link before it is opened: a title, a sentence, a picture."""

from __future__ import annotations

from dataclasses import dataclass

from onemind import documents, metrics, narrative
from onemind.feeds.sign import templates
from onemind.feeds.standing import Standing, plain

PRODUCT = "One Mind Campaign"
OVERVIEW, MAPPED = ("Overview",), ("Overview", "Map")  # the pages that show the same


@dataclass(frozen=True)
class Summary:
    """A title, a sentence ("" where none may be said), and whether there is a picture."""

    title: str
    words: str = ""
    has_picture: bool = False


def summary(standing: Standing, label: str = "") -> Summary:
    """Return what is said of a scope under a link's label, or under the scope in words."""
    where = standing.window.sight.scope.words()
    title = plain(label or f"{PRODUCT}: {where}")
    rows = metrics.progress(standing.window, standing.chosen, standing.today)
    parts = [standing.sample, where[0].upper() + where[1:] + "." if label else ""]
    if rows.rows and standing.shows(*OVERVIEW):
        parts.append(narrative.sentence(rows.frame()))
    words = plain(" ".join(filter(None, parts)))
    return Summary(title, words, bool(rows.rows) and standing.shows(*MAPPED))


def picture(standing: Standing, label: str = "") -> bytes:
    """Return the summary with its map as a PNG of 1200 by 630."""
    said = summary(standing, label)
    return documents.picture(
        standing.window, standing.chosen, standing.today, said.title, said.words
    )


def tags(summary: Summary, image: str = "") -> str:
    """Return the Open Graph tags of a page; `image` is the picture's whole address."""
    return (
        templates()
        .get_template("tags.html")
        .render(
            title=summary.title,
            words=summary.words,
            image=image if summary.has_picture else "",
            alt=summary.words or summary.title,
        )
    )
