"""The list of departments: searched, as a table for a desk and one for a phone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from onemind import access, ui
from onemind.access import PUBLISH
from onemind.campaign import CONCERNS, PRACTICES, STAGES
from onemind.drawing import tables
from onemind.drawing.palette import GRID, STAGE_COLORS, STATUS_COLORS, Pair
from onemind.narrative import Concern
from onemind.ui import cached_value, plain
from onemind.ui.explore import attention
from onemind.ui.explore.attention import REASON
from onemind.words import counted

SHEET = Path(__file__).with_suffix(".css")
ROW, TALL = 35, 66  # pixels: a tall row wraps its words
FEW, MOST_ON_A_PHONE = 12, 500
Named = tuple[str, str]


@dataclass(frozen=True)
class Selection:
    """Which departments to list: those that fit a search, or need attention for one reason."""

    search: str = ""
    reason: str = ""

    def address(self) -> dict[str, str]:
        """Return it as parameters of an address."""
        return {name: value for name, value in asdict(self).items() if value}


@cached_value
def listed(view: ui.View, asked: Selection) -> pd.DataFrame:
    """Return the rows of progress in view that are asked for, most urgent first."""
    rows = tables.departments.searched(ui.progress(view), asked.search)
    if asked.reason:
        return tables.departments.of_concerns(rows, _concerns(view, asked))
    return tables.departments.ordered(rows)


def _concerns(view: ui.View, asked: Selection) -> list[Concern]:
    return [item for item in attention.concerned(view) if item.kind == asked.reason]


@cached_value
def _names(view: ui.View, asked: Selection) -> list[Named]:
    rows = listed(view, asked)
    return list(zip(rows["department_id"], rows["name"], strict=True))


@cached_value
def _wide(view: ui.View, asked: Selection) -> pd.DataFrame:
    return _explained(view, asked, tables.departments.wide(listed(view, asked)))


@cached_value
def _narrow(view: ui.View, asked: Selection) -> pd.DataFrame:
    rows = listed(view, asked).head(MOST_ON_A_PHONE)
    return _explained(view, asked, tables.departments.narrow(rows))


def _explained(view: ui.View, asked: Selection, table: pd.DataFrame) -> pd.DataFrame:
    concerns = _concerns(view, asked) if asked.reason else []
    return tables.departments.with_reasons(table, concerns) if concerns else table


def names(view: ui.View) -> dict[str, str]:
    """Return all departments by id, named with their place, in the order of their names."""
    rows = ui.progress(replace(view, filter=view.filter.only()))
    places = rows["county"].where(rows["county"].notna(), rows["state"])
    labels = rows["name"] + " (" + places + ")"
    return dict(zip(map(str, rows["department_id"]), labels, strict=True))


def neighbors(
    view: ui.View, asked: Selection, department_id: str
) -> tuple[Named | None, Named | None]:
    """Return the departments before and after one in the list, None where it ends."""
    rows = _names(view, asked)
    place = next((at for at, (found, _) in enumerate(rows) if found == department_id), None)
    if place is None:
        return None, None
    before = rows[place - 1] if place else None
    return before, rows[place + 1] if place + 1 < len(rows) else None


def count(rows: pd.DataFrame) -> str:
    """Say how many departments there are."""
    return counted(len(rows), "department")


def of_address() -> Selection:
    """Return what the address asks for."""
    reason = st.query_params.get(REASON, "")
    return Selection(st.query_params.get("search", ""), reason if reason in CONCERNS else "")


def ask() -> Selection:
    """Ask what to search for, and offer to leave a reason; both stand in the address.

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
    choice = replace(of_address(), search=text)
    if choice.reason:
        _leave(CONCERNS[choice.reason][0])
    return choice


def _leave(title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="reason"):
        st.markdown(f"**Needs attention: {title.lower()}**", width="content")
        st.button(
            "Show all departments", type="tertiary", icon=":material/close:",
            on_click=_all,
        )  # fmt: skip


def _all() -> None:
    st.query_params.pop(REASON, None)


def none_found(view: ui.View, asked: Selection) -> None:
    """Say that nothing is left to list, and end the page."""
    if not asked.address():
        ui.frame.nothing_matches(view)
    why = f" needs attention: {CONCERNS[asked.reason][0].lower()}" if asked.reason else ""
    fits = f" matches '{plain(asked.search)}'" if asked.search else ""
    both = " and".join(filter(None, (why, fits)))
    st.info(f"No department in view{both}. Change your search or broaden the filters.")
    st.stop()


def table(view: ui.View, rows: pd.DataFrame, asked: Selection) -> None:
    """Draw the table, wide or narrow as the screen is; a row opens the department."""
    wide, narrow = _wide(view, asked), _narrow(view, asked)
    st.html(f"<style>{SHEET.read_text(encoding='utf-8')}</style>")
    with st.container(key="departments_wide"):
        _grid(wide, _columns("State" in wide), "departments_table", asked)
    with st.container(key="departments_narrow"):
        columns: dict[str, Any] = {
            "department_id": None,
            "Department": st.column_config.TextColumn(width=168),
            "Why": st.column_config.TextColumn(width=150),
            "Stage": None if asked.reason else st.column_config.TextColumn(width=92),
        }
        _grid(narrow, columns, "departments_phone", asked, TALL)
        if len(rows) > MOST_ON_A_PHONE:
            st.caption(f"The first {MOST_ON_A_PHONE} of {len(rows):,}: search to find others.")
    st.caption(
        f"Practices, in the order {', '.join(PRACTICES.values())}: "
        f"{tables.overview.legend()}. "
        "Shares are of active sworn officers. Blank or – means unknown or not applicable. "
        + ("Most urgent" if asked.reason else "Overdue first, longest")
        + " first. Click a column heading to sort differently."
    )


def _grid(
    frame: pd.DataFrame, columns: dict[str, Any], key: str, asked: Selection, row: int = ROW
) -> None:
    event = st.dataframe(
        frame, column_config=columns, hide_index=True, on_select="rerun",
        selection_mode="single-cell", key=key, placeholder="–",
        row_height=row, height=min(560, 38 + row * max(len(frame), 1)), alt="Table of departments",
    )  # fmt: skip
    for place, _ in event.selection.cells:
        parameters = {"id": frame["department_id"].iloc[place]} | asked.address()
        ui.links.to(access.DEPARTMENT, query_params=parameters)


def _columns(with_states: bool) -> dict[str, Any]:
    """Say how each column is drawn: labels in color and words, bars, dates people read."""
    make = st.column_config
    marks = [tables.overview.MARKS[status] for status in STATUS_COLORS]
    colors, stages = _grounds(STATUS_COLORS), _grounds(STAGE_COLORS)
    columns: dict[str, Any] = {
        "department_id": None,
        "Department": make.TextColumn(width=240 if with_states else 284),
        "Why": make.TextColumn(width=340),
        "Stage": make.MultiselectColumn(
            options=[STAGES[stage] for stage in STAGE_COLORS], color=stages, width=160
        ),
    }
    for label in PRACTICES.values():
        columns[label] = make.MultiselectColumn(options=marks, color=colors, width=110)
    for label in ("Deadline", "Reported"):
        columns[label] = make.DateColumn(format="D MMM YYYY", width=92)
    for label, goal in (("MHFA trained", "all"), ("CIT trained", "one in five")):
        columns[label] = make.ProgressColumn(
            format="%d%%", min_value=0, max_value=100, width=98,
            help=f"Share of sworn officers, rounded down. The practice requires {goal}.",
        )  # fmt: skip
    columns["Sworn"] = make.NumberColumn(format="localized", width=58)
    return columns


def _grounds(colors: dict[str, Pair]) -> list[str]:
    """The colors of labels: deep, for white words; what is not there is hardly colored."""
    quiet = GRID[ui.is_dark()]
    return [quiet if name.startswith("not_") and name != "not_met" else pair[0]
            for name, pair in colors.items()]  # fmt: skip


def links(rows: pd.DataFrame, asked: Selection) -> None:
    """Link to each department where what is asked leaves few: a way in without the table."""
    if not asked.address() or len(rows) > FEW:
        return
    with st.container(horizontal=True, key="found"):
        for department_id, name in zip(rows["department_id"], rows["name"], strict=True):
            address = {"id": department_id} | asked.address()
            ui.links.link(access.DEPARTMENT, label=name, query_params=address)


def letters(view: ui.View, asked: Selection) -> None:
    """Link to the letters to the departments in view, for staff; a search is no filter of them."""
    if ui.visitor.user().may(PUBLISH) and not asked.address():
        ui.links.link(
            "pages/publish/letters.py", label="Letters to these departments",
            icon=":material/mail:", query_params=ui.filters.address(view),
        )  # fmt: skip


def download(view: ui.View, rows: pd.DataFrame) -> None:
    """Offer the rows as files to whoever may download."""
    ui.download(view, "Departments", rows)
