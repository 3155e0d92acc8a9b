"""Numbers on cards: each with what changed, the last year as a line, and its definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from onemind import metrics, ui
from onemind.drawing import charts
from onemind.drawing.palette import STAGE_COLORS
from onemind.metrics import MetricName
from onemind.words import UNKNOWN, percent

MONTH, MONTHS = timedelta(days=30), 13


@ui.small_drawing
def numbers(view: ui.View, names: tuple[MetricName, ...]) -> None:
    """Draw the metrics of a state side by side, as many in a row as there is room for."""
    with st.container(horizontal=True, gap="small", key="numbers"):
        for name in names:
            with st.container(border=True, height="stretch", gap=None, key=f"card_{name}"):
                _number(view, name)


def _number(view: ui.View, name: MetricName) -> None:
    declared = metrics.metric(name)
    past, now = history(view, name), ui.value(view, name)
    hint = f"{declared.description} {declared.caveat}".strip()
    st.metric(declared.label, shown(name, now), help=hint)
    first = next((value for value in past if value is not None), None)
    ends = f"from {shown(name, first)} to {shown(name, now)}"
    trend = f"{declared.label} over the past year: {ends}"
    line = charts.spark.spark(past, STAGE_COLORS["completed"][ui.is_dark()], trend)
    earlier = replace(view, filter=replace(view.filter, as_of=view.as_of - MONTH))
    changes = [change(name, ui.value(earlier, name), now, "in 30 days")]
    if view.version.number > 1 and ui.visitor.user().version is None:
        before = view.version.number - 1
        value = ui.at_version(view, name, before)
        changes.append(change(name, value, now, f"since version {before}"))
    st.html(f'{line}<div class="om-changes">{"<br>".join(changes)}</div>')  # as one: it is quicker


def history(view: ui.View, name: MetricName) -> list[float | None]:
    """Return a metric at the end of each month of the last year; of the last one, on the day."""
    values = ui.query(view, name, "month")["value"].tail(MONTHS)
    return [None if pd.isna(value) else float(value) for value in values]


def metric(view: ui.View, name: MetricName) -> None:
    """Draw one number with its change since the version before, and its definition on demand."""
    declared = metrics.metric(name)
    now, before = ui.value(view, name), None
    if view.version.number > 1 and ui.visitor.user().version is None:
        before = ui.at_version(view, name, view.version.number - 1)
    change = None if now is None or before is None or now == before else now - before
    if declared.is_share and change is not None:
        change = round(change * 100, 1)
    st.metric(
        declared.label,
        shown(name, now),
        change,
        help=f"{declared.description} {declared.caveat}".strip(),
        border=True,
        delta_color="off",
        delta_description=f"since version {view.version.number - 1}" if change else None,
    )


def shown(name: MetricName, number: float | int | None) -> str:
    """Return a metric's value as text: a share in whole percent, unknown as a dash."""
    if metrics.metric(name).is_share:
        return percent(number)
    return UNKNOWN if number is None else f"{number:,.0f}"


def change(name: MetricName, before: float | None, now: float | None, span: str) -> str:
    """Say how a value changed: "+3 in 30 days", "no change since version 6"."""
    if before is None or now is None:
        return "" if now is None else "no earlier figure"
    share = metrics.metric(name).is_share
    size = round((now - before) * 100, 1) if share else round(now - before)
    if not size:
        return f"no change {span}"
    sign = "+" if size > 0 else "−"
    unit = " points" if share else ""
    return f"{sign}{abs(size):,}{unit} {span}"
