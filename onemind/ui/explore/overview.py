"""The parts of the overview."""

from __future__ import annotations

from datetime import date

import streamlit as st

from onemind import narrative, ui
from onemind.drawing import charts
from onemind.metrics import MetricName
from onemind.ui.explore import attention, map


@ui.cached_value
def first_day(view: ui.View) -> date | None:
    """Return the day of the first pledge in view, if there is one."""
    days = ui.progress(view)["pledged_on"].dropna()
    return days.min() if len(days) else None


def where_and_how_far(at: ui.View, until: date) -> None:
    """Draw the map and the funnel as of a day."""
    left, right = st.columns([3, 2], gap="small")
    with left, st.container(border=True, height="stretch", key="card_map"):
        st.header("Where they are", anchor=False)
        map.small(at, until)
    with right, st.container(border=True, height="stretch", key="card_funnel"):
        funnel(at, until)


@ui.small_drawing
def funnel(at: ui.View, until: date) -> None:
    """Draw how many departments are in each stage, of all departments."""
    departments = map.departments(at, until)
    st.header("How far along they are", anchor=False)
    listed = narrative.stages(departments)
    st.caption(narrative.all_of(departments))
    ui.chart(
        charts.figure.funnel(departments, ui.is_dark()), f"Departments by stage: {listed}", "funnel"
    )


@ui.small_drawing
def over_time(view: ui.View) -> None:
    """Draw departments pledged and completed over time, with the day on which many pledged."""
    st.header("Pledged and completed over time", anchor=False)
    pledged, completed = (
        ui.query(view, name, "month") for name in (MetricName.PLEDGED, MetricName.COMPLETED)
    )
    progress = ui.progress(view)
    surge = charts.pledges.surge(ui.pledges(view, progress), progress)
    figure = charts.pledges.cumulative(pledged, completed, surge, ui.is_dark())
    words = narrative.history(surge.day if surge else None, surge.words if surge else "")
    ui.chart(figure, words, "history")


@ui.cached_value
def sentence(view: ui.View) -> str:
    """Say where the campaign stands."""
    return narrative.sentence(ui.progress(view))


@ui.small_drawing
def needs_attention(view: ui.View) -> None:
    """List whom to call."""
    st.header("Needs attention", anchor=False)
    attention.attention(view)
