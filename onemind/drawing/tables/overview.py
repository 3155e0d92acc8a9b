"""Tables: frames shaped for reading, with labels instead of codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from onemind.campaign import PRACTICES, SOURCES, STAGES, STATUSES
from onemind.drawing.palette import STATUS_SIGNS
from onemind.drawing.tables.shares import of_sworn

MARKS = {status: f"{STATUS_SIGNS[status]} {label}" for status, label in STATUSES.items()}


def departments(progress: pd.DataFrame) -> pd.DataFrame:
    """Return one row a department for reading: name, place, stage, shares (percent), practices."""
    return pd.DataFrame(
        {
            "department_id": progress["department_id"],
            "Department": progress["name"],
            "County": progress["county"],
            "Stage": progress["stage"].map(STAGES),
            "Deadline": progress["deadline_on"],
            "Sworn": progress["sworn"],
            "MHFA": of_sworn(progress, "mhfa_trained"),
            "CIT": of_sworn(progress, "cit_trained"),
            **{label: progress[name].map(MARKS) for name, label in _practice_columns()},
            "Source": progress["source"].map(SOURCES),
            "Reported": progress["reported_on"],
        }
    )


def _practice_columns() -> list[tuple[str, str]]:
    return [(name, f"{label} practice") for name, label in PRACTICES.items()]


def checklist(row: dict[str, Any], needed: dict[str, str]) -> pd.DataFrame:
    """Return the four practices of one department with their status and what was asked."""
    return pd.DataFrame(
        [
            {"Practice": label, "Status": MARKS[row[name]], "What is asked": needed[name]}
            for name, label in PRACTICES.items()
        ]
    )


def training(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the training of each department that reported, furthest behind first."""
    reporting = progress[progress["source"] != "none"]
    table = pd.DataFrame(
        {
            "department_id": reporting["department_id"],
            "Department": reporting["name"],
            "County": reporting["county"],
            "Sworn": reporting["sworn"],
            "MHFA trained": reporting["mhfa_trained"],
            "MHFA": of_sworn(reporting, "mhfa_trained"),
            "CIT trained": reporting["cit_trained"],
            "CIT": of_sworn(reporting, "cit_trained"),
            "Expiring in 90 days": reporting["expiring_90d"],
            "Lapsed": reporting["lapsed"],
            "Projected": reporting["projected_on"],
            "Deadline": reporting["deadline_on"],
            "Check counts": reporting["check_counts"],
        }
    )
    return table.sort_values(["MHFA", "Department"], na_position="last")


def legend() -> str:
    """Return the words for the practice marks in one line."""
    return " · ".join(MARKS[status] for status in STATUSES)
