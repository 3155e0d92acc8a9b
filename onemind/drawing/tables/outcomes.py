"""The Outcomes page's frames: shares of calls, counts for reading, both sides, ratings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from onemind.campaign import contract
from onemind.metrics.outcomes import COUNTS, SHARES
from onemind.words import percent_to_tenths

WITHHELD = "fewer than 5, or not given"
NOT_GIVEN = "not given"
SIDES = {"before": "Before", "after": "After"}
_PLACES = {name: place for place, name in enumerate((*SHARES, *SIDES))}


def title(kind: str) -> str:
    """Return what a count is called: "Referred to care"."""
    return contract("outcomes").field(kind).title


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of kind, number and calls with `share`, of the calls of the same periods."""
    calls = pd.to_numeric(frame["calls"])
    return frame.assign(share=pd.to_numeric(frame["number"]) / calls.where(calls > 0))


def counts(totals: pd.DataFrame, of: int, withheld: bool) -> pd.DataFrame:
    """Return all counts for reading, each with its share of calls and n of m departments."""
    rows = {row["kind"]: row for row in shares(totals).to_dict("records")}
    return pd.DataFrame(
        [
            _count(kind, rows.get(kind), of, WITHHELD if withheld else NOT_GIVEN)
            for kind in ("mh_calls", *COUNTS)
        ]
    )


def _count(kind: str, row: dict[Hashable, Any] | None, of: int, blank: str) -> dict[str, str]:
    field = contract("outcomes").field(kind)
    return {
        "Count": field.title,
        "Number": f"{row['number']:,}" if row else blank,
        "Of calls": _percent(row["share"]) if row and kind != "mh_calls" else "",
        "Departments": f"{row['n'] if row else 0:,} of {of:,}",
        "What it is": field.description,
    }


def _percent(share: float) -> str:
    return percent_to_tenths(share) if share == share else ""  # of no calls at all it is no number


def departments(
    by_department: pd.DataFrame, progress: pd.DataFrame, withheld: bool
) -> pd.DataFrame:
    """Return each department's calls and shares for reading; what is not known says why."""
    rows = shares(by_department).pivot(index="department_id", columns="kind", values="share")
    calls = by_department[by_department["kind"] == "mh_calls"].set_index("department_id")["number"]
    found = progress[progress["department_id"].isin(calls.index)].sort_values("name")
    ids, blank = found["department_id"], WITHHELD if withheld else NOT_GIVEN
    table = pd.DataFrame(
        {"department_id": ids, "Department": found["name"], "County": found["county"]}
    )
    table["Calls"] = ids.map(calls)
    for kind in SHARES:
        known = rows[kind].dropna().to_dict() if kind in rows else {}
        table[title(kind)] = [_percent(known[item]) if item in known else blank for item in ids]
    return table


def both_sides(sides: pd.DataFrame) -> pd.DataFrame:
    """Return both sides of the shares for reading, a row a count and side."""
    rows = shares(sides[sides["kind"].isin(SHARES)])
    rows = rows.sort_values(["kind", "side"], key=lambda column: column.map(_PLACES.get))
    return pd.DataFrame(
        {
            "Of calls": rows["kind"].map(title),
            "Side": rows["side"].map(SIDES),
            "Share": rows["share"].map(_percent),
            "Number": rows["number"].map("{:,}".format),
            "Calls": rows["calls"].map("{:,}".format),
            "Departments": rows["n"].map("{:,}".format),
        }
    )


def rated(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings with `share`, the officers who called the course beneficial."""
    answered = pd.to_numeric(ratings["responses"])
    return ratings.assign(
        share=pd.to_numeric(ratings["rated_beneficial"]) / answered.where(answered > 0)
    )


def by_course(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings of each course: course, responses, rated_beneficial, share."""
    columns = ["responses", "rated_beneficial"]
    return rated(ratings.groupby("course")[columns].sum().reset_index())
