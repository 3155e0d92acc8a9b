"""What every page shares: the store, who is here, results kept by version, and the view's frame.

Results are cached by version, as-of date, filter and the viewer's sight: a new version is a new
key, so nothing is ever stale and nothing has to be cleared, and no viewer sees another's scope.
Frames are kept as they are; each caller gets a copy that shares the columns until it writes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from onemind import access, charts, exports, metrics, metrics_months, settings, ui_go
from onemind.contract import contract
from onemind.filters import Filter
from onemind.metrics import Query, Result
from onemind.scope import Sight
from onemind.store import Store, Version
from onemind.store_window import Window
from onemind.ui_activity import noted
from onemind.ui_visitor import user as user

# Functions are declared as kept before the server runs; Streamlit warns of each.
logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(
    lambda record: "No runtime found" not in record.getMessage()
)
DEPARTMENT = "pages/explore/department.py"
METHODOLOGY = "pages/explore/methodology.py"


@dataclass(frozen=True)
class View:
    """What a page looks at: the filter with its version and as-of date filled in."""

    filter: Filter
    version: Version
    newest: Version

    @property
    def as_of(self) -> date:
        """The as-of date."""
        assert self.filter.as_of is not None
        return self.filter.as_of


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Return this process's store."""
    return Store(settings.load())


def window() -> Window:
    """Return the store as whoever is here sees it: pages read through this, never `store()`."""
    return Window(store(), user().sight)


def today() -> date:
    """Return today's date."""
    return date.today()


def is_dark() -> bool:
    """Whether to draw for a dark ground: the reader's theme, but paper is always white."""
    return bool(st.context.theme.type == "dark") and st.query_params.get("print") != "1"


@st.cache_resource(max_entries=64, show_spinner=False)
def _large(key: str, _make: Callable[[], Result]) -> pd.DataFrame:
    return _make().frame()


@st.cache_resource(max_entries=2048, show_spinner=False)
def _small(key: str, _make: Callable[[], Result]) -> pd.DataFrame:
    return _make().frame()


def _progress(place: str, sight: Sight, chosen: Filter) -> pd.DataFrame:
    key = repr(("progress", place, sight, chosen))
    return _large(key=key, _make=lambda: metrics.progress(Window(store(), sight), chosen, today()))


def _query(place: str, sight: Sight, asked: Query) -> pd.DataFrame:
    key = repr(("query", place, sight, asked))
    return _small(key=key, _make=lambda: metrics.query(Window(store(), sight), asked, today()))


def _month_end(place: str, sight: Sight, chosen: Filter, until: date) -> pd.DataFrame:
    key = repr(("month_end", place, sight, chosen, until))
    return _large(
        key=key, _make=lambda: metrics_months.month_end(Window(store(), sight), chosen, until)
    )


def _dataset(place: str, sight: Sight, name: str, version: int) -> pd.DataFrame:
    key = repr(("dataset", place, sight, name, version))
    return _large(key=key, _make=lambda: exports.dataset(Window(store(), sight), name, version))


def _points(place: str, sight: Sight, version: int) -> pd.DataFrame:
    key = repr(("points", place, sight, version))
    return _large(key=key, _make=lambda: metrics.department_points(Window(store(), sight), version))


def _seen() -> tuple[str, Sight]:
    """Return store and sight for a key; and the newest version, if it hides older outcomes."""
    newest = None if user().sight.small_counts else window().current()
    return f"{store().settings.store} {newest.number if newest else ''}", user().sight


def progress(view: View) -> pd.DataFrame:
    """Return one row a department in view, columns metrics.PROGRESS."""
    return _progress(*_seen(), view.filter).copy(deep=False)


def query(view: View, metric: str, *by: str) -> pd.DataFrame:
    """Return a metric of the view by dimensions: columns by, value, n, m."""
    return _query(*_seen(), Query(metric, by, view.filter)).copy(deep=False)


def month_end(view: View, until: date) -> pd.DataFrame:
    """Return one row a department at a month's end before `until`, see metrics_months."""
    return _month_end(*_seen(), view.filter, until).copy(deep=False)


def pledges(view: View, progress: pd.DataFrame) -> pd.DataFrame:
    """Return all pledge rows of these departments made by the as-of date."""
    rows = dataset(view, "pledges")
    kept = rows["department_id"].isin(progress["department_id"])
    return rows[kept & (rows["pledged_on"] <= view.as_of)]


def dataset(view: View, name: str) -> pd.DataFrame:
    """Return a dataset's rows at the view's version; raises NotAllowed for rows about officers."""
    if contract(name).names_officers:
        access.require(user(), access.OFFICERS)
    return _dataset(*_seen(), name, view.version.number).copy(deep=False)


def points(view: View) -> pd.DataFrame:
    """Return where each department is drawn: department_id, latitude, longitude, placed_by."""
    return _points(*_seen(), view.version.number).copy(deep=False)


def value(view: View, metric: str) -> float | int | None:
    """Return one number of the view, or None when it is unknown."""
    found = query(view, metric)["value"].iloc[0]
    return None if pd.isna(found) else found


def at_version(view: View, metric: str, number: int) -> float | int | None:
    """Return one number of the view as another version shows it."""
    return value(replace(view, filter=replace(view.filter, version=number)), metric)


def definition(*names: str) -> None:
    """Write the definitions of numbers under a chart, each with a link to how it is counted."""
    may = ui_go.may(METHODOLOGY)
    lines = []
    for name in names:
        declared = metrics.metric(name)
        link = f" [How it is counted](methodology?number={name})" if may else ""
        lines.append(f"**{declared.label}**: {declared.description} {declared.caveat}{link}")
    with st.expander("What these numbers mean"):
        st.markdown("\n\n".join(lines))


@contextmanager
def fold(label: str, key: str, icon: str | None = None) -> Iterator[bool]:
    """Fold something away; says whether it is open, for what is closed need not be drawn."""
    found = st.expander(label, key=key, icon=icon, on_change="rerun")
    with found:
        yield bool(found.open)


def chart(figure: Any, alt: str, key: str) -> None:
    """Draw a figure with a text alternative."""
    st.plotly_chart(figure, key=key, alt=alt, config=charts.CONFIG, theme=None)


def department_table(table: pd.DataFrame, key: str) -> None:
    """Draw a table of departments with bars for shares; a row opens the department."""
    columns: dict[str, Any] = {"department_id": None}
    for label in table.columns:
        if label in ("MHFA", "CIT"):
            columns[label] = st.column_config.ProgressColumn(
                label, format="%d %%", min_value=0, max_value=100
            )
        elif pd.api.types.is_bool_dtype(table[label]):
            columns[label] = st.column_config.CheckboxColumn(label)
    event = st.dataframe(
        table, column_config=columns, hide_index=True, on_select="rerun",
        selection_mode="single-row", key=f"{key}_table", height=min(480, 38 + 35 * len(table)),
        alt=f"Table of {key}", placeholder="",
    )  # fmt: skip
    for row in event.selection.rows:
        open_department(table["department_id"].iloc[row])


def open_department(department_id: str) -> None:
    """Go to a department's own page."""
    ui_go.to(DEPARTMENT, {"id": department_id})


def download(frame: pd.DataFrame, name: str) -> None:
    """Offer a frame as CSV to whoever may download; the name tells it from other versions' files,
    for a large file with a name is served again where only its middle differs.
    """
    if not user().may(access.DOWNLOAD):
        return
    st.download_button(
        "Download as CSV",
        noted(name, lambda: _csv(frame)),
        file_name=name,
        mime="text/csv",
        on_click="ignore",
    )


def _csv(frame: pd.DataFrame) -> bytes:
    known = frame.astype(object).where(frame.notna(), None)
    return exports.to_csv(list(frame.columns), known.to_numpy().tolist()).encode()
