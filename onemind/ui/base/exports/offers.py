"""What a page offers as files, collected while it is drawn.

A drawing that is replayed does not run, so what it offers is cached with it (`ui.base.cache`). As a
fragment is drawn again, nothing is collected: the foot of the page is not drawn again either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from onemind.access import DOWNLOAD
from onemind.drawing import charts
from onemind.ui.base import visitor
from onemind.ui.base.view import View

Rows = tuple[tuple[Any, ...], ...]
Legend = tuple[tuple[str, str, str], ...]
TITLE_ENDS = re.compile(r"[:;.]\s")
MOST = 5_000  # rows of a chart that are kept with its drawing


@dataclass(frozen=True)
class Offer:
    """One chart or table: its title, the view it is of, its data; `chart` is the chart's key.

    `legend` is of a chart that has none inside: sign, color and words of each entry.
    """

    title: str
    view: View
    columns: tuple[str, ...]
    rows: Rows
    chart: str = ""
    legend: Legend = ()


_PAGE: ContextVar[list[Offer] | None] = ContextVar("page", default=None)
_SUBJECT: ContextVar[str] = ContextVar("subject", default="")
_DRAWING: ContextVar[tuple[View, list[Offer]] | None] = ContextVar("drawing", default=None)


def begin() -> None:
    """Begin to collect what a page offers."""
    _PAGE.set([])
    _SUBJECT.set("")


def about(subject: str) -> None:
    """Say what the page is about, where that is less than its filter keeps: one department."""
    _SUBJECT.set(subject)


def subject() -> str:
    """Return what the page is about, "" where it is about all that its filter keeps."""
    return _SUBJECT.get()


def collected() -> list[Offer]:
    """Return what the page offers, and collect no more."""
    offers = _PAGE.get() or []
    _PAGE.set(None)
    return offers


def add(offers: Iterable[Offer]) -> None:
    """Offer charts and tables on the page; of a chart drawn twice, once."""
    page = _PAGE.get()
    if page is not None:
        known = {(item.title, item.chart) for item in page}
        page.extend(item for item in offers if (item.title, item.chart) not in known)


def gathered(view: View, draw: Callable[[], None]) -> tuple[Offer, ...]:
    """Draw, and return what was offered meanwhile, to be cached with the drawing."""
    offers: list[Offer] = []
    token = _DRAWING.set((view, offers))
    try:
        draw()
    finally:
        _DRAWING.reset(token)
    return tuple(offers)


def offer_chart(figure: Any, alt: str, key: str, view: View | None = None) -> None:
    """Offer a chart that is drawn under a key; its title is what its text begins with."""
    drawn = _DRAWING.get()
    at = view or (drawn[0] if drawn else None)
    if at is None or not visitor.user().may(DOWNLOAD):
        return
    columns, rows = charts.data.listed(figure)
    title = TITLE_ENDS.split(alt)[0].rstrip(".")
    _offer(Offer(title, at, columns, rows[:MOST], key))


def offer_table(view: View, title: str, frame: pd.DataFrame) -> None:
    """Offer a table of the page."""
    if visitor.user().may(DOWNLOAD):
        _offer(offered(view, title, frame))


def offer_map(view: View, title: str, frame: pd.DataFrame, key: str, legend: Legend = ()) -> None:
    """Offer a map that is drawn under a key, with its data as a table."""
    if visitor.user().may(DOWNLOAD):
        _offer(replace(offered(view, title, frame), chart=key, legend=legend))


def offered(view: View, title: str, frame: pd.DataFrame) -> Offer:
    """Return a frame as it is offered: unknown is None, and several words in a cell are one."""
    known = frame.astype(object).where(frame.notna(), None)
    rows = tuple(tuple(map(_plain, row)) for row in known.to_numpy().tolist())
    return Offer(title, view, tuple(map(str, frame.columns)), rows)


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _offer(offer: Offer) -> None:
    drawn = _DRAWING.get()
    if drawn:
        drawn[1].append(offer)
    else:
        add((offer,))
