"""The checklist of a department: what each practice asks, what there is, since when, from where."""

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
    """One practice of one department: its status, what was asked, what there is and its day."""

    practice: str
    title: str
    status: str
    asked: str
    found: str
    on: date | None
    source: str


def checklist(found: Dossier, rules: Rules) -> tuple[Check, ...]:
    """Return the practices in the order of the rule, judged under the department's edition."""
    return tuple(_check(found, practice) for practice in rules.practices)


def kind_words(kind: str | None) -> str:
    """Return a code of a file as words: co_response is co-response."""
    return {"co_response": "co-response", "nami": "NAMI", None: "unknown"}.get(
        kind, (kind or "").replace("_", " ")
    )


def _check(found: Dossier, practice: Practice) -> Check:
    need = next((item for item in practice.needs if item.edition == found.row["edition"]), None)
    if need:
        said, day = _trained(found, need), found.row["reported_on"]
        source = training_source(found.row)
    elif practice.id == "partnership":
        said, day = _partnered(found)
        source = "Partnerships on record."
    else:
        said, day = _adopted(found)
        source = "Pledges on record."
    asked = _asked(found.row, need) if need else practice.description
    return Check(
        practice.id, PRACTICES[practice.id], found.row[practice.id], asked, said, day, source
    )


def needed(row: Row, need: Need) -> int | None:
    """Return how many officers a practice asks for, rounded up; None when sworn is unknown."""
    sworn = row["sworn"]
    return None if sworn is None else -(-sworn * need.numerator // need.denominator)


def _asked(row: Row, need: Need) -> str:
    what, most = MEASURED[need.measure], needed(row, need)
    share = f"{need.numerator * 100 / need.denominator:.0f}%"
    if most is None:
        return f"{share} of sworn officers trained in {what}."
    if need.numerator == need.denominator:
        return f"All {most:,} sworn officers trained in {what}."
    return f"{most:,} of {row['sworn']:,} sworn officers ({share}, rounded up) trained in {what}."


def counted(row: Row, measure: str) -> tuple[int | None, int | None]:
    """Return the low and the high end of how many officers hold what is measured."""
    low, high = {
        "mhfa": ("mhfa_trained", "mhfa_trained"),
        "cit": ("cit_trained", "cit_trained"),
        "either": ("trained_low", "trained_high"),
    }[measure]
    return row[low], row[high]


def _trained(found: Dossier, need: Need) -> str:
    row, (low, high) = found.row, counted(found.row, need.measure)
    if low is None or high is None:
        return "No training reported."
    number = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    most = needed(row, need)
    if most is None:
        return f"{number} trained; the number of sworn officers is unknown."
    part = percent(low / row["sworn"])
    if low != high:
        part = f"{whole_percent(low / row['sworn'])} to {percent(high / row['sworn'])}"
    said = f"{number} of {row['sworn']:,} ({part})"
    if low >= most:
        return f"{said}."
    missing = f"{most - low:,}" if low == high else f"{max(most - high, 0):,} to {most - low:,}"
    return f"{said}; {missing} more needed."


def _partnered(found: Dossier) -> tuple[str, date | None]:
    active = [item for item in found.partnerships if item["ended_on"] is None]
    if active:
        first = active[0]
        more = f", and {len(active) - 1} more" if len(active) > 1 else ""
        return f"With {first['name']} ({kind_words(first['kind'])}){more}.", first["signed_on"]
    if found.partnerships:
        last = max(found.partnerships, key=lambda item: item["ended_on"])
        return f"The last one ended on {long_day(last['ended_on'])}.", last["ended_on"]
    return "None reported.", None


def _adopted(found: Dossier) -> tuple[str, date | None]:
    days = sorted(
        pledge["policy_adopted_on"] for pledge in found.pledges if pledge["policy_adopted_on"]
    )
    return (f"Adopted on {long_day(days[0])}.", days[0]) if days else ("None reported.", None)
