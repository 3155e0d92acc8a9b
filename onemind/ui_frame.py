"""The frame of every page: title, filters in the address, as-at line, empty states."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from onemind import ui
from onemind.access import PUBLISH
from onemind.filters import Filter
from onemind.headline import STAGES
from onemind.store import Version

NEWEST = "Newest"
DIMENSIONS = ("state", "county", "type", "stage")
_VIEW: ContextVar[ui.View | None] = ContextVar("view", default=None)


def open_view() -> None:
    """Draw the filters and the as-at line, and keep the view for the page that is run next.

    It is drawn by the script and not by the page: what a page's own widgets bind to the address is
    dropped when the reader goes to another page.
    """
    newest = ui.window().current()
    if newest is None:
        _VIEW.set(None)
        return
    with st.expander("Filters and date"):
        left, right = st.container(horizontal=True), st.container(horizontal=True)
        with right:
            whole, version = _when(newest)
        everything = ui.progress(ui.View(whole, version, newest))
        with left:
            chosen = replace(whole, **_narrowed(everything))
    found = ui.View(chosen, version, newest)
    st.caption(as_at(found))
    if version != newest:
        st.warning(f"You are looking at version {version.number}; the newest is {newest.number}.")
    _VIEW.set(found)


def view() -> ui.View:
    """Return what the page looks at; ends it with the first-run state if nothing is published."""
    found = _VIEW.get()
    if found is None:
        first_run()
    assert found is not None
    return found


def first_run() -> None:
    """Say that nothing is published yet and what to do, and end the page."""
    st.info(
        "Nothing is published yet. Upload CSV files of departments, pledges and training, "
        "or load the sample campaign to look around.",
        icon=":material/waving_hand:",
    )
    if ui.user().may(PUBLISH):
        st.page_link("pages/publish/upload.py", label="Upload data or load the sample")
    st.stop()


def nothing_matches(view: ui.View) -> None:
    """Say that the filters leave nothing, and end the page."""
    st.info(f"No department matches: {view.filter.words()}. Widen the filter to see departments.")
    st.stop()


def as_at(view: ui.View) -> str:
    """Return the line every screen carries: as at when, which version, published when by whom."""
    when = view.version.published_at.astimezone()
    return (
        f"As at {long_day(view.as_of)} · version {view.version.number}, published "
        f"{long_day(when.date())} {when:%H:%M} by {view.version.author} · {view.filter.words()}"
    )


def long_day(day: date) -> str:
    """Return a date as 20 September 2017."""
    return f"{day.day} {day:%B %Y}"


def _when(newest: Version) -> tuple[Filter, Version]:
    """Ask for the as-of date and the version; both stand in the address."""
    day = st.date_input("As of", ui.today(), key="as_of", bind="query-params", width=160)
    numbers: list[str | int] = [NEWEST, *range(newest.number - 1, 0, -1)]
    wanted = st.selectbox("Version", numbers, key="version", bind="query-params", width=160)
    version = ui.window().version(wanted) if isinstance(wanted, int) else newest
    assert version is not None
    return Filter(as_of=day, version=version.number), version


def _narrowed(everything: pd.DataFrame) -> dict[str, Any]:
    """Ask for the values of each dimension to keep; they stand in the address."""
    return {
        name: tuple(
            st.multiselect(
                name.capitalize(), options, format_func=_label, key=name, bind="query-params",
                width=260,
            )
        )
        for name in DIMENSIONS
        if len(options := sorted(everything[name].dropna().unique())) > 1 or name != "state"
    }  # fmt: skip


def _label(value: str) -> str:
    return STAGES.get(value, value if value.isupper() else value.capitalize())
