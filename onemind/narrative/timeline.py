"""Everything that happened to one department, as dated events in lanes, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from onemind.metrics import Dossier
from onemind.narrative.practices import kind_words
from onemind.words import long_day

LANES = {
    "pledge": "Pledge",
    "policy": "Policy",
    "partnership": "Partnerships",
    "training": "Training",
    "outcomes": "Outcomes",
}


@dataclass(frozen=True)
class Event:
    """Something that happened: its day, its lane, the words for it, and how exact the day is."""

    day: date
    lane: str
    words: str
    precision: str = "day"
    ended: bool = False

    @property
    def when(self) -> str:
        """The day, as exact as it is known."""
        if self.precision == "year":
            return f"{self.day:%Y}"
        return f"{self.day:%B %Y}" if self.precision == "month" else long_day(self.day)


def events(dossier: Dossier) -> tuple[Event, ...]:
    """Return everything that had happened by the dossier's day."""
    listed = (
        *_pledged(dossier), *_partnered(dossier), *_trained(dossier), *_totalled(dossier),
        *_reached(dossier), *_outcomes(dossier),
    )  # fmt: skip
    return tuple(sorted(listed, key=lambda event: (event.day, list(LANES).index(event.lane))))


def _pledged(dossier: Dossier) -> Iterator[Event]:
    steps = (
        ("policy_adopted_on", "policy", "Policy adopted", False),
        ("completion_claimed_on", "pledge", "Completion claimed by the department", False),
        ("completion_confirmed_on", "pledge", "Completion confirmed", False),
        ("withdrawn_on", "pledge", "Pledge withdrawn", True),
    )
    for number, pledge in enumerate(dossier.pledges):
        words = "Pledged again" if number else "Pledged"
        words += f" ({pledge['source']})" if pledge["source"] else ""
        yield Event(pledge["pledged_on"], "pledge", words, pledge["precision"] or "day")
        for column, lane, step, ended in steps:
            if pledge[column]:
                yield Event(pledge[column], lane, step, ended=ended)


def _partnered(dossier: Dossier) -> Iterator[Event]:
    for item in dossier.partnerships:
        who = f"{item['name']} ({kind_words(item['kind'])})"
        yield Event(item["signed_on"], "partnership", f"Partnership signed with {who}")
        if item["ended_on"]:
            yield Event(
                item["ended_on"], "partnership", f"Partnership ended with {who}", ended=True
            )


def _trained(dossier: Dossier) -> Iterator[Event]:
    for month, rows in groupby(dossier.sessions, key=lambda row: row["month"]):
        parts = [f"{row['course']} {row['certificates']:,}" for row in rows]
        yield Event(month, "training", f"Certificates: {', '.join(parts)}", "month")


def _totalled(dossier: Dossier) -> Iterator[Event]:
    for row in dossier.totals:
        words = f"Totals reported: MHFA {row['mhfa_trained']:,}, CIT {row['cit_trained']:,}"
        yield Event(row["as_of"], "training", words)


def _reached(dossier: Dossier) -> Iterator[Event]:
    """The first month that ended with all officers trained, and with all four practices met."""
    for words, column, reached in (
        ("First month with all sworn officers trained", "mhfa", "met"),
        ("First month with all four practices met", "compliant_today", True),
    ):
        first = next((row for row in dossier.months if row[column] == reached), None)
        if first:
            yield Event(first["as_of"], "training", words, "month")


def _outcomes(dossier: Dossier) -> Iterator[Event]:
    for year, group in groupby(dossier.outcomes, key=lambda row: row["period_end"].year):
        rows = list(group)
        calls = [row["mh_calls"] for row in rows]
        known = all(number is not None for number in calls)
        count = f"{sum(calls):,} mental-health calls" if known else "number of calls unknown"
        yield Event(rows[-1]["period_end"], "outcomes", f"Outcomes for {year} reported: {count}")
