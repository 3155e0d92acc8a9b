"""The list of departments: searched, as a table for a desk and one for a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from onemind import tables, tables_departments, ui, ui_go
from onemind.access import DOWNLOAD
from onemind.headline import STAGES
from onemind.palette import GRID, STAGE_COLOURS, STATUS_COLOURS, Pair
from onemind.ui_cache import kept
from onemind.words import counted

SHEET = Path(__file__).with_suffix(".css")
FEW, MOST_ON_A_PHONE = 12, 500
Named = tuple[str, str]


@kept
def listed(view: ui.View, search: str) -> pd.DataFrame:
    """Return the rows of progress in view that fit the search, most urgent first."""
    return tables_departments.ordered(tables_departments.searched(ui.progress(view), search))


@kept
def _names(view: ui.View, search: str) -> list[Named]:
    rows = listed(view, search)
    return list(zip(rows["department_id"], rows["name"], strict=True))


@kept
def _wide(view: ui.View, search: str) -> pd.DataFrame:
    return tables_departments.wide(listed(view, search))


@kept
def _narrow(view: ui.View, search: str) -> pd.DataFrame:
    return tables_departments.narrow(listed(view, search).head(MOST_ON_A_PHONE))


def names(view: ui.View) -> dict[str, str]:
    """Return all departments by id, named with their place, in the order of their names."""
    rows = ui._progress(*ui._seen(), view.filter.only())
    places = rows["county"].where(rows["county"].notna(), rows["state"])
    labels = rows["name"] + " (" + places + ")"
    return dict(zip(map(str, rows["department_id"]), labels, strict=True))


def neighbours(view: ui.View, search: str, department_id: str) -> tuple[Named | None, Named | None]:
    """Return the departments before and after one in the list, None where it ends."""
    rows = _names(view, search)
    place = next((at for at, (found, _) in enumerate(rows) if found == department_id), None)
    if place is None:
        return None, None
    before = rows[place - 1] if place else None
    return before, rows[place + 1] if place + 1 < len(rows) else None


def count(rows: pd.DataFrame) -> str:
    """Say how many departments there are."""
    return counted(len(rows), "department")


def asked() -> str:
    """Ask what to search for; it stands in the address.

    It is written here, for Streamlit lets no address that it has bound go along to a department.
    """
    if "search" not in st.session_state:
        st.session_state["search"] = st.query_params.get("search", "")
    text = st.text_input(
        "Search",
        key="search",
        placeholder="Name, town, county or id",
        icon=":material/search:",
        label_visibility="collapsed",
        width=420,
    ).strip()
    if text:
        st.query_params["search"] = text
    else:
        st.query_params.pop("search", None)
    return text


def table(view: ui.View, rows: pd.DataFrame, search: str) -> None:
    """Draw the table, wide or narrow as the screen is; a row opens the department."""
    wide, narrow = _wide(view, search), _narrow(view, search)
    st.html(f"<style>{SHEET.read_text(encoding='utf-8')}</style>")
    with st.container(key="departments_wide"):
        _grid(wide, _columns(), "departments_table", search)
    with st.container(key="departments_narrow"):
        columns: dict[str, Any] = {
            "department_id": None,
            "Department": st.column_config.TextColumn(width=160),
            "Stage": st.column_config.TextColumn(width=90),
        }
        _grid(narrow, columns, "departments_phone", search)
        if len(rows) > MOST_ON_A_PHONE:
            st.caption(f"The first {MOST_ON_A_PHONE} of {len(rows):,}: search to find the others.")
    st.caption(
        f"Practices, in the order {', '.join(tables.PRACTICES.values())}: {tables.legend()}. "
        "Shares are of active sworn officers; blank or – is unknown, or does not apply. Overdue "
        "first, longest first; a column's heading sorts otherwise."
    )


def _grid(frame: pd.DataFrame, columns: dict[str, Any], key: str, search: str) -> None:
    event = st.dataframe(
        frame, column_config=columns, hide_index=True, on_select="rerun",
        selection_mode="single-cell", key=key, placeholder="–",
        height=min(560, 38 + 35 * max(len(frame), 1)), alt="Table of departments",
    )  # fmt: skip
    for place, _ in event.selection.cells:
        parameters = {"id": frame["department_id"].iloc[place]}
        ui_go.to(ui.DEPARTMENT, query_params=parameters | ({"search": search} if search else {}))


def _columns() -> dict[str, Any]:
    """Say how each column is drawn: labels in colour and words, bars, dates people read."""
    make = st.column_config
    marks = [tables.MARKS[status] for status in STATUS_COLOURS]
    colours, stages = _grounds(STATUS_COLOURS), _grounds(STAGE_COLOURS)
    found: dict[str, Any] = {
        "department_id": None,
        "Department": make.TextColumn(width=260),
        "Stage": make.MultiselectColumn(
            options=[STAGES[stage] for stage in STAGE_COLOURS], color=stages, width=150
        ),
    }
    for label in tables.PRACTICES.values():
        found[label] = make.MultiselectColumn(options=marks, color=colours, width=116)
    for label in ("Deadline", "Reported"):
        found[label] = make.DateColumn(format="D MMM YYYY", width=105)
    for label, goal in (("MHFA trained", "all"), ("CIT trained", "one in five")):
        found[label] = make.ProgressColumn(
            format="%d %%", min_value=0, max_value=100, width=130,
            help=f"Share of sworn officers, rounded down; the practice asks for {goal}.",
        )  # fmt: skip
    found["Sworn"] = make.NumberColumn(format="localized", width=70)
    return found


def _grounds(colours: dict[str, Pair]) -> list[str]:
    """The colours of labels: deep, for white words; what is not there is hardly coloured."""
    quiet = GRID[ui.is_dark()]
    return [quiet if name.startswith("not_") and name != "not_met" else pair[0]
            for name, pair in colours.items()]  # fmt: skip


def links(rows: pd.DataFrame, search: str) -> None:
    """Link to each department where a search leaves few: a way in without the table."""
    if not search or len(rows) > FEW:
        return
    with st.container(horizontal=True, key="found"):
        for department_id, name in zip(rows["department_id"], rows["name"], strict=True):
            ui_go.link(
                ui.DEPARTMENT, label=name, query_params={"id": department_id, "search": search}
            )


def download(rows: pd.DataFrame) -> None:
    """Offer the rows as CSV to whoever may download."""
    if ui.user().may(DOWNLOAD):
        ui.download(rows, "progress.csv")
