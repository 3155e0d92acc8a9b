"""One department in a line, for other sites: a badge as an SVG, a card as a page for a frame."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onemind import metrics, narrative
from onemind.drawing.palette import ACCENT, CARD, INK, LINE, PAGE, QUIET, STAGE_COLORS
from onemind.feeds.standing import Standing, plain
from onemind.metrics import Row
from onemind.words import long_day, whole_percent_of

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
WIDE, NARROW, LETTER = "mwMW%@—", "iljtfrI.,:;'|!()[] -", 6.6  # of Verdana at 11 pixels
COLORS = {
    "accent": ACCENT, "card": CARD, "ink": INK, "line": LINE, "page": PAGE, "quiet": QUIET,
}  # fmt: skip


def badge(standing: Standing, department_id: str) -> bytes | None:
    """Return a department's badge; None where it is not in sight."""
    row = _row(standing, department_id)
    if row is None:
        return None
    left = "One Mind (sample)" if standing.sample else "One Mind"
    right = narrative.in_short(row)
    values = {"left": left, "right": right, "left_wide": wide(left), "right_wide": wide(right)}
    return _filled("badge.svg", standing, row, values)


def card(standing: Standing, department_id: str) -> bytes | None:
    """Return a department's card, a page of its own; None where it is not in sight."""
    row = _row(standing, department_id)
    if row is None:
        return None
    values = {
        "place": plain(narrative.place(row)),
        "training": narrative.in_training(row),
        "pledge": narrative.in_pledge(row),
        "percent": whole_percent_of(row["mhfa_trained"], row["sworn"]),
        "version": standing.version.number,
        "check_counts": row["check_counts"],
        "stage_colors": STAGE_COLORS[row["stage"]],
    }
    return _filled("card.html", standing, row, values)


def wide(text: str) -> int:
    """Return about how many pixels a text takes, with room on both sides."""
    letters = (0.62 if sign in NARROW else 1.45 if sign in WIDE else 1 for sign in text)
    return round(sum(letters) * LETTER) + 16


def _row(standing: Standing, department_id: str) -> Row | None:
    narrowed = standing.window.only([department_id])
    rows = metrics.progress(narrowed, standing.chosen, standing.today).records()
    return rows[0] if rows else None


def _filled(template: str, standing: Standing, row: Row, values: dict[str, Any]) -> bytes:
    text = templates().get_template(template).render(
        name=plain(row["name"]), said=narrative.in_short(row), as_of=long_day(standing.today),
        sample=standing.sample, colors=COLORS, **values,
    )  # fmt: skip
    return text.encode()


@cache
def templates() -> Environment:
    """Return the templates, which escape every value by themselves."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
