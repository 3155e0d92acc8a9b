"""The pieces of a department's own page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from onemind import tables, ui
from onemind.contract import contract
from onemind.headline import STAGES
from onemind.ui_frame import long_day


def chosen(view: ui.View) -> dict[str, Any]:
    """Return the row of the department that the address names, asking where it names none."""
    everything = ui.progress(replace(view, filter=view.filter.only()))
    names = {
        row["department_id"]: f"{row['name']} ({row['county'] or row['state']})"
        for row in everything.to_dict("records")
    }
    wanted = st.query_params.get("id")
    if wanted and wanted not in names:
        st.error(
            f"There is no department '{wanted}' in version {view.version.number}. "
            "It may have been removed or renamed: choose one from the list."
        )
        wanted = None
    place = list(names).index(wanted) if wanted else None
    picked = st.selectbox(
        "Department",
        list(names),
        index=place,
        format_func=lambda item: names[item],
        placeholder="Choose a department",
    )
    if picked is None:
        st.stop()
    if picked != wanted:
        st.query_params["id"] = picked
    return _plain(everything[everything["department_id"] == picked].to_dict("records")[0])


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Turn what pandas makes of unknown back into None."""
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def where_it_stands(view: ui.View, row: dict[str, Any]) -> None:
    """Say the department's stage, deadline and rule in words."""
    place = ", ".join(part for part in (row["municipality"], row["county"], row["state"]) if part)
    edition = next(item for item in view_editions() if item.id == row["edition"])
    st.markdown(f"{place} · {row['type']} · **{STAGES[row['stage']]}**")
    if row["pledged_on"]:
        st.markdown(
            f"Pledged {long_day(row['pledged_on'])}, due {long_day(row['deadline_on'])}; judged by "
            f"the {edition.title}: {edition.description}"
        )
    if row["compliant_today"]:
        st.success("Meets all four practices today.")


def view_editions() -> tuple[Any, ...]:
    """Return the editions of the rule."""
    return ui.store().rules.editions


def asked(row: dict[str, Any]) -> dict[str, str]:
    """Return what each practice asks of this department, in words and officers."""
    found = {item.id: item.met_when for item in ui.store().rules.practices}
    if row["sworn"]:
        needed = -(-int(row["sworn"]) // 5)
        found["cit"] = f"{needed:,} of {int(row['sworn']):,} sworn officers (20 %, rounded up)."
    return found


def training(row: dict[str, Any]) -> None:
    """Say the department's counts and where each comes from."""
    if row["source"] == "none":
        st.info("This department has not reported any training by this day.")
        return
    shown = {
        "Sworn officers": row["sworn"],
        "MHFA": row["mhfa_trained"],
        "CIT": row["cit_trained"],
        "Expiring in 90 days": row["expiring_90d"],
        "Lapsed": row["lapsed"],
    }
    with st.container(horizontal=True, key="numbers"):
        for label, number in shown.items():
            st.metric(label, "–" if number is None else f"{int(number):,}", border=True)
    source = tables.SOURCES[row["source"]].lower()
    st.caption(f"From {source}, latest {long_day(row['reported_on'])}.{_either(row)}")
    if row["check_counts"]:
        st.warning("More officers are reported trained than sworn; shares stop at 100 %.")
    if row["projected_on"]:
        late = row["deadline_on"] and row["projected_on"] > row["deadline_on"]
        st.markdown(
            f"At the pace of the last 180 days ({row['pace_per_month']:.1f} officers a month) the "
            f"training is complete on {long_day(row['projected_on'])}"
            + (", after the deadline." if late else ".")
        )


def _either(row: dict[str, Any]) -> str:
    low, high = int(row["trained_low"]), int(row["trained_high"])
    between = f"{low:,}" if low == high else f"between {low:,} and {high:,}"
    return f" Trained in either: {between}."


def records(view: ui.View, row: dict[str, Any], dataset: str) -> None:
    """List the department's rows of a dataset as published."""
    parsed = contract(dataset)
    found = ui.dataset(view, dataset)
    rows = found[found["department_id"] == row["department_id"]].drop(columns="department_id")
    if rows.empty:
        st.markdown(f"No {parsed.title.lower()} are on record.")
        return
    titles = {field.name: field.title for field in parsed.fields}
    rows = rows.dropna(axis="columns", how="all").rename(columns=titles)
    st.table(rows.astype(object).where(rows.notna(), "").set_index(rows.columns[0]))
