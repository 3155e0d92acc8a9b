"""The way around the map without a mouse: the path back, select boxes, and the table beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from onemind import ui
from onemind.drawing import maps
from onemind.drawing.maps.drawn import Drawn
from onemind.drawing.maps.place import Place, counties
from onemind.geography import county_name, state_name
from onemind.ui import plain
from onemind.ui.explore import map

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
    metric = drawing.coloring.metric
    overall = None if metric is None else ui.query(at, metric.name).iloc[0].to_dict()
    return maps.drawn.say(drawing, map.departments(at, until), overall)


def remarks(drawing: Drawn) -> None:
    """Say what is missing: places with no department, no pledge, no report; what can't be drawn."""
    for line in maps.drawn.remarks(drawing, ui.atlas()):
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
    rows = drawing.once(("listed",), lambda: maps.drawn.listed(drawing))
    key = f"map_table_{where.state}_{where.county}_{where.level}"
    opens = list(zip(rows["opens"], rows["key"], strict=True))
    shown = drawing.once(("table",), lambda: maps.drawn.table(drawing, rows))
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


def _columns(drawing: Drawn) -> dict[str, Any]:
    metric = drawing.coloring.metric
    if metric is None:
        return {}
    share = st.column_config.ProgressColumn(
        metric.label, format="%d%%", min_value=0, max_value=100, width=104
    )
    small = {name: st.column_config.Column(width=66) for name in ("Known", "Overdue")}
    return small | ({metric.label: share} if metric.is_share else {})
