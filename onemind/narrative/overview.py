"""What an executive director would say aloud, and whom to call this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from onemind.campaign import CONCERNS
from onemind.geography import county_name, state_name
from onemind.words import counted, short_day, span


@dataclass(frozen=True)
class Concern:
    """One department that needs attention: why, in words, and since when or by when."""

    department_id: str
    name: str
    reason: str
    since: date | None
    kind: str

    @property
    def urgency(self) -> int:
        """The place of its kind, most urgent first."""
        return list(CONCERNS).index(self.kind)

    @property
    def dated(self) -> str:
        """The day in words: "since Sep 20, 2020"; empty where there is none."""
        day = self.since
        return f"{CONCERNS[self.kind][1]} {short_day(day)}" if day else ""


def sentence(progress: pd.DataFrame) -> str:
    """Say where the campaign stands in one sentence."""
    pledged = progress[progress["pledged_on"].notna()]
    stages = progress["stage"].value_counts()
    parts = [
        f"{len(pledged):,} of {len(progress):,} departments have pledged",
        f"{stages.get('completed', 0):,} completed",
        f"{stages.get('overdue', 0):,} {'is' if stages.get('overdue', 0) == 1 else 'are'} overdue",
    ]
    behind = _furthest_behind(progress)
    return "; ".join(parts + ([f"{behind} is furthest behind"] if behind else [])) + "."


def _furthest_behind(progress: pd.DataFrame) -> str | None:
    """The county with the largest share of its pledged departments overdue, of those with three;
    with its state, where there are several.
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
    """Return the departments that need attention, most urgent first; each with its first reason."""
    found = [
        _concern({str(name): value for name, value in row.items()}, as_of, silent_days)
        for row in progress.to_dict("records")
    ]
    return sorted(
        (item for item in found if item),
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
        return Concern(*who, f"at this pace {late} late", row["projected_on"], "late")
    if _known(row["expiring_90d"]) and row["expiring_90d"] > 0:
        count = int(row["expiring_90d"])
        noun = "certificate ends" if count == 1 else "certificates end"
        return Concern(*who, f"{count} MHFA {noun} within 90 days", None, "expiring")
    if stage == "in_progress":
        return _silence(row, who, as_of, silent_days)
    return None


def _silence(
    row: dict[str, Any], who: tuple[str, str], as_of: date, silent_days: int
) -> Concern | None:
    reported = row["reported_on"]
    if not _known(reported):
        return Concern(*who, "pledged and has never reported training", row["pledged_on"], "silent")
    if (as_of - reported).days > silent_days:
        return Concern(*who, f"silent for {span((as_of - reported).days)}", reported, "silent")
    return None


def _known(value: object) -> bool:
    return value is not None and value == value and value is not pd.NaT
