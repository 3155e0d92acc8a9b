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
    """Something that happened: its day, the lane it stands in, what it was, and how exact."""

    day: date
    lane: str
    words: str
    precision: str = "day"
    ended: bool = False

    @property
    def when(self) -> str:
        """The day as exactly as it is known."""
        if self.precision == "year":
            return f"{self.day:%Y}"
        return f"{self.day:%B %Y}" if self.precision == "month" else long_day(self.day)


def events(found: Dossier) -> tuple[Event, ...]:
    """Return all that had happened by the day of the dossier."""
    listed = (
        *_pledged(found), *_partnered(found), *_trained(found), *_totalled(found),
        *_reached(found), *_outcomes(found),
    )  # fmt: skip
    return tuple(sorted(listed, key=lambda event: (event.day, list(LANES).index(event.lane))))


def _pledged(found: Dossier) -> Iterator[Event]:
    said = (
        ("policy_adopted_on", "policy", "Policy adopted", False),
        ("completion_claimed_on", "pledge", "Completion claimed by the department", False),
        ("completion_confirmed_on", "pledge", "Completion confirmed", False),
        ("withdrawn_on", "pledge", "Pledge withdrawn", True),
    )
    for number, pledge in enumerate(found.pledges):
        words = "Pledged again" if number else "Pledged"
        words += f" ({pledge['source']})" if pledge["source"] else ""
        yield Event(pledge["pledged_on"], "pledge", words, pledge["precision"] or "day")
        for column, lane, what, ended in said:
            if pledge[column]:
                yield Event(pledge[column], lane, what, ended=ended)


def _partnered(found: Dossier) -> Iterator[Event]:
    for item in found.partnerships:
        who = f"{item['name']} ({kind_words(item['kind'])})"
        yield Event(item["signed_on"], "partnership", f"Partnership signed with {who}")
        if item["ended_on"]:
            yield Event(
                item["ended_on"], "partnership", f"Partnership ended with {who}", ended=True
            )


def _trained(found: Dossier) -> Iterator[Event]:
    for month, rows in groupby(found.sessions, key=lambda row: row["month"]):
        parts = [f"{row['course']} {row['certificates']:,}" for row in rows]
        yield Event(month, "training", f"Certificates: {', '.join(parts)}", "month")


def _totalled(found: Dossier) -> Iterator[Event]:
    for row in found.totals:
        words = f"Totals reported: MHFA {row['mhfa_trained']:,}, CIT {row['cit_trained']:,}"
        yield Event(row["as_of"], "training", words)


def _reached(found: Dossier) -> Iterator[Event]:
    """The first month at whose end the training practices were met, and all four of them."""
    for words, column, reached in (
        ("All sworn officers trained, for the first time", "mhfa", "met"),
        ("All four practices met, for the first time", "compliant_today", True),
    ):
        first = next((row for row in found.months if row[column] == reached), None)
        if first:
            yield Event(first["as_of"], "training", words, "month")


def _outcomes(found: Dossier) -> Iterator[Event]:
    for year, group in groupby(found.outcomes, key=lambda row: row["period_end"].year):
        rows = list(group)
        calls = [row["mh_calls"] for row in rows]
        known = all(number is not None for number in calls)
        count = f"{sum(calls):,} mental-health calls" if known else "calls not given"
        yield Event(rows[-1]["period_end"], "outcomes", f"Outcomes of {year} reported: {count}")
