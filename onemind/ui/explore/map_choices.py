"""The way around the map without a mouse: the path back, select boxes, and the table beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from onemind import ui
from onemind.campaign import STAGES
from onemind.drawing import tables
from onemind.drawing.maps.place import Place, counties
from onemind.drawing.maps.rows import shown
from onemind.drawing.maps.wording import extremes, gaps, left_out
from onemind.geography import county_name, state_name
from onemind.narrative import sentence
from onemind.ui import plain
from onemind.ui.explore import map
from onemind.ui.explore.map import Drawn

LOOKS = {
    **STAGES,
    "no_department": "No local department",
    "not_reported": "Not reported",
}
ALL_SHOWN = 15  # rows; a longer table scrolls


def path(view: ui.View, where: Place) -> None:
    """Draw the way back: the nation, the state, the county; each but the last a button."""
    several = map.everything(view)["state"].nunique() > 1
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="map_path"):
        if several and where.state:
            _back("United States", {"state": [], "county": []}, "nation")
        if where.state and where.county:
            _back(state_name(where.state), {"county": []}, "state")
        st.markdown(f"**{plain(where.name)}**", width="content")


def _back(name: str, to: dict[str, list[str]], key: str) -> None:
    st.button(
        plain(name), key=f"map_up_{key}", type="tertiary", icon=":material/arrow_upward:",
        on_click=map.widen, kwargs=to,
    )  # fmt: skip


def choose(view: ui.View, where: Place) -> tuple[Place, str]:
    """Ask what areas to draw and what to color them by, in the address; return both."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_choices"):
        if where.level == "county" and ui.atlas().has("municipality", where.state or ""):
            _start("areas", tuple(map.AREAS))
            areas = st.segmented_control(
                "Areas", list(map.AREAS), required=True, key="areas",
                format_func=lambda item: map.AREAS[item],
            )  # fmt: skip
            _write("areas", areas, "county")
            where = replace(where, level=areas or "county")
        colors = map.options(where)
        _start("color", colors)
        color = st.selectbox("Color", colors, key="color", format_func=map.color_label, width=280)
        _write("color", color, colors[0])
        _open(view, where)
    return where, color


def _start(name: str, options: tuple[str, ...]) -> None:
    """Start a choice from the address, or from the first option: it must be one of them."""
    if st.session_state.get(name) not in options:
        asked = st.query_params.get(name)
        st.session_state[name] = asked if asked in options else options[0]


def _write(name: str, value: str | None, default: str) -> None:
    """Write a choice into the address, as the filter bar does: a binding would forget it."""
    if value and value != default:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def _open(view: ui.View, where: Place) -> None:
    """Offer what a click on the map would open."""
    names = {row["key"]: row["name"] for row in _openable(view, where)}
    kind = {"state": "a state", "county": "a county"}.get(where.level, "a department")
    key = f"map_open_{where.state}_{where.county}_{where.level}"
    picked = st.selectbox(
        f"Open {kind}", list(names), index=None, key=key, width=280,
        format_func=lambda item: names[item], placeholder="Choose, or click on the map",
    )  # fmt: skip
    if picked:
        opens = "department" if where.level == "municipality" else where.level
        map.follow(view, where, opens, picked)


def _openable(view: ui.View, where: Place) -> list[dict[str, str]]:
    rows = ui.progress(view)
    if where.level == "state":
        return [{"key": code, "name": state_name(code)} for code in sorted(rows["state"].unique())]
    rows = rows[rows["state"] == where.state]
    if where.level == "county":
        names = sorted(counties(rows, where.state or "").dropna().unique())
        return [{"key": name, "name": county_name(name, where.state or "")} for name in names]
    return [{"key": row["department_id"], "name": row["name"]} for row in rows.to_dict("records")]


def say(at: ui.View, until: date, drawing: Drawn) -> str:
    """Return in one sentence what the map shows."""
    where, metric = drawing.place, drawing.coloring.metric
    if metric is None:
        rows = map.departments(at, until)
        lines = [sentence(rows[rows["state"] == where.state]).removesuffix(".")]
    else:
        overall = ui.query(at, metric.name).iloc[0]
        value = shown(metric, overall["value"])
        behind = f"{int(overall['n']):,} of {int(overall['m']):,} departments known"
        lines = [f"{metric.label}: {value} in all ({behind})"]
        if where.level != "municipality":
            lines.append(extremes(where, drawing.rows, drawing.coloring))
    return f"{where.name}. " + "; ".join(filter(None, lines)) + "."


def remarks(drawing: Drawn) -> None:
    """Say what is missing: places with no department, no pledge, no report; what can't be drawn."""
    lines = []
    if drawing.place.level == "municipality":
        missing = gaps(drawing.rows)
        lines += [f"Of {len(drawing.rows):,} places {missing}."] if missing else []
    if names := left_out(drawing.rows):
        lines.append(f"In the table and not on this map: {names}.")
    roughly = int(drawing.rows["placed_by"].eq("county").sum())
    if roughly:
        who = "1 department gives" if roughly == 1 else f"{roughly:,} departments give"
        lines.append(
            f"{who} no town we recognize and no coordinates, so they appear in the middle "
            "of the county."
        )
    state = drawing.place.state or ""
    if drawing.place.level == "municipality" and not ui.atlas().has("municipality", state):
        lines.append(
            f"Cities and towns of {state_name(state)} appear as points because no one "
            "has added their outlines yet."
        )
    for line in lines:
        st.caption(plain(line))


def map_and_table(view: ui.View, where: Place, color: str) -> Callable[[ui.View, date], None]:
    """Return what draws the map as of a day: a sentence, the map, a table that says the same."""

    def draw(at: ui.View, until: date) -> None:
        drawing = map.drawn(at, until, where, color)
        title = drawing.once(("title", at.as_of), lambda: say(at, until, drawing))
        st.header(plain(title), anchor=False)
        left, right = st.columns([3, 2], gap="small")
        with left, st.container(border=True, height="stretch", key="card_map"):
            map.show(view, drawing, title)
            remarks(drawing)
        with right, st.container(border=True, height="stretch", key="card_map_table"):
            table(view, drawing)

    return draw


def table(view: ui.View, drawing: Drawn) -> None:
    """Draw the table beside the map; choosing a row opens what a click on the map would."""
    where = drawing.place
    local = where.level == "municipality"
    rows = drawing.once(("listed", local), lambda: _listed(drawing, local))
    key = f"map_table_{where.state}_{where.county}_{where.level}"
    opens = list(zip(rows["opens"], rows["key"], strict=True))
    shown = drawing.once(("table", local), lambda: (_local if local else _areas)(drawing, rows))
    ui.exports.offer_table(view, f"Table: {where.name}", shown)
    event = st.dataframe(
        shown,
        hide_index=True, key=key,
        column_config=_columns(drawing), on_select="rerun",
        selection_mode="single-row", alt=f"Table: {where.name}", placeholder="",
        height="content" if len(rows) <= ALL_SHOWN else 560,
    )  # fmt: skip
    for row in event.selection.rows:
        map.follow(view, where, *opens[row])


def _listed(drawing: Drawn, local: bool) -> pd.DataFrame:
    rows = drawing.rows if local else drawing.rows[drawing.rows["opens"] != "department"]
    rows = rows[rows["departments"].fillna(0).gt(0) | rows["look"].eq("no_department")]
    return (rows if local else rows.sort_values("name")).reset_index(drop=True)


def _columns(drawing: Drawn) -> dict[str, Any]:
    metric = drawing.coloring.metric
    if metric is None:
        return {}
    share = st.column_config.ProgressColumn(
        metric.label, format="%d%%", min_value=0, max_value=100, width=104
    )
    small = {name: st.column_config.Column(width=66) for name in ("Known", "Overdue")}
    return small | ({metric.label: share} if metric.is_share else {})


def _measure(drawing: Drawn, rows: pd.DataFrame) -> dict[str, Any]:
    """The metric's columns: its value (a share in percent, rounded down) and n of m."""
    metric = drawing.coloring.metric
    if metric is None:
        return {}
    value = pd.to_numeric(rows["value"])
    if metric.is_share:
        value = tables.shares.whole_percents(value)
    behind = [
        "" if pd.isna(n) else f"{int(n):,} of {int(m):,}"
        for n, m in zip(rows["n"], rows["m"], strict=True)
    ]
    return {metric.label: value, "Known": behind}


def _areas(drawing: Drawn, rows: pd.DataFrame) -> pd.DataFrame:
    kind = "State" if drawing.place.level == "state" else "County"
    # Beside a number its "n of m" has the departments, and there is no room for all.
    beside = ("departments", "pledged") if drawing.coloring.metric is None else ()
    shown = (*beside, "completed", "overdue")
    counts = {name.capitalize(): rows[name] for name in shown}
    return pd.DataFrame({kind: rows["name"], **_measure(drawing, rows), **counts})


def _local(drawing: Drawn, rows: pd.DataFrame) -> pd.DataFrame:
    metric = drawing.coloring.metric
    looks = {look.key: look.label for look in drawing.looks} | LOOKS
    labels = rows["look"].map(looks)
    silent = rows["silent"].eq(True)
    labels = labels.where(~silent, labels + ", no training reported")
    label = metric.label if metric else "Stage"
    measure = {key: column for key, column in _measure(drawing, rows).items() if key != "Known"}
    columns = {"Place": rows["name"], "What": rows["kind"].str.capitalize(), **measure}
    return pd.DataFrame(columns | {("Class" if metric else label): labels})
