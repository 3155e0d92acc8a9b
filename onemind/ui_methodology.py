"""The methodology in words, generated from contracts, rules and metrics so that it can't drift."""

from __future__ import annotations

import streamlit as st

from onemind import ui
from onemind.contract import Contract, Field, contracts
from onemind.metrics import metrics
from onemind.rules import Rules
from onemind.ui_frame import long_day


def introduction(view: ui.View) -> str:
    """Say what the dashboard counts and as of when."""
    return (
        "Every number is computed from published data by the definitions below, as of a day and a "
        f"version: now {long_day(view.as_of)} and version {view.version.number}. Only facts "
        "dated on or before that day count. **Completed** is an event with a date; **compliant "
        "today** is a state that changes as officers join and leave and certificates lapse."
    )


def rule(rules: Rules) -> str:
    """Say the practices, the editions and the courses."""
    practices = "\n".join(
        f"- **{item.title}**: {item.description} {item.met_when}" for item in rules.practices
    )
    editions = "\n".join(
        f"- **{item.title}**, from {long_day(item.starts_on) if item.rank else 'the beginning'} "
        f"(date {item.dated}): {item.description}"
        for item in rules.editions
    )
    courses = "\n".join(
        f"- **{item.id}**, {item.title}: counts toward {item.practice} from edition "
        f"{item.from_edition} on; "
        + (f"valid {item.valid_months} months" if item.valid_months else "does not expire")
        for item in rules.courses
    )
    spans = rules.spans
    deadlines = (
        f"A pledge is due {spans['deadline_months']} months after it is made; the earliest mark is "
        f"{spans['earliest_months']} months. *Due soon* means at most {spans['due_soon_days']} "
        "days."
    )
    return f"{practices}\n\n{deadlines}\n\n{editions}\n\n{courses}"


def numbers() -> str:
    """Say what each metric counts, with its caveat."""
    return "\n".join(
        f"- **{item.label}** (`{item.name}`, {item.unit}): {item.description} {item.caveat}"
        for item in metrics().values()
    )


def datasets() -> None:
    """Draw each dataset's columns, with what they hold."""
    for parsed in contracts().values():
        with st.expander(f"{parsed.title} (`{parsed.name}.csv`)"):
            st.markdown(f"{parsed.description} One row is one {parsed.unit}.")
            st.markdown(_columns(parsed))


def _columns(parsed: Contract) -> str:
    return "\n".join(f"- {_column(parsed, field)}" for field in parsed.fields)


def _column(parsed: Contract, field: Field) -> str:
    marks = ["key"] if field.name in parsed.key else []
    marks += ["required"] if field.required else ["may be blank"]
    unit = f", in {field.unit}" if field.unit else ""
    listed = f" One of: {', '.join(field.enum)}." if field.enum else ""
    return f"`{field.name}` ({field.type}{unit}; {', '.join(marks)}): {field.description}{listed}"


def citation(view: ui.View) -> str:
    """Return how to cite what is on the screen."""
    scope = ui.user().sight.scope
    part = f", of {scope.words()}" if scope.chosen() else ""
    return (
        f"One Mind Campaign dashboard, version {view.version.number} "
        f"(published {long_day(view.version.published_at.date())}), "
        f"as at {long_day(view.as_of)}{part}, {view.filter.words()}."
    )
