"""The pieces of the Partners page: the map, one organization's own details, gaps."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from onemind import metrics, runtime, ui
from onemind.campaign import PARTNER_KINDS, PARTNERSHIP_KINDS, Filter
from onemind.drawing import charts, maps, tables
from onemind.drawing.maps.partners import MOST
from onemind.metrics import MetricName
from onemind.store import Window
from onemind.ui import cached_query, cached_value, drawing, plain
from onemind.words import long_day


@cached_query(64)
def _partnerships(window: Window, chosen: Filter) -> pd.DataFrame:
    return metrics.partners.partnerships(window, chosen, runtime.today()).frame()


@cached_query(32)
def _partners(window: Window, version: int) -> pd.DataFrame:
    return metrics.partners.partners(window, version).frame()


@cached_value
def partnerships(view: ui.View) -> pd.DataFrame:
    """Return the partnerships of departments in view, signed by the as-of date."""
    rows = _partnerships(Filter(as_of=view.as_of, version=view.version.number))
    return rows[rows["department_id"].isin(ui.progress(view)["department_id"])]


@cached_value
def partners(view: ui.View) -> pd.DataFrame:
    """Return the organizations (`tables.partners`): with a filter, those that work or
    worked with a department in view; without one, all.
    """
    everyone = _partners(view.version.number)
    rows = tables.partners.partners(everyone, partnerships(view))
    return rows[rows["ever"] > 0] if view.filter.chosen() else rows


def chosen(view: ui.View) -> dict[str, Any] | None:
    """Return the organization that the address names, asking where it names none."""
    rows = _by_id(view)
    partner_id = st.query_params.get("partner")
    if partner_id and partner_id not in rows:
        st.error(
            f"There is no partner '{plain(partner_id)}' in view in version {view.version.number}. "
            "Choose one from the list, or widen the filter."
        )
        partner_id = None
    picked = st.selectbox(
        "Organization",
        list(rows),
        index=list(rows).index(partner_id) if partner_id else None,
        format_func=lambda item: f"{rows[item]['name']} ({rows[item]['departments']:,})",
        placeholder="Choose an organization to see its departments",
    )
    if picked != partner_id:
        _go_to(picked)
        st.rerun()  # or the list, drawn without a choice, would keep this one when it is taken back
    if picked:
        st.button("Show all organizations", on_click=_go_to, args=(None,))
    return {str(name): value for name, value in rows[picked].items()} if picked else None


@cached_value
def _by_id(view: ui.View) -> dict[str, dict[Any, Any]]:
    return {row["partner_id"]: row for row in partners(view).to_dict("records")}


def _go_to(partner: str | None) -> None:
    if partner:
        st.query_params["partner"] = partner
    else:
        st.query_params.pop("partner", None)


def on_the_map(view: ui.View, rows: pd.DataFrame, partner: dict[str, Any] | None) -> None:
    """Draw the organizations over counties; a click chooses one."""
    figure = _map(view)
    if partner:
        figure = maps.partners.spokes(
            maps.partners.points(rows, ui.is_dark()), partner, _ends(view, partner), ui.is_dark()
        )
    placed = rows["latitude"].notna().sum()
    alt = f"Map of {placed:,} organizations by kind. The table of organizations lists them."
    which = partner["partner_id"] if partner else ""
    ui.exports.offer_map(view, "Map of organizations", _reading(view), f"partner_map_{which}")
    event = st.plotly_chart(
        figure, key=f"partner_map_{which}", alt=alt, config=maps.frame.CONFIG, theme=None,
        on_select="rerun", selection_mode="points",
    )  # fmt: skip
    for point in event.selection.points:
        if point.get("customdata"):
            _go_to(point["customdata"][0])
            st.rerun()
    st.caption(
        "An open mark is an organization that works with no department in view now. "
        "Larger marks work with more departments."
        + (f" {len(rows) - placed:,} have no location on record." if placed < len(rows) else "")
        + (f" Of {placed:,}, those with most departments are drawn." if placed > MOST else "")
    )


@cached_value
def _map(view: ui.View) -> Any:
    return maps.partners.points(partners(view), ui.is_dark())


def _ends(view: ui.View, partner: dict[str, Any]) -> pd.DataFrame:
    rows = partnerships(view)
    active = rows["active"].astype(bool) & (rows["partner_id"] == partner["partner_id"])
    points = ui.points(view)
    return points[points["department_id"].isin(rows.loc[active, "department_id"])]


def details(view: ui.View, partner: dict[str, Any]) -> None:
    """Say who one organization is, and list its departments."""
    st.subheader(plain(partner["name"]), anchor=False)
    place = [partner[name] for name in ("municipality", "county", "state")]
    facts = [PARTNER_KINDS[partner["kind"]], *(part for part in place if not pd.isna(part))]
    st.text(" · ".join(facts))
    link = tables.partners.safe_link(partner["website"])
    if link:
        address, host = link
        st.link_button(plain(host), address, icon=":material/open_in_new:")
    now, before = partner["departments"], partner["before"]
    st.text(
        f"Works with {now:,} department{'' if now == 1 else 's'} in view on "
        f"{long_day(view.as_of)}" + (f"; with {before:,} no longer." if before else ".")
    )
    rows = tables.partners.departments_of(
        partner["partner_id"], partnerships(view), ui.progress(view)
    )
    ui.department_table(view, rows, "departments of the organization")


@drawing
def kinds(view: ui.View) -> None:
    """Draw which kinds of organization do which kind of work now."""
    frame = tables.partners.pairs(_partners(view.version.number), partnerships(view))
    if frame.empty:
        st.info("No department in view has a partnership in force on this date.")
        return
    most = frame.sort_values("partnerships").iloc[-1]
    sentence = (
        f"{frame['partnerships'].sum():,} partnerships in force; most often "
        f"{PARTNER_KINDS[most['organization']].lower()}, "
        f"{PARTNERSHIP_KINDS[most['work']].lower()} ({most['partnerships']:,})."
    )
    ui.chart(charts.partners.pairs(frame, ui.is_dark()), sentence, "partner_kinds")
    st.caption(sentence)


@drawing
def over_time(view: ui.View) -> None:
    """Draw how many departments had a partnership in force as each month ended."""
    frame = ui.query(view, MetricName.PARTNERSHIPS, "month")
    figure = charts.figure.over_time({"With a partnership": frame}, ui.is_dark())
    figure.update_layout(showlegend=False)
    ui.chart(figure, "Departments with a partnership in force, month by month", "partner_history")


def organizations(view: ui.View) -> None:
    """List the organizations; a row chooses one."""
    st.text(_shared(view))
    table = _reading(view)
    ui.exports.offer_table(view, "Organizations", table)
    event = st.dataframe(
        table, hide_index=True, on_select="rerun", selection_mode="single-row",
        column_config={"partner_id": None}, placeholder="",
        key=f"partners_table_{st.query_params.get('partner', '')}",
        height=min(420, 38 + 35 * len(table)), alt="Table of organizations",
    )  # fmt: skip
    for row in event.selection.rows:
        partner_id = table["partner_id"].iloc[row]
        if st.query_params.get("partner") != partner_id:
            _go_to(partner_id)
            st.rerun()


@cached_value
def _shared(view: ui.View) -> str:
    return tables.partners.shared(partners(view))


@cached_value
def _reading(view: ui.View) -> pd.DataFrame:
    return tables.partners.reading(partners(view))


def gaps(view: ui.View) -> None:
    """List the departments without a partnership in force, and say what that proves."""
    rows = _gaps(view)
    st.text(_gap_words(view))
    if len(rows):
        ui.department_table(view, rows, "departments without a partner")


@cached_value
def _gaps(view: ui.View) -> pd.DataFrame:
    return tables.partners.gaps(ui.progress(view), partnerships(view))


@cached_value
def _gap_words(view: ui.View) -> str:
    return tables.partners.gap_words(_gaps(view), len(ui.progress(view)))
