"""Whom to call: the departments that need attention, by why, each with its day and a link."""

from __future__ import annotations

import streamlit as st

from onemind import access, runtime, ui
from onemind.campaign import CONCERNS, STAGES
from onemind.narrative import Concern, concerns
from onemind.ui import cached_value

MOST = 4  # of one kind; the Departments page lists all
REASON = "reason"  # of the address of the Departments page: one of KINDS
DEPARTMENTS = "pages/explore/departments.py"


@cached_value
def concerned(view: ui.View) -> list[Concern]:
    """Return the departments that need attention, most urgent first."""
    silent = runtime.store().rules.spans["silent_days"]
    return concerns(ui.progress(view), view.as_of, silent)


def attention(view: ui.View) -> None:
    """List the most urgent departments of each kind on a card of its own."""
    listed = concerned(view)
    if not listed:
        st.success("No department needs attention.")
        return
    kinds = {kind: [item for item in listed if item.kind == kind] for kind in CONCERNS}
    with st.grid("auto", min_column_width=220, gap="small"):
        for kind, found in kinds.items():
            if found:
                with st.container(border=True, height="stretch", gap=None, key=f"card_why_{kind}"):
                    _card(view, kind, found)
    st.caption("Each department appears once, under its most urgent reason.")


def _card(view: ui.View, kind: str, concerns: list[Concern]) -> None:
    st.subheader(f"{CONCERNS[kind][0]} · {len(concerns):,}", anchor=False)
    for concern in concerns[:MOST]:
        address = {"id": concern.department_id}
        ui.links.link(access.DEPARTMENT, label=concern.name, query_params=address)
        st.caption(", ".join(part for part in (concern.reason, concern.dated) if part))
    if len(concerns) > MOST:
        _more(view, kind, len(concerns) - MOST)


def _more(view: ui.View, kind: str, count: int) -> None:
    named = "stage" if kind in STAGES else REASON
    address = ui.filters.address(view) | {named: [kind]}
    ui.links.link(DEPARTMENTS, label=f"and {count:,} more", query_params=address)
