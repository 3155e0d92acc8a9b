"""Outlines of cities and towns, added by staff: what fits is shown before anything is kept."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from onemind import access, geography, metrics, runtime, ui
from onemind.access import PUBLISH, require
from onemind.errors import OneMindError
from onemind.geography import (
    FILE,
    MOST_BYTES,
    OutlinesRefused,
    download,
    state_name,
    state_number,
    states,
)
from onemind.geography.add import Draft
from onemind.ui import plain

FETCHED = "boundaries_fetched"


def explained() -> None:
    """Say what outlines are for, and that departments to match them with may be missing."""
    st.markdown(
        "State and county outlines are included. With the outlines of its cities and "
        "towns, a state's map is filled in town by town. Without them, towns are "
        "points."
    )
    if runtime.store().current() is None:
        st.info("Nothing is published yet, so there are no departments to match with outlines.")


def kept() -> None:
    """List the outlines that were added, and offer to remove them."""
    outlines = ui.atlas().kept()
    if not outlines:
        st.markdown("No outlines have been added yet.")
        return
    table = pd.DataFrame(
        {
            "State": [state_name(item.state) for item in outlines],
            "Outlines": [item.count for item in outlines],
            "File": [item.source for item in outlines],
            "Added": [f"{item.added_at.astimezone():%Y-%m-%d %H:%M}" for item in outlines],
            "Size in KB": [item.size // 1000 for item in outlines],
        }
    )
    st.dataframe(table, hide_index=True, alt="Added outlines", key="boundaries_table")
    with st.container(horizontal=True, key="boundaries_remove"):
        for item in outlines:
            if st.button(f"Remove {state_name(item.state)}", key=f"remove_{item.state}"):
                require(ui.visitor.user(), PUBLISH)
                geography.add.remove(ui.atlas(), item.state)
                st.rerun()


def ask() -> tuple[str, str, bytes, str | None] | None:
    """Ask for a state and a file; return the state, the file's name and content, and the name of
    the property that holds names.
    """
    there = [code for code in metrics.states(runtime.store()) if code in states()]
    codes = [*there, *(code for code in states() if code not in there)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="boundaries_ask"):
        state = st.selectbox("State", codes, format_func=state_name, width=260)
        column = st.text_input("Property with the name", placeholder="detected automatically")
    file = st.file_uploader(
        "GeoJSON in WGS 84, or a zipped shapefile", type=["geojson", "json", "zip"],
        key="boundaries_file", max_upload_size=MOST_BYTES // 1_000_000,
    )  # fmt: skip
    if file is not None:
        require(ui.visitor.user(), PUBLISH)
        return state, file.name, file.getvalue(), column.strip() or None
    return _fetched(state, column.strip() or None)


def _fetched(state: str, column: str | None) -> tuple[str, str, bytes, str | None] | None:
    """Offer to fetch the Census Bureau's file; what was fetched stays until it is kept."""
    st.caption("Or, where this server has internet, take the US Census Bureau's file of 2023:")
    if st.button(f"Fetch the outlines of {state_name(state)}"):
        require(ui.visitor.user(), PUBLISH)
        try:
            st.session_state[FETCHED] = (state, download(state))
        except OneMindError as error:
            st.error(plain(str(error)))
    fetched = st.session_state.get(FETCHED)
    if not fetched or fetched[0] != state:
        return None
    return state, FILE.format(number=state_number(state)), fetched[1], column


def match(state: str, source: str, content: bytes, column: str | None) -> Draft | None:
    """Say what of a file fits, or each fault in it; None for a faulty one."""
    try:
        draft = geography.add.draft(ui.atlas(), content, state, source, column)
    except OutlinesRefused as error:
        st.error(f"{plain(source)} can't be used.")
        for fault in str(error).splitlines():
            st.markdown(f"- {plain(fault)}")
        return None
    for line in draft.sentences(metrics.towns(runtime.store(), state)):
        st.markdown(f"- {plain(line)}")
    return draft


def offer(draft: Draft) -> None:
    """Offer to draw maps with the outlines from now on."""
    where = state_name(draft.state)
    if ui.atlas().has("municipality", draft.state):
        st.caption(f"They replace the existing outlines of {where}.")
    if st.button("Use them on maps", type="primary"):
        require(ui.visitor.user(), PUBLISH)
        geography.add.keep(ui.atlas(), draft)
        st.session_state.pop(FETCHED, None)
        st.success(f"The map of {where} is drawn with {len(draft.outlines):,} outlines now.")
        ui.links.link(access.MAP, "View the map")
