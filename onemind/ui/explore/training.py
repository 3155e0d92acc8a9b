"""The pieces of the Training page: choices in the address, drawings, and the words beside them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from onemind import metrics, narrative, runtime, ui
from onemind.campaign import Filter
from onemind.drawing import charts, tables
from onemind.drawing.tables.training import ORDERS
from onemind.metrics import MetricName
from onemind.store import Window
from onemind.ui import cached_query, cached_value, drawing

PER_PAGE = 25
MANY = 1500  # departments; above it, groups of them are shown first
PANELS = 12


@cached_query(64)
def _expiries(window: Window, chosen: Filter) -> pd.DataFrame:
    return metrics.training.expiries(window, chosen, runtime.today()).frame()


@cached_query(64)
def _histories(window: Window, chosen: Filter, departments: tuple[str, ...]) -> pd.DataFrame:
    return metrics.training.histories(window, departments, chosen, runtime.today()).frame()


@cached_value
def known(view: ui.View) -> pd.DataFrame:
    """Return the departments in view whose share is known (`tables.training`)."""
    return tables.training.completion(
        ui.progress(view), tables.training.either(runtime.store().rules)
    )


@cached_value
def behind_it(view: ui.View) -> str:
    """Say how many of the departments in view are behind the shares."""
    return narrative.training.behind(ui.progress(view), known(view))


@cached_value
def _states(view: ui.View) -> int:
    return int(known(view)["state"].nunique())


def completion(view: ui.View) -> None:
    """Draw each department, or each group of them, against both targets, as the reader chooses."""
    found = known(view)
    kinds = ["departments", "counties", *(["states"] if _states(view) > 1 else [])]
    first = "departments" if len(found) <= MANY else kinds[-1]
    with st.container(horizontal=True, vertical_alignment="bottom", key="completion_choices"):
        rows = st.segmented_control(
            "Rows", kinds, default=first, required=True, format_func=str.capitalize, key="rows",
            bind="query-params",
        )  # fmt: skip
        if rows == "departments":
            order = st.segmented_control(
                "Order", list(ORDERS), default="behind", required=True, key="order",
                format_func=ORDERS.__getitem__, bind="query-params",
            )  # fmt: skip
            by_county = st.toggle("Grouped by county", key="by_county", bind="query-params")
    if rows == "departments":
        pages = -(-len(found) // PER_PAGE)
        place = st.pagination(pages, key="part", bind="query-params") if pages > 1 else 1
        _departments(view, order or "behind", by_county, place)
    else:
        _groups(view, "county" if rows == "counties" else "state")


@drawing
def _departments(view: ui.View, order: str, by_county: bool, page: int) -> None:
    found = tables.training.ordered(known(view), order, by_county)
    start = (page - 1) * PER_PAGE
    rows = found.iloc[start : start + PER_PAGE]
    figure = charts.completion.completion(rows, ui.is_dark(), by_county)
    sentence = narrative.training.departments(rows, start, len(found), ORDERS[order], by_county)
    ui.chart(figure, sentence, f"completion_{page}")
    st.caption(sentence)


@drawing
def _groups(view: ui.View, by: str) -> None:
    rows = tables.training.groups(known(view), ui.progress(view), by)
    shown = rows.head(60)
    sentence = narrative.training.pooled(by, len(shown), len(rows))
    ui.chart(charts.completion.pooled(shown, ui.is_dark()), sentence, f"completion_by_{by}")
    st.caption(sentence)


def lines(view: ui.View) -> None:
    """Draw small lines over time for the largest counties (states, if several) or departments."""
    several = _states_in_view(view) > 1
    by = "state" if several else "county"
    chosen = st.segmented_control(
        "Panels", [by, "department"], default=by, required=True, key="panels", bind="query-params",
        format_func=lambda item: f"Largest {'counties' if item == 'county' else item + 's'}",
    )  # fmt: skip
    if chosen == "department":
        _department_lines(view)
    else:
        _group_lines(view, by)


@cached_value
def _states_in_view(view: ui.View) -> int:
    return int(ui.progress(view)["state"].nunique())


@drawing
def _group_lines(view: ui.View, by: str) -> None:
    sizes = known(view).groupby(by)["sworn"].sum().sort_values(ascending=False)
    names = sorted(sizes.index[:PANELS])
    mhfa, cit = (
        ui.query(view, name, by, "month") for name in (MetricName.MHFA_SHARE, MetricName.CIT_SHARE)
    )
    frame = narrative.training.over_months(mhfa, cit, by)
    _drawn_lines(frame, by, names, "Pooled across departments that had reported by then.")


@drawing
def _department_lines(view: ui.View) -> None:
    largest = known(view).sort_values("sworn", ascending=False).head(PANELS)
    frame = _histories(view.filter, tuple(largest["department_id"]))
    _drawn_lines(frame, "name", sorted(largest["name"].unique()), "At each month's end.")


def _drawn_lines(frame: pd.DataFrame, group: str, names: list[str], note: str) -> None:
    figure = charts.training.small_lines(frame, group, names, ui.is_dark())
    ui.chart(figure, narrative.training.panels(names), f"lines_{group}")
    st.caption(f"{note} All panels share the same axes. The number is the current MHFA share.")


def expiry_calendar(view: ui.View) -> None:
    """Draw the certificates ending in each of the next 24 months; a month lists its departments."""
    months = _months(view)
    if not months:
        st.info("No MHFA certificate on record expires in the next 24 months.")
        return
    _calendar(view)
    month = st.selectbox(
        "Departments in",
        months,
        format_func=lambda day: f"{day:%B %Y}",
        key="expiry_month",
        width=260,
    )
    ui.department_table(view, _ending(view, month), "expiring")


@cached_value
def _months(view: ui.View) -> list[date]:
    return list(_expiries(view.filter)["month"])


@cached_value
def _ending(view: ui.View, month: date) -> pd.DataFrame:
    rows = metrics.training.expiring(ui.window(), view.filter, runtime.today(), month).frame()
    return tables.training.ending_table(rows)


@drawing
def _calendar(view: ui.View) -> None:
    frame, spans = _expiries(view.filter), runtime.store().rules.spans
    figure = charts.training.expiries(frame, view.as_of, spans["expiring_days"], ui.is_dark())
    sentence = narrative.training.ending(frame, ui.progress(view), spans)
    ui.chart(figure, sentence, "expiries")
    st.caption(sentence)


def over_counted(view: ui.View) -> None:
    """Flag the departments that report more officers trained than sworn, with a link to each."""
    rows = _over_counted(view)
    if rows.empty:
        return
    count = len(rows)
    words = "department reports" if count == 1 else "departments report"
    label = f"{count:,} {words} more officers trained than sworn: check the counts"
    with ui.fold(label, "fold_counts", ":material/flag:") as is_open:
        if is_open:
            st.markdown(
                "Their shares are capped at 100%. Either count may be wrong or out of date."
            )
            ui.department_table(view, tables.training.counts_table(rows), "over_counted")


@cached_value
def _over_counted(view: ui.View) -> pd.DataFrame:
    return tables.training.over_counted(ui.progress(view))
