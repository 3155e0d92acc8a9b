"""The pieces of the Outcomes page, for periods (staff) and for whole years (everybody else)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from onemind import runtime, ui
from onemind.access import SMALL_COUNTS
from onemind.campaign import SMALL, Filter
from onemind.drawing import charts, tables
from onemind.metrics import outcomes
from onemind.metrics.outcomes import SHARES, SPANS
from onemind.store import Window
from onemind.ui import cached_query, cached_value, drawing
from onemind.words import percent, percent_to_tenths

NO_CAUSE = (
    "This sets two sides side by side and says nothing about why they differ. Departments differ "
    "from each other and from themselves over the years: in the calls they get, in what they count "
    "as one, in who reports. A difference is no effect of the training, and no difference is no "
    "proof against one."
)


@cached_query(128)
def _counted(window: Window, chosen: Filter, what: str, *more: str | None) -> pd.DataFrame:
    count: Any = getattr(outcomes, what)
    answer: pd.DataFrame = count(window, chosen, runtime.today(), *more).frame()
    return answer


def counted(view: ui.View, what: str, *more: str | None) -> pd.DataFrame:
    """Return an answer of `metrics.outcomes` for the view, such as its totals or sides."""
    return _counted(view.filter, what, *more)


def keeps_back() -> bool:
    """Whether small counts are kept back from whoever is here."""
    return not ui.visitor.user().may(SMALL_COUNTS)


def what_is_left_out(view: ui.View) -> None:
    """Say in words what is kept back and why, to whom something is."""
    if not keeps_back():
        return
    st.info(
        f"Counts of people under {SMALL} are withheld: in a small place, a small number may point "
        "to somebody. You see whole calendar years that were over when they were published. "
        f"“{tables.outcomes.WITHHELD}” marks a count of 1 to {SMALL - 1}, or one that leaves so "
        "few of the calls. It also marks a count that follows from those beside it, and one the "
        f"department did not give for the whole year. Years with fewer than {SMALL} calls are left "
        "out. Totals and shares count what is left: totals are lower than the full ones, shares "
        "may be higher or lower.",
        icon=":material/visibility_off:",
    )
    if view.version != view.newest:
        st.warning(
            "Only staff can see outcomes and ratings of an older version. Choose the newest."
        )


def span() -> str:
    """Ask how finely to draw; whoever sees whole years sees years."""
    if keeps_back():
        return "year"
    chosen = st.segmented_control(
        "Each point is a", SPANS, default="quarter", required=True, key="span", bind="query-params"
    )
    return str(chosen)


def department(view: ui.View) -> str | None:
    """Ask for a department to draw beside all; it stands in the address."""
    rows = counted(view, "by_department")
    names = ui.progress(view).set_index("department_id")["name"]
    known = sorted(set(rows["department_id"]) & set(names.index), key=lambda item: names[item])
    department_id = st.query_params.get("department")
    picked = st.selectbox(
        "Compare all departments with",
        known,
        index=known.index(department_id) if department_id in known else None,
        format_func=lambda item: str(names[item]),
        placeholder="One department",
        width=420,
    )
    if picked != department_id:
        _draw_beside(picked)
        st.rerun()  # or the list, drawn without a choice, would keep this one when it is taken back
    if picked:
        st.button("All departments only", on_click=_draw_beside, args=(None,))
    return picked


def _draw_beside(department: str | None) -> None:
    if department:
        st.query_params["department"] = department
    else:
        st.query_params.pop("department", None)


def behind(view: ui.View) -> str:
    """Say how many departments are behind the outcomes."""
    rows = counted(view, "totals")
    n = dict(zip(rows["kind"], rows["n"], strict=True))
    parts = ", ".join(
        f"{tables.outcomes.title(kind).lower()} by {n.get(kind, 0):,}" for kind in SHARES
    )
    return (
        f"{n.get('mh_calls', 0):,} of {len(ui.progress(view)):,} departments reported outcomes; of "
        f"them, {parts}. Shown apart from training; no cause is implied. Departments define a "
        "mental-health call differently."
    )


@drawing
def over_time(view: ui.View, span: str, department: str | None) -> None:
    """Draw referral, arrest and force shares over time, pooled and perhaps of one department."""
    lines = {"All that reported": tables.outcomes.shares(counted(view, "over_time", span))}
    if department:
        own = tables.outcomes.shares(counted(view, "over_time", span, department))
        names = ui.progress(view).set_index("department_id")["name"]
        lines[str(names[department])] = own
    titles = {kind: tables.outcomes.title(kind) for kind in SHARES}
    figure = charts.outcomes.over_time(lines, titles, span, ui.is_dark())
    caption = (
        f"Shares of mental health calls, one point per {span}, by the {span} in which "
        "a period ends."
    )
    ui.chart(figure, caption, "outcome_history")
    m = len(ui.progress(view))
    last = lines["All that reported"].sort_values("since").groupby("kind").tail(1)
    behind = "; ".join(
        f"{titles[row['kind']].lower()} {percent_to_tenths(row['share'])} ({row['n']:,} of {m:,})"
        for row in last.to_dict("records")
        if row["kind"] in titles
    )
    st.caption(f"{caption} Last point, with the departments that reported it: {behind}.")


@drawing
def both_sides(view: ui.View) -> None:
    """Draw the shares before and after departments reached 100% MHFA, and say what it is not."""
    st.markdown(
        "The day is the first month's end on which a department's records showed as many officers "
        "trained in Mental Health First Aid as it had sworn. Periods that ended by then are "
        "before; those that began later are after; the one between is in neither."
    )
    st.warning(NO_CAUSE, icon=":material/balance:")
    sides = counted(view, "sides")
    rows = tables.outcomes.shares(sides[sides["kind"].isin(SHARES)])
    if rows.empty:
        st.info(
            "No department in view both reached 100% at a month's end and gave these counts on "
            "both sides of that day."
        )
        return
    titles = {kind: tables.outcomes.title(kind) for kind in SHARES}
    alt = "Shares of calls before and after, with departments and calls; the table says the same."
    ui.chart(charts.outcomes.both_sides(rows, titles, ui.is_dark()), alt, "both_sides")
    st.caption(
        "Each pair is about the same departments: those that gave the count on both sides. Shares "
        "pool their calls, so large departments weigh more."
    )
    table = tables.outcomes.both_sides(sides)
    ui.exports.offer_table(view, "Shares before and after", table)
    st.table(table.set_index("Of calls"))


@drawing
def ratings(view: ui.View, span: str) -> None:
    """Draw what officers said of their courses, by course and over time."""
    frame = tables.outcomes.rated(counted(view, "ratings", span))
    if frame.empty:
        st.info("No training ratings are on record for the departments in view.")
        return
    st.text(
        "; ".join(
            f"{row['course']}: {percent(row['share'])} of {row['responses']:,} answers"
            for row in tables.outcomes.by_course(frame).to_dict("records")
        )
    )
    figure = charts.outcomes.ratings(frame, span, ui.is_dark())
    ui.chart(figure, f"Officers who called each course beneficial, one point per {span}", "ratings")
    st.caption("Those who answer may differ from those who do not.")


@drawing
def counts(view: ui.View) -> None:
    """List all counts with their share of calls and n of m departments."""
    table = tables.outcomes.counts(counted(view, "totals"), len(ui.progress(view)), keeps_back())
    ui.exports.offer_table(view, "All counts", table)
    st.table(table.set_index("Count"))


def departments(view: ui.View) -> None:
    """List each department's calls and shares; a row opens the department."""
    ui.department_table(view, _departments(view), "departments with outcomes")


@cached_value
def _departments(view: ui.View) -> pd.DataFrame:
    rows = counted(view, "by_department")
    return tables.outcomes.departments(rows, ui.progress(view), keeps_back())
