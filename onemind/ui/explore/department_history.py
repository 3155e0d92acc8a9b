"""A department's own page, further down: training over time, what happened, who with, outcomes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from onemind import metrics, narrative, runtime, ui
from onemind.access import OFFICERS, SMALL_COUNTS
from onemind.campaign import Filter, Sight
from onemind.drawing import charts, tables
from onemind.metrics import Dossier, Rows
from onemind.narrative import events
from onemind.store import Window
from onemind.ui.explore import department


@ui.drawing
def training(view: ui.View, department_id: str) -> None:
    """Draw the shares over time, and beside them the certificates that end."""
    dossier = department.of(view, department_id)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Share of sworn officers trained**")
        _shares(dossier)
    with right:
        st.markdown("**MHFA certificates expiring in the next 12 months**")
        _ending(dossier)
    if dossier.totals:
        st.markdown("**Totals the department reported**")
        _table(view, "Totals the department reported", tables.department.totals(dossier))


def _shares(dossier: Dossier) -> None:
    if all(row["source"] == "none" for row in dossier.months):
        st.markdown(narrative.department.NO_TRAINING)
        return
    drawn = narrative.department.measures(dossier, runtime.store().rules)
    figure = charts.department.training(dossier.months, drawn, ui.is_dark())
    alt = narrative.department.trained(dossier)
    ui.chart(figure, alt, "shares")
    if not dossier.about["has_roster"]:
        st.caption(narrative.department.TODAYS_SWORN)


def _ending(dossier: Dossier) -> None:
    months, officers = tables.department.months_ahead(dossier.ending, dossier.as_of)
    if dossier.row["source"] != "records":
        st.markdown(narrative.department.NO_RECORDS)
    elif not sum(officers):
        st.markdown(narrative.department.NO_ENDING)
    else:
        figure = charts.department.ending(months, officers, ui.is_dark())
        ui.chart(figure, narrative.department.ending(months, officers), "ending")
        st.caption(narrative.department.ENDING)


@ui.drawing
def happened(view: ui.View, department_id: str) -> None:
    """Draw the timeline, and list the same below it."""
    dossier = department.of(view, department_id)
    listed = events(dossier)
    if not listed:
        st.markdown(narrative.department.NOTHING)
        return
    figure = charts.department.timeline(
        listed, dossier.row["deadline_on"], dossier.as_of, ui.is_dark()
    )
    ui.chart(
        figure,
        narrative.department.timeline(len(listed)),
        "events",
    )
    with st.expander(f"All {len(listed)} events as a list, newest first"):
        _table(view, "Events", tables.department.happened(listed))


@ui.drawing
def partners(view: ui.View, department_id: str) -> None:
    """List the partners with kinds and days."""
    dossier = department.of(view, department_id)
    if dossier.partnerships:
        _table(view, "Partners", tables.department.partners(dossier))
    else:
        st.markdown(narrative.department.NO_PARTNER)


@ui.drawing
def outcomes(view: ui.View, department_id: str) -> None:
    """Draw how calls ended, year by year, with the counts; apart from training."""
    dossier = department.of(view, department_id)
    years = tables.department.outcome_years(dossier.outcomes)
    if not years:
        st.markdown(narrative.department.NO_OUTCOMES)
        return
    st.caption(narrative.department.APART)
    figure = charts.department.outcomes(years, ui.is_dark())
    ui.chart(figure, narrative.department.ENDS, "ends")
    whole = ui.visitor.user().may(SMALL_COUNTS)
    _table(view, "Outcomes by year", tables.department.outcomes(years, whole))


@st.cache_data(max_entries=64, show_spinner=False)
def _officers(place: str, sight: Sight, department_id: str, chosen: Filter) -> Rows:
    return metrics.officers(Window(runtime.store(), sight), department_id, chosen, runtime.today())


def officers(view: ui.View, dossier: Dossier) -> None:
    """List the counted officers by pseudonym, for whoever may see rows about single officers."""
    if not ui.visitor.user().may(OFFICERS) or dossier.row["source"] != "records":
        return
    place, sight = str(runtime.store().settings.store), ui.visitor.user().sight
    rows = _officers(place, sight, dossier.row["department_id"], view.filter.only())
    with st.expander(f"Officers by pseudonym ({len(rows):,}): when each certificate expires"):
        days = {"MHFA valid until": st.column_config.DateColumn(format="D MMM YYYY")}
        table = tables.department.officers(rows)
        ui.exports.offer_table(view, "Officers and their certificates", table)
        st.dataframe(
            table, hide_index=True, column_config=days,
            placeholder="–", key="officer_rows", alt="Officers and their certificates",
        )  # fmt: skip


def _table(view: ui.View, title: str, table: pd.DataFrame) -> None:
    """Draw a table headed by its first column, each row of it, and offer it as files."""
    ui.exports.offer_table(view, title, table)
    st.table(table.set_index(table.columns[0]))
