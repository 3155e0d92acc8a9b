"""The tables of one department: what happened, partners, totals, outcomes by year, officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import pandas as pd

from onemind.campaign import contract
from onemind.metrics import Dossier, Row, Rows
from onemind.narrative import Event, kind_words
from onemind.words import long_day, short_day

OFFICER_STATES = {
    "lapsed": "✗ Lapsed",
    "ending": "! Expires within 90 days",
    "valid": "✓ Valid",
    "none": "– No MHFA certificate",
}


def happened(events: Sequence[Event]) -> pd.DataFrame:
    """Return what happened, newest first: when and what."""
    rows = [(event.when, event.words) for event in reversed(events)]
    return pd.DataFrame(rows, columns=["When", "What happened"])


def partners(dossier: Dossier) -> pd.DataFrame:
    """Return the department's partners, those in force first."""
    rows = sorted(dossier.partnerships, key=lambda item: item["ended_on"] is not None)
    return pd.DataFrame(
        [
            {
                "Partner": item["name"] or item["partner_id"],
                "Organization": kind_words(item["organization"]),
                "Kind": kind_words(item["kind"]),
                "When": _when(item),
            }
            for item in rows
        ]
    )


def _when(item: Row) -> str:
    signed = short_day(item["signed_on"])
    return f"{signed} to {short_day(item['ended_on'])}" if item["ended_on"] else f"since {signed}"


def totals(dossier: Dossier) -> pd.DataFrame:
    """Return the totals the department reported, newest first; what it left out is unknown."""
    columns = ("mhfa_trained", "cit_trained", "both_trained", "nonsworn_trained")
    titles = {field.name: field.title for field in contract("training_totals").fields}
    return pd.DataFrame(
        [
            {"Reported as of": long_day(row["as_of"])}
            | {titles[name]: _count(row[name], "not given") for name in columns}
            for row in reversed(dossier.totals)
        ]
    )


def outcome_years(rows: Rows) -> list[Row]:
    """Return outcomes added up by the year in which a period ended.

    A count that is missing for one period of a year is unknown for the year.
    """
    columns = [field.name for field in contract("outcomes").fields if field.type == "integer"]
    years: list[Row] = []
    for year, group in groupby(rows, key=lambda row: row["period_end"].year):
        listed = list(group)
        total: dict[str, Any] = {"year": year}
        for name in columns:
            values = [row[name] for row in listed]
            total[name] = None if None in values else sum(values)
        years.append(total)
    return years


def outcomes(years: Sequence[Row], whole: bool) -> pd.DataFrame:
    """Return outcomes with a column a year; `whole` says that nothing small was kept back."""
    missing = "not given" if whole else "fewer than 5 or not given"
    fields = [field for field in contract("outcomes").fields if field.type == "integer"]
    return pd.DataFrame(
        {
            "Count": [field.title for field in fields],
            **{
                str(year["year"]): [_count(year[field.name], missing) for field in fields]
                for year in years
            },
        }
    )


def officers(rows: Rows) -> pd.DataFrame:
    """Return the counted officers by pseudonym: when each certificate expires, soonest first."""
    return pd.DataFrame(
        [
            {
                "Officer": row["officer_id"],
                "MHFA": OFFICER_STATES[row["mhfa"]],
                "MHFA valid until": row["mhfa_until"],
                "CIT": "✓ Trained" if row["cit"] else "– Not trained",
            }
            for row in rows
        ]
    )


def months_ahead(ending: Rows, as_of: date) -> tuple[list[date], list[int]]:
    """Return the month of the day and the twelve after it, with the officers of each."""
    counts = {row["month"]: row["officers"] for row in ending}
    months = [
        date(as_of.year + (as_of.month - 1 + ahead) // 12, (as_of.month - 1 + ahead) % 12 + 1, 1)
        for ahead in range(13)
    ]
    return months, [counts.get(month, 0) for month in months]


def _count(value: int | None, missing: str) -> str:
    return missing if value is None else f"{value:,}"
