"""Numbers on cards: each with what changed, the last year as a line, and its definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from onemind import metrics, narrative, ui
from onemind.drawing import charts
from onemind.drawing.palette import STAGE_COLORS
from onemind.metrics import MetricName
from onemind.narrative.numbers import change, shown

__all__ = ["change", "history", "metric", "numbers", "shown"]
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
    line = charts.spark.spark(
        past, STAGE_COLORS["completed"][ui.is_dark()], narrative.numbers.trend(name, past, now)
    )
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
