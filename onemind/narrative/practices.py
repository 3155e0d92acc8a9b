"""A department's checklist: what each practice requires, what is on record, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onemind.campaign import PRACTICES, Need, Practice, Rules
from onemind.metrics import Dossier, Row
from onemind.narrative.department import training_source
from onemind.words import long_day, percent, whole_percent

MEASURED = {"mhfa": "MHFA", "cit": "CIT", "either": "MHFA or CIT"}


@dataclass(frozen=True)
class Check:
    """One practice of one department: status, requirement, what is on record and its day."""

    practice: str
    title: str
    status: str
    asked: str
    found: str
    on: date | None
    source: str


def checklist(dossier: Dossier, rules: Rules) -> tuple[Check, ...]:
    """Return the practices in the rule's order, judged under the department's edition."""
    return tuple(_check(dossier, practice) for practice in rules.practices)


def kind_words(kind: str | None) -> str:
    """Return a code from a file in words: co_response becomes co-response."""
    return {"co_response": "co-response", "nami": "NAMI", None: "unknown"}.get(
        kind, (kind or "").replace("_", " ")
    )


def _check(dossier: Dossier, practice: Practice) -> Check:
    row = dossier.row
    need = next((item for item in practice.needs if item.edition == row["edition"]), None)
    if need:
        record, day = _trained(row, need), row["reported_on"]
        source = training_source(row)
    elif practice.id == "partnership":
        record, day = _partnered(dossier)
        source = "Partnerships on record."
    else:
        record, day = _adopted(dossier)
        source = "Pledges on record."
    requirement = _requirement(row, need) if need else practice.description
    return Check(
        practice.id, PRACTICES[practice.id], row[practice.id], requirement, record, day, source
    )


def needed(row: Row, need: Need) -> int | None:
    """Return how many officers a practice requires, rounded up; None when sworn is unknown."""
    sworn = row["sworn"]
    return None if sworn is None else -(-sworn * need.numerator // need.denominator)


def _requirement(row: Row, need: Need) -> str:
    course, officers = MEASURED[need.measure], needed(row, need)
    share = f"{need.numerator * 100 / need.denominator:.0f}%"
    if officers is None:
        return f"{share} of sworn officers trained in {course}."
    if need.numerator == need.denominator:
        return f"All {officers:,} sworn officers trained in {course}."
    sworn = f"{row['sworn']:,} sworn officers ({share}, rounded up)"
    return f"{officers:,} of {sworn} trained in {course}."


def counted(row: Row, measure: str) -> tuple[int | None, int | None]:
    """Return how many officers hold the certificates a measure counts: low end, high end."""
    low, high = {
        "mhfa": ("mhfa_trained", "mhfa_trained"),
        "cit": ("cit_trained", "cit_trained"),
        "either": ("trained_low", "trained_high"),
    }[measure]
    return row[low], row[high]


def _trained(row: Row, need: Need) -> str:
    low, high = counted(row, need.measure)
    if low is None or high is None:
        return "No training reported."
    number = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    required = needed(row, need)
    if required is None:
        return f"{number} trained; the number of sworn officers is unknown."
    share = percent(low / row["sworn"])
    if low != high:
        share = f"{whole_percent(low / row['sworn'])} to {percent(high / row['sworn'])}"
    trained = f"{number} of {row['sworn']:,} ({share})"
    if low >= required:
        return f"{trained}."
    missing = f"{required - low:,}"
    if low != high:
        missing = f"{max(required - high, 0):,} to {missing}"
    return f"{trained}; {missing} more needed."


def _partnered(dossier: Dossier) -> tuple[str, date | None]:
    active = [item for item in dossier.partnerships if item["ended_on"] is None]
    if active:
        first = active[0]
        more = f", and {len(active) - 1} more" if len(active) > 1 else ""
        return f"With {first['name']} ({kind_words(first['kind'])}){more}.", first["signed_on"]
    if dossier.partnerships:
        last = max(dossier.partnerships, key=lambda item: item["ended_on"])
        return f"The last partnership ended on {long_day(last['ended_on'])}.", last["ended_on"]
    return "None reported.", None


def _adopted(dossier: Dossier) -> tuple[str, date | None]:
    days = sorted(
        pledge["policy_adopted_on"] for pledge in dossier.pledges if pledge["policy_adopted_on"]
    )
    return (f"Adopted on {long_day(days[0])}.", days[0]) if days else ("None reported.", None)
