"""A department's own page: which one, where it stands, its checklist and its numbers."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from onemind import access, metrics, narrative, runtime, ui
from onemind.access import CONTACTS
from onemind.campaign import STATUSES, Filter
from onemind.drawing.palette import STAGE_COLORS, STATUS_COLORS, STATUS_SIGNS
from onemind.errors import WrongUse
from onemind.metrics import Dossier, dossier
from onemind.narrative import Check, checklist, kind_words
from onemind.store import Window
from onemind.ui import cached_query, plain
from onemind.ui.explore import departments
from onemind.words import long_day

SHEET = Path(__file__).with_suffix(".css")
LIST = "pages/explore/departments.py"


@cached_query(256)
def _dossier(window: Window, department_id: str, chosen: Filter) -> Dossier:
    return dossier(window, department_id, chosen, runtime.today())


def of(view: ui.View, department_id: str) -> Dossier:
    """Return all about a department at the view's day and version, as whoever is here sees it."""
    return _dossier(department_id, view.filter.only())


def chosen(view: ui.View) -> Dossier:
    """Return the department that the address names; ends the page with a list where it is none."""
    department_id = st.query_params.get("id")
    if department_id:
        try:
            return of(view, department_id)
        except WrongUse:
            st.error(
                f"There is no department '{plain(department_id)}' in version "
                f"{view.version.number}. "
                "It may have been removed or renamed: choose one from the list."
            )
    names = departments.names(view)
    picked = st.selectbox(
        "Department", list(names), index=None, format_func=lambda item: names[item],
        placeholder="Choose a department",
    )  # fmt: skip
    if picked is None:
        st.stop()
    st.query_params["id"] = picked
    return of(view, picked)


def ways(view: ui.View, dossier: Dossier) -> None:
    """Link back to the list, and to the departments before and after in it; filters stay."""
    asked = departments.of_address()
    before, after = departments.neighbors(view, asked, dossier.row["department_id"])
    address = asked.address()
    with st.container(horizontal=True, vertical_alignment="center", key="ways"):
        ui.links.link(
            LIST, label="All departments", icon=":material/arrow_back:", query_params=address
        )
        for label, icon, item in (
            ("Previous", ":material/chevron_left:", before),
            ("Next", ":material/chevron_right:", after),
        ):
            if item:
                parameters = {"id": item[0]} | address
                ui.links.link(
                    access.DEPARTMENT,
                    label=f"{label}: {item[1]}",
                    icon=icon,
                    query_params=parameters,
                )


def where_it_stands(dossier: Dossier) -> None:
    """Say place, stage, deadline, edition, and what is unusual about the pledges."""
    row, dark = dossier.row, ui.is_dark()
    color = STAGE_COLORS[row["stage"]][dark]
    st.html(
        f"<style>{SHEET.read_text(encoding='utf-8')}</style>"
        f'<p class="om-where">{escape(narrative.place(row))} · {escape(kind_words(row["type"]))} · '
        f"{escape(row['department_id'])}</p>"
        f'<p class="om-standing"><span class="om-badge" style="border-color:{color}">'
        f'<i style="background:{color}"></i>{escape(narrative.stage(row))}</span> '
        f"{escape(narrative.standing(dossier))}</p>"
    )
    if explained := narrative.pledging(dossier):
        st.markdown(explained)
    st.caption(narrative.department.judged(dossier, runtime.store().rules))


def practices(dossier: Dossier) -> None:
    """Draw the checklist: a card for each practice, its definition and source on demand."""
    cards = "".join(_card(item) for item in checklist(dossier, runtime.store().rules))
    st.html(f'<div class="om-checks">{cards}</div>')
    if dossier.row["compliant_today"]:
        st.success(narrative.department.MEETS_ALL)
    if dossier.row["check_counts"]:
        st.warning(narrative.department.CHECK_COUNTS)


def _card(item: Check) -> str:
    practice = next(p for p in runtime.store().rules.practices if p.id == item.practice)
    day = long_day(item.on) if item.on else "no date"
    return (
        f'<section class="om-check" style="border-top-color:'
        f'{STATUS_COLORS[item.status][ui.is_dark()]}"><h4>{escape(practice.title)}</h4>'
        f'<p class="om-status"><b>{STATUS_SIGNS[item.status]}</b> {STATUSES[item.status]}</p>'
        f"<p>{escape(item.found)}</p><p><small>{day}</small></p>"
        f"<p><small>Asked: {escape(item.asked)}</small></p>"
        f"<details><summary>Definition and source</summary><p><small>"
        f"{escape(practice.met_when)} {escape(item.source)}</small></p></details></section>"
    )


def numbers(dossier: Dossier) -> None:
    """Show the counts, each with its share, and its definition and source on demand."""
    with st.container(horizontal=True, key="numbers"):
        for item in narrative.department.numbers(dossier):
            declared = metrics.metric(item.metric)
            explained = f"{declared.description} {declared.caveat} {item.source}"
            st.metric(item.label, item.words, help=explained, border=True)
    st.caption(narrative.department.sources(dossier))
    st.markdown(narrative.forecast(dossier))


def contacts(dossier: Dossier) -> None:
    """Name the person to call, to whoever may see it."""
    if not ui.visitor.user().may(CONTACTS):
        return
    st.subheader("Contacts", anchor=False)
    values = [dossier.about[name] for name in ("contact_name", "contact_email")]
    st.text(" · ".join(filter(None, values)) or "No contact is on record.")
