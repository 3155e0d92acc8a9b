"""The states side by side: a table that appears by itself where there are several."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from onemind import metrics, ui
from onemind.drawing import tables
from onemind.drawing.maps.place import Place
from onemind.geography import state_name
from onemind.metrics import MetricName
from onemind.ui.explore import map

COUNTS = (MetricName.DEPARTMENTS, MetricName.COMPLETED, MetricName.OVERDUE)
SHARES = (MetricName.PLEDGED_SHARE, MetricName.MHFA_SHARE)


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
    """Return departments, shares (percent), counts and n of m of each state in view, if there are
    several.
    """
    parts = {name: ui.query(view, name, "state").set_index("state") for name in (*COUNTS, *SHARES)}
    first = parts[MetricName.DEPARTMENTS]
    if len(first) < 2:
        return None
    table = pd.DataFrame(
        {"state": first.index, "State": [state_name(code) for code in first.index]}
    )
    values = {name: part["value"].reindex(first.index).to_numpy() for name, part in parts.items()}
    for name in (
        MetricName.DEPARTMENTS,
        MetricName.PLEDGED_SHARE,
        MetricName.COMPLETED,
        MetricName.OVERDUE,
        MetricName.MHFA_SHARE,
    ):
        column = pd.to_numeric(pd.Series(values[name]))
        shown = tables.shares.whole_percents(column) if name in SHARES else column
        table[metrics.metric(name).label] = shown
    reported = parts[MetricName.MHFA_SHARE].reindex(first.index)
    table["MHFA known"] = [
        f"{int(n):,} of {int(m):,}" for n, m in zip(reported["n"], reported["m"], strict=True)
    ]
    return table.sort_values("State").reset_index(drop=True)
