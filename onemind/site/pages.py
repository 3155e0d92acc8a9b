"""Templates filled in: pages of HTML that read without a script, and tables out of frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from onemind.words import short_day

TEMPLATES = Path(__file__).parent / "templates"
BOLD, CODE = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`(.+?)`")
LINKED = re.compile(r"\[([^\]]+)\]\((#[a-z0-9_-]+)\)")


@dataclass(frozen=True)
class Cell:
    """One cell: its words, and where they lead."""

    words: str
    link: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A table for a page; the first cell of a row is its head. `marks` are what scripts filter
    rows by: for each row, names with values.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marks: tuple[Mapping[str, str], ...] = ()

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """The columns, and whether each holds numbers."""
        return [
            (name, any(row[place].is_number for row in self.rows))
            for place, name in enumerate(self.columns)
        ]


def table(
    frame: pd.DataFrame,
    caption: str,
    links: Sequence[str] = (),
    percents: Iterable[str] = (),
    marks: Sequence[Mapping[str, str]] = (),
) -> Table:
    """Return a frame as a table; the first column leads where `links` say, and columns among
    `percents` are whole percents. A column of department ids is left out.
    """
    shown = frame.drop(columns="department_id", errors="ignore")
    of_share, columns = set(percents), [str(name) for name in shown.columns]
    rows = []
    for place, values in enumerate(shown.itertuples(index=False, name=None)):
        cells = [
            _cell(value, name in of_share) for name, value in zip(columns, values, strict=True)
        ]
        if links:
            cells[0] = Cell(cells[0].words, links[place])
        rows.append(tuple(cells))
    return Table(caption, tuple(columns), tuple(rows), tuple(marks))


def _cell(value: Any, is_share: bool) -> Cell:
    if isinstance(value, list):
        return Cell(", ".join(map(str, value)))
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return Cell("")
    if isinstance(value, bool):
        return Cell("yes" if value else "")
    if isinstance(value, date):
        return Cell(short_day(value))
    if isinstance(value, str):
        return Cell(value)
    return Cell(f"{value:.0f}%" if is_share else f"{value:,.0f}", is_number=True)


def marked(text: str) -> Markup:
    """Return our own words with their few marks as HTML: **bold**, `code`, lists, inner links."""
    blocks = (block.strip() for block in text.split("\n\n"))
    return Markup("\n").join(_block(block) for block in blocks if block)


def _block(text: str) -> Markup:
    if not text.startswith("- "):
        return Markup("<p>{}</p>").format(inline(text))
    items = (inline(item) for item in text.removeprefix("- ").split("\n- "))
    listed = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<ul>{}</ul>").format(listed)


def inline(text: str) -> Markup:
    """Return one line of our own words with its marks as HTML."""
    html = str(escape(text))
    html = BOLD.sub(r"<strong>\1</strong>", html)
    html = CODE.sub(r"<code>\1</code>", html)
    return Markup(LINKED.sub(r'<a href="\2">\1</a>', html))  # nosec B704 - escaped above


@cache
def templates() -> Environment:
    """Return the templates, ready to be filled in; every value is escaped."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {"marked": marked, "inline": inline}
    return found


def page(template: str, **values: Any) -> bytes:
    """Return a template filled in."""
    return templates().get_template(template).render(**values).encode()
