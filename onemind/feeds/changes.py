"""What each version changed, as an Atom feed (RFC 4287): one entry a version, the newest first.

Both versions of an entry are taken as of the day of the later one, so that an entry stays as it is.
A link tells what was published since it was made; one that is held at a version tells of that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import StringIO
from itertools import pairwise
from typing import Any

from onemind import metrics, narrative
from onemind.campaign import Filter
from onemind.feeds.standing import Standing, plain
from onemind.metrics import Changes, Point
from onemind.store import Version
from onemind.words import some

MOST = 10  # entries
SINCE = "2017-09-20"  # the day in every tag URI (RFC 4151); any that the name was ours on will do
TITLES = {
    "pledged": "New pledges", "completed": "Completed", "overdue": "Newly overdue",
    "due_soon": "Due soon",
}  # fmt: skip
AUTHOR = "One Mind Campaign dashboard"
ONLY = "This link is held at this version and does not change."
Entry = tuple[str, tuple[str, ...]]
Once = Callable[[int, Callable[[], Entry]], Entry]


@dataclass(frozen=True)
class Place:
    """Where a feed lies: the dashboard's address, the feed's own, its host and its lasting name."""

    home: str
    address: str
    host: str
    name: str

    def tag(self, version: int | None = None) -> str:
        """Return the feed's id, or that of a version's entry."""
        entry = "" if version is None else f"/version/{version}"
        return f"tag:{self.host},{SINCE}:feeds/{self.name}{entry}"


def changes(
    standing: Standing,
    place: Place,
    since: datetime | None = None,
    once: Once = lambda version, make: make(),
) -> bytes:
    """Return the feed; `since` is when the link was made, `once` keeps an entry that was made."""
    from feedgenerator import Atom1Feed

    where = standing.window.sight.scope.words()
    feed = Atom1Feed(
        title=plain(f"{standing.window.rules.campaign}: {where}"), link=place.home,
        description="What each version changed.", language="en", author_name=AUTHOR,
        feed_url=place.address, feed_guid=place.tag(),
    )  # fmt: skip
    for before, version in _pairs(standing, since):
        title, lines = once(version.number, _maker(standing, before, version))
        when = version.published_at
        feed.add_item(
            title=plain(title), link=place.home, description=_html(lines, version), pubdate=when,
            updateddate=when, unique_id=place.tag(version.number),
        )  # fmt: skip
    text = StringIO()
    feed.write(text, "utf-8")
    return text.getvalue().encode()


def _pairs(standing: Standing, since: datetime | None) -> Iterator[tuple[Version | None, Version]]:
    """Return each version to tell of with the one before it, the newest first."""
    if standing.window.sight.version is not None:
        yield None, standing.version
        return
    listed = [
        item for item in standing.window.store.versions() if item.number <= standing.version.number
    ]
    pairs = list(pairwise([None, *listed]))[::-1]
    for before, version in pairs[:MOST]:
        if version is None:
            continue
        yield before, version
        if since is not None and version.published_at <= since:
            return


def _maker(standing: Standing, before: Version | None, version: Version) -> Callable[[], Entry]:
    return lambda: _entry(standing, before, version)


def _entry(standing: Standing, before: Version | None, version: Version) -> Entry:
    """Return an entry's title and lines, of what is in sight alone."""
    day = version.published_at.astimezone().date()
    after = Point(version.number, day)
    if standing.window.sight.version is not None:
        rows = metrics.progress(standing.window, Filter(as_of=day, version=after.version), day)
        said = narrative.sentence(rows.frame()) if rows.rows else "No department is here."
        return f"Version {version.number}", (said, ONLY)
    if before is None or (before.sample and not version.sample):
        rows = metrics.progress(standing.window, Filter(as_of=day, version=after.version), day)
        return narrative.news((), rows.records(), version.number), ()
    found = metrics.changes(standing.window, Point(before.number, day), after)
    title = narrative.news(found.old.values(), found.new.values(), version.number)
    return title, tuple(_lines(found))


def _lines(found: Changes) -> Iterator[str]:
    for what, title in TITLES.items():
        rows: tuple[dict[str, Any], ...] = found.reached(what)
        if rows:
            yield f"{title}: {some(str(row['name']) for row in rows)}."


def _html(lines: tuple[str, ...], version: Version) -> str:
    """Return the lines as HTML, which Atom carries escaped."""
    sample = ("Sample campaign: made-up figures.",) if version.sample else ()
    return "".join(f"<p>{escape(plain(line))}</p>" for line in (*lines, *sample))
