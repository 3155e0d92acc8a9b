"""Results cached by version, filter and the viewer's sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from onemind import access, metrics, runtime
from onemind.campaign import Filter, Sight, contract
from onemind.metrics import Query, Result
from onemind.store import Window
from onemind.ui.base import visitor
from onemind.ui.base.view import View, window


@st.cache_resource(max_entries=64, show_spinner=False)
def _large(key: str, _make: Callable[[], Result]) -> pd.DataFrame:
    return _make().frame()


@st.cache_resource(max_entries=2048, show_spinner=False)
def _small(key: str, _make: Callable[[], Result]) -> pd.DataFrame:
    return _make().frame()


def _progress(place: str, sight: Sight, chosen: Filter) -> pd.DataFrame:
    key = repr(("progress", place, sight, chosen))
    return _large(
        key=key,
        _make=lambda: metrics.progress(Window(runtime.store(), sight), chosen, runtime.today()),
    )


def _query(place: str, sight: Sight, asked: Query) -> pd.DataFrame:
    key = repr(("query", place, sight, asked))
    return _small(
        key=key, _make=lambda: metrics.query(Window(runtime.store(), sight), asked, runtime.today())
    )


def _month_end(place: str, sight: Sight, chosen: Filter, until: date) -> pd.DataFrame:
    key = repr(("month_end", place, sight, chosen, until))
    return _large(
        key=key,
        _make=lambda: metrics.month_end(Window(runtime.store(), sight), chosen, until),
    )


def _dataset(place: str, sight: Sight, name: str, version: int) -> pd.DataFrame:
    key = repr(("dataset", place, sight, name, version))
    return _large(
        key=key, _make=lambda: metrics.export.dataset(Window(runtime.store(), sight), name, version)
    )


def _points(place: str, sight: Sight, version: int) -> pd.DataFrame:
    key = repr(("points", place, sight, version))
    return _large(
        key=key, _make=lambda: metrics.department_points(Window(runtime.store(), sight), version)
    )


def seen() -> tuple[str, Sight]:
    """Return store and sight for a key; and the newest version, if it hides older outcomes."""
    newest = None if visitor.user().sight.small_counts else window().current()
    return (
        f"{runtime.store().settings.store} {newest.number if newest else ''}",
        visitor.user().sight,
    )


def progress(view: View) -> pd.DataFrame:
    """Return one row a department in view, columns metrics.PROGRESS."""
    return _progress(*seen(), view.filter).copy(deep=False)


def query(view: View, metric: str, *by: str) -> pd.DataFrame:
    """Return a metric of the view by dimensions: columns by, value, n, m."""
    return _query(*seen(), Query(metric, by, view.filter)).copy(deep=False)


def month_end(view: View, until: date) -> pd.DataFrame:
    """Return one row a department at a month's end before `until`, see `metrics.month_end`."""
    return _month_end(*seen(), view.filter, until).copy(deep=False)


def pledges(view: View, progress: pd.DataFrame) -> pd.DataFrame:
    """Return all pledge rows of these departments made by the as-of date."""
    rows = dataset(view, "pledges")
    kept = rows["department_id"].isin(progress["department_id"])
    return rows[kept & (rows["pledged_on"] <= view.as_of)]


def dataset(view: View, name: str) -> pd.DataFrame:
    """Return a dataset's rows at the view's version; raises NotAllowed for rows about officers."""
    if contract(name).names_officers:
        access.require(visitor.user(), access.OFFICERS)
    return _dataset(*seen(), name, view.version.number).copy(deep=False)


def points(view: View) -> pd.DataFrame:
    """Return where each department is drawn: department_id, latitude, longitude, placed_by."""
    return _points(*seen(), view.version.number).copy(deep=False)


def value(view: View, metric: str) -> float | int | None:
    """Return one number of the view, or None when it is unknown."""
    found = query(view, metric)["value"].iloc[0]
    return None if pd.isna(found) else found


def at_version(view: View, metric: str, number: int) -> float | int | None:
    """Return one number of the view as another version shows it."""
    return value(replace(view, filter=replace(view.filter, version=number)), metric)
