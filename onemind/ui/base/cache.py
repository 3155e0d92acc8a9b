"""Drawing once: what many look at is drawn for the first of them, and replayed for the others.

    @ui.drawing
    def stages(view: ui.View) -> None:
        figure = charts.funnel(ui.progress(view), ui.is_dark())
        ui.chart(figure, "Departments by stage", "funnel")

    stages(view)

The key is all a drawing can depend on: the view's version, filter and as-of date, the sight and
permissions of whoever is here, the theme, and the further arguments (plain values, by position).
What a widget is drawn from is cached the same way:

    @ui.cached_value
    def figure(view: ui.View) -> Any:
        return maps.points(ui.progress(view), ui.points(view), ui.is_dark())

So a new version is drawn anew, and nobody is shown what was drawn for another's scope. Inside
there may be no widgets (a chart or table with `on_select` is one: draw it outside), no `st.stop`,
and nothing read from the session or the address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from onemind import runtime
from onemind.access import PERMISSIONS
from onemind.drawing import charts
from onemind.ui.base import exports, visitor
from onemind.ui.base.keys import plain_key
from onemind.ui.base.view import View, is_dark

DRAWINGS, MEMORY, SKETCHES, VALUES = 4096, "128MiB", 1024, 384
P = ParamSpec("P")
T = TypeVar("T")
Offers = Callable[[], tuple[exports.Offer, ...]]


def drawing(
    draw: Callable[Concatenate[View, P], None],
) -> Callable[Concatenate[View, P], None]:
    """Make a function of display elements draw once for each key, and be replayed after that."""

    @wraps(draw)
    def replayed(view: View, /, *args: P.args, **kwargs: P.kwargs) -> None:
        key = plain_key(draw, args, kwargs, *_seen(view))
        exports.add(_replayed(key=key, _draw=_drawn(view, lambda: draw(view, *args, **kwargs))))

    return replayed


def small_drawing(
    draw: Callable[Concatenate[View, P], None],
) -> Callable[Concatenate[View, P], None]:
    """Make a `drawing` of what is a few kilobytes, however large the campaign is.

    It is kept as it is and need not be unpacked to be replayed; so their number alone limits them.
    """

    @wraps(draw)
    def replayed(view: View, /, *args: P.args, **kwargs: P.kwargs) -> None:
        key = plain_key(draw, args, kwargs, *_seen(view))
        exports.add(_sketched(key=key, _draw=_drawn(view, lambda: draw(view, *args, **kwargs))))

    return replayed


def cached_value(make: Callable[Concatenate[View, P], T]) -> Callable[Concatenate[View, P], T]:
    """Make a function return what it made for the same key before; nobody may change it.

    A frame may be changed: each caller has one of his own. A figure is ready to be sent.
    """

    @wraps(make)
    def found(view: View, /, *args: P.args, **kwargs: P.kwargs) -> T:
        value: T = _kept(
            key=plain_key(make, args, kwargs, *_seen(view)),
            _make=lambda: charts.prepared.ready(make(view, *args, **kwargs)),
        )
        return value.copy(deep=False) if isinstance(value, pd.DataFrame) else value

    return found


def _drawn(view: View, draw: Callable[[], None]) -> Offers:
    """Return what draws, and gives back what the drawing offers as files."""
    return lambda: exports.gathered(view, draw)


def _seen(view: View) -> tuple[object, ...]:
    """Return all that decides what a drawing of this view shows to whoever is here."""
    user = visitor.user()
    allowed = [item.name for item in PERMISSIONS if user.may(item)]
    versions = (view.version.snapshot, view.newest.snapshot)
    look = (is_dark(), runtime.today())
    return (str(runtime.store().settings.store), user.sight, user.pages, allowed, view.filter,
            *versions, *look)  # fmt: skip


# All are called by name: what stands by position has its name looked up each time.
@st.cache_data(max_entries=DRAWINGS, max_size=MEMORY, show_spinner=False)
def _replayed(key: str, _draw: Offers) -> tuple[exports.Offer, ...]:
    return _draw()


@st.cache_resource(max_entries=SKETCHES, show_spinner=False)
def _sketched(key: str, _draw: Offers) -> tuple[exports.Offer, ...]:
    return _draw()


@st.cache_resource(max_entries=VALUES, show_spinner=False)
def _kept(key: str, _make: Callable[[], Any]) -> Any:
    return _make()
