"""The states side by side: a table that appears by itself where there are several."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from onemind import metrics, ui
from onemind.drawing import tables
from onemind.drawing.maps.place import Place
from onemind.drawing.tables.states import COUNTS, SHARES
from onemind.ui.explore import map


def comparison(view: ui.View) -> None:
    """Draw one row a state in view, where there are several; a row opens the state's map."""
    states = compared(view)
    if states is None:
        return
    st.header("State by state", anchor=False)
    st.caption("Choose a row to see the state's map. Shares are rounded down; blank is unknown.")
    columns: dict[str, Any] = {
        metrics.metric(name).label: st.column_config.ProgressColumn(
            metrics.metric(name).label, format="%d%%", min_value=0, max_value=100
        )
        for name in SHARES
    }
    ui.exports.offer_table(view, "State by state", states.drop(columns="state"))
    event = st.dataframe(
        states.drop(columns="state"), hide_index=True, key="states_table", alt="Table: the states",
        column_config=columns, on_select="rerun", selection_mode="single-row", placeholder="",
    )  # fmt: skip
    for row in event.selection.rows:
        map.follow(view, Place(), "state", states["state"].iloc[row])


@ui.cached_value
def compared(view: ui.View) -> pd.DataFrame | None:
    """Return the states in view side by side, if there are several."""
    return tables.states.compared(
        {name: ui.query(view, name, "state") for name in (*COUNTS, *SHARES)}
    )
