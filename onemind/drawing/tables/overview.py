"""Tables: frames shaped for reading, with labels instead of codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from onemind.campaign import STAGES, STATUSES
from onemind.drawing.palette import STATUS_SIGNS

MARKS = {status: f"{STATUS_SIGNS[status]} {label}" for status, label in STATUSES.items()}
SOURCES = {"records": "Records", "totals": "Totals", "none": "None"}
PRACTICES = {"partnership": "Partnership", "policy": "Policy", "mhfa": "MHFA", "cit": "CIT"}


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
            "MHFA": share(progress, "mhfa_trained"),
            "CIT": share(progress, "cit_trained"),
            **{label: progress[name].map(MARKS) for name, label in _practice_columns()},
            "Source": progress["source"].map(SOURCES),
            "Reported": progress["reported_on"],
        }
    )


def _practice_columns() -> list[tuple[str, str]]:
    return [(name, f"{label} practice") for name, label in PRACTICES.items()]


def share(progress: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a count's share of sworn in whole percent, rounded down: 100 means all."""
    counted, sworn = (pd.to_numeric(progress[name]) for name in (column, "sworn"))
    return (counted * 100).floordiv(sworn)


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
    found = progress[progress["source"] != "none"]
    table = pd.DataFrame(
        {
            "department_id": found["department_id"],
            "Department": found["name"],
            "County": found["county"],
            "Sworn": found["sworn"],
            "MHFA trained": found["mhfa_trained"],
            "MHFA": share(found, "mhfa_trained"),
            "CIT trained": found["cit_trained"],
            "CIT": share(found, "cit_trained"),
            "Expiring in 90 days": found["expiring_90d"],
            "Lapsed": found["lapsed"],
            "Projected": found["projected_on"],
            "Deadline": found["deadline_on"],
            "Check counts": found["check_counts"],
        }
    )
    return table.sort_values(["MHFA", "Department"], na_position="last")


def legend() -> str:
    """Return the words for the practice marks in one line."""
    return " · ".join(MARKS[status] for status in STATUSES)
