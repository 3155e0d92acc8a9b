"""Results cached by version, filter and the viewer's sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from onemind import access, metrics, runtime
from onemind.campaign import Filter, Sight, contract
from onemind.metrics import MetricName, Query
from onemind.store import Window
from onemind.telemetry.meters import LOOKUPS
from onemind.ui.base import visitor
from onemind.ui.base.keys import plain_key
from onemind.ui.base.view import View, window

P = ParamSpec("P")
T = TypeVar("T")


def cached_query(
    entries: int,
) -> Callable[[Callable[Concatenate[Window, P], T]], Callable[P, T]]:
    """Make a question to the store be answered once for all who may see the same.

        @cached_query(64)
        def _points(window: Window, version: int) -> pd.DataFrame:
            return metrics.department_points(window, version).frame()

        points = _points(view.version.number)

    The viewer's scope is added here, to the window and to the key: a page cannot forget it. The
    other arguments are plain values, by position. Each caller gets a frame of its own that shares
    the columns until it writes. At most `entries` answers are cached.
    """
    return lambda ask: _cached(ask, entries)


def _cached(ask: Callable[Concatenate[Window, P], T], entries: int) -> Callable[P, T]:
    def answer(key: str, _ask: Callable[[], T]) -> T:
        return _ask()

    # Streamlit tells one cache from another by these.
    answer.__module__, answer.__qualname__ = ask.__module__, ask.__qualname__
    remembered = st.cache_resource(max_entries=entries, show_spinner=False)(answer)

    @wraps(ask)
    def asked(*args: P.args, **named: P.kwargs) -> T:
        place, sight = seen()
        key = plain_key(ask, args, named, place, sight)
        window = Window(runtime.store(), sight)
        missed = False

        def work() -> T:
            nonlocal missed
            missed = True
            return ask(window, *args, **named)

        value = remembered(key=key, _ask=work)
        LOOKUPS.add("miss" if missed else "hit")
        return value.copy(deep=False) if isinstance(value, pd.DataFrame) else value

    return asked


def seen() -> tuple[str, Sight]:
    """Return store and sight for a key; and the newest version, if it hides older outcomes."""
    newest = None if visitor.user().sight.small_counts else window().current()
    return (
        f"{runtime.store().settings.store} {newest.number if newest else ''}",
        visitor.user().sight,
    )


@cached_query(64)
def _progress(window: Window, chosen: Filter) -> pd.DataFrame:
    return metrics.progress(window, chosen, runtime.today()).frame()


def progress(view: View) -> pd.DataFrame:
    """Return one row a department in view, columns metrics.PROGRESS."""
    return _progress(view.filter)


@cached_query(2048)
def _query(window: Window, asked: Query) -> pd.DataFrame:
    return metrics.query(window, asked, runtime.today()).frame()


def query(view: View, metric: MetricName, *by: str) -> pd.DataFrame:
    """Return a metric of the view by dimensions: columns by, value, n, m."""
    return _query(Query(metric, by, view.filter))


@cached_query(64)
def _month_end(window: Window, chosen: Filter, until: date) -> pd.DataFrame:
    return metrics.month_end(window, chosen, until).frame()


def month_end(view: View, until: date) -> pd.DataFrame:
    """Return one row a department at a month's end before `until`, see `metrics.month_end`."""
    return _month_end(view.filter, until)


def pledges(view: View, progress: pd.DataFrame) -> pd.DataFrame:
    """Return all pledge rows of these departments made by the as-of date."""
    rows = dataset(view, "pledges")
    mine = rows["department_id"].isin(progress["department_id"])
    return rows[mine & (rows["pledged_on"] <= view.as_of)]


@cached_query(32)
def _dataset(window: Window, name: str, version: int) -> pd.DataFrame:
    return metrics.export.dataset(window, name, version).frame()


def dataset(view: View, name: str) -> pd.DataFrame:
    """Return a dataset's rows at the view's version; raises NotAllowed for rows about officers."""
    if contract(name).names_officers:
        access.require(visitor.user(), access.OFFICERS)
    return _dataset(name, view.version.number)


@cached_query(32)
def _points(window: Window, version: int) -> pd.DataFrame:
    return metrics.department_points(window, version).frame()


def points(view: View) -> pd.DataFrame:
    """Return where each department is drawn: department_id, latitude, longitude, placed_by."""
    return _points(view.version.number)


def value(view: View, metric: MetricName) -> float | int | None:
    """Return one number of the view, or None when it is unknown."""
    number = query(view, metric)["value"].iloc[0]
    return None if pd.isna(number) else number


def at_version(view: View, metric: MetricName, number: int) -> float | int | None:
    """Return one number of the view as another version shows it."""
    return value(replace(view, filter=replace(view.filter, version=number)), metric)
