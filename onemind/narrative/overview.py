"""What an executive director would say about the campaign, and whom to call this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from onemind.campaign import CONCERNS, STAGES
from onemind.geography import county_name, state_name
from onemind.words import counted, long_day, short_day, span


@dataclass(frozen=True)
class Concern:
    """One department that needs attention: the reason in words, and since when or by when."""

    department_id: str
    name: str
    reason: str
    since: date | None
    kind: str

    @property
    def urgency(self) -> int:
        """The rank of its kind, starting at 0 with the most urgent."""
        return list(CONCERNS).index(self.kind)

    @property
    def dated(self) -> str:
        """The day in words: "since Sep 20, 2020"; empty where there is none."""
        day = self.since
        return f"{CONCERNS[self.kind][1]} {short_day(day)}" if day else ""


def sentence(progress: pd.DataFrame) -> str:
    """Sum up the campaign in a sentence or two."""
    pledged = progress[progress["pledged_on"].notna()]
    stages = progress["stage"].value_counts()
    completed, overdue = stages.get("completed", 0), stages.get("overdue", 0)
    words = (
        f"{len(pledged):,} of {len(progress):,} departments have pledged, "
        f"{completed:,} {'has' if completed == 1 else 'have'} completed the pledge "
        f"and {overdue:,} {'is' if overdue == 1 else 'are'} overdue."
    )
    behind = _furthest_behind(progress)
    return f"{words} {behind} is furthest behind." if behind else words


def stages(progress: pd.DataFrame) -> str:
    """List how many departments are in each stage: "Completed 3, Overdue 1,200"."""
    counts = progress["stage"].value_counts()
    return ", ".join(
        f"{label} {counts[stage]:,}" for stage, label in STAGES.items() if stage in counts
    )


def all_of(progress: pd.DataFrame) -> str:
    """Say whom the stages count."""
    return f"All {len(progress):,} departments, including those that have not pledged."


def history(surge: date | None, words: str) -> str:
    """Say what a chart of pledges and completions shows, with the day on which many pledged."""
    note = f" On {long_day(surge)}, {words}." if surge else ""
    return f"Departments pledged and completed at each month's end.{note}"


def _furthest_behind(progress: pd.DataFrame) -> str | None:
    """The county, of those with three pledged departments or more, with the most of them overdue.

    "Most" is by share. The state follows the county's name where there are several states.
    """
    pledged = progress[progress["pledged_on"].notna() & progress["county"].notna()]
    late = pledged["stage"].eq("overdue").groupby([pledged["state"], pledged["county"]])
    counted = late.agg(["sum", "mean", "count"])
    behind = counted[(counted["count"] >= 3) & (counted["sum"] > 0)]
    if len(counted) < 2 or behind.empty:
        return None
    state, county = behind.sort_values(["mean", "sum"]).index[-1]
    several = progress["state"].nunique() > 1
    return county_name(county, state) + (f", {state_name(state)}," if several else "")


def concerns(progress: pd.DataFrame, as_of: date, silent_days: int = 90) -> list[Concern]:
    """Return the departments that need attention, most urgent first, each with its main reason."""
    rows = [
        _concern({str(name): value for name, value in row.items()}, as_of, silent_days)
        for row in progress.to_dict("records")
    ]
    return sorted(
        (item for item in rows if item),
        key=lambda item: (item.urgency, item.since or date.min, item.name),
    )


def _concern(row: dict[str, Any], as_of: date, silent_days: int) -> Concern | None:
    who = (row["department_id"], row["name"])
    deadline, stage = row["deadline_on"], row["stage"]
    if stage == "due_soon":
        left = counted((deadline - as_of).days, "day")
        return Concern(*who, f"due in {left}", deadline, "due_soon")
    if stage == "overdue":
        return Concern(*who, f"overdue by {span((as_of - deadline).days)}", deadline, "overdue")
    if stage == "in_progress" and _known(row["projected_on"]) and row["projected_on"] > deadline:
        late = span((row["projected_on"] - deadline).days)
        words = f"{late} late at the current pace"
        return Concern(*who, words, row["projected_on"], "late")
    if _known(row["expiring_90d"]) and row["expiring_90d"] > 0:
        count = int(row["expiring_90d"])
        noun = "certificate expires" if count == 1 else "certificates expire"
        return Concern(*who, f"{count} MHFA {noun} within 90 days", None, "expiring")
    if stage == "in_progress":
        return _silence(row, who, as_of, silent_days)
    return None


def _silence(
    row: dict[str, Any], who: tuple[str, str], as_of: date, silent_days: int
) -> Concern | None:
    reported = row["reported_on"]
    if not _known(reported):
        return Concern(*who, "pledged but never reported training", row["pledged_on"], "silent")
    if (as_of - reported).days > silent_days:
        gap = span((as_of - reported).days)
        return Concern(*who, f"no reports for {gap}", reported, "silent")
    return None


def _known(value: object) -> bool:
    return value is not None and value == value and value is not pd.NaT
