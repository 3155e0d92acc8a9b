"""Drawing once: what many look at is drawn for the first of them, and replayed for the others.

    @ui_cache.drawing
    def stages(view: ui.View) -> None:
        figure = charts.funnel(ui.progress(view), ui.is_dark())
        ui.chart(figure, "Departments by stage", "funnel")

    stages(view)

The key is all a drawing can depend on: the view's version, filter and as-of date, the sight and
permissions of whoever is here, the theme, and the further arguments (plain values, by position).
So a new version is drawn anew, and nobody is shown what was drawn for another's scope. Inside
there may be no widgets (a chart or table with `on_select` is one: draw it outside), no `st.stop`,
and nothing read from the session or the address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from onemind import ui
from onemind.access import PERMISSIONS

DRAWINGS, MEMORY = 4096, "128MiB"
P = ParamSpec("P")


def drawing(
    draw: Callable[Concatenate[ui.View, P], None],
) -> Callable[Concatenate[ui.View, P], None]:
    """Make a function of display elements draw once for each key, and be replayed after that."""

    @wraps(draw)
    def replayed(view: ui.View, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if kwargs or not all(map(_is_plain, args)):
            raise TypeError(f"{draw.__qualname__} takes plain values, by position")
        name = f"{draw.__module__}.{draw.__qualname__}"
        _replayed(repr((name, args, *_seen(view))), lambda: draw(view, *args, **kwargs))

    return replayed


def _is_plain(value: object) -> bool:
    """Whether a value's text tells it from every other value."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float | date)


def _seen(view: ui.View) -> tuple[object, ...]:
    """Return all that decides what a drawing of this view shows to whoever is here."""
    user = ui.user()
    allowed = [item.name for item in PERMISSIONS if user.may(item)]
    versions = (view.version.snapshot, view.newest.snapshot)
    look = (ui.is_dark(), ui.today())
    return (str(ui.store().settings.store), user.sight, user.pages, allowed, view.filter,
            *versions, *look)  # fmt: skip


@st.cache_data(max_entries=DRAWINGS, max_size=MEMORY, show_spinner=False)
def _replayed(key: str, _draw: Callable[[], None]) -> None:
    _draw()
