"""The sample's officers and each department's way of training them; ids are pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sample_dates import between, days
from sample_departments import Department
from sample_pledges import CITIES, LAST_DAY, NORTHAMPTON, TEWKSBURY, Pledge

EXEMPT_REASONS = ("military leave", "injury leave", "family leave", "administrative leave")
NO_ROSTER_CHANGE_BEFORE = date(2018, 6, 1)
ALWAYS_RECORDS = (NORTHAMPTON, TEWKSBURY, *(f"{town} Police Department" for town in CITIES))
ALWAYS_TOTALS = ("Boston Police Department",)


@dataclass(frozen=True)
class Officer:
    """One row of officers.csv; the fields are its columns, in order."""

    department_id: str
    officer_id: str
    sworn: bool
    joined_on: date | None = None
    left_on: date | None = None
    exempt_until: date | None = None
    exempt_reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """How one department trains: from when, by when all (if ever), how far, how it renews."""

    department_id: str
    strength: int
    starts_on: date
    done_by: date | None
    ends_on: date
    reach: float
    cit_share: float
    habit: str  # keeps, slips or lapses: what becomes of MHFA certificates after three years
    union: bool  # judged by the current edition: MHFA and CIT share the officers out
    equivalents: bool  # pledged when equivalent courses were accepted
    source: str  # records, totals or none
    roster: bool
    surplus: float  # share of people in the records beyond the stated strength


def choose_sources(rng: Random, departments: list[Department], done: set[str]) -> dict[str, str]:
    """What each department reports: records mostly, totals for 44, nothing for 15."""
    fixed = {one.department_id: "records" for one in departments if one.name in ALWAYS_RECORDS}
    fixed |= {one.department_id: "totals" for one in departments if one.name in ALWAYS_TOTALS}
    ids = [one.department_id for one in departments if one.department_id not in fixed]
    rng.shuffle(ids)
    silent = [one for one in ids if one not in done][:15]
    totals = [one for one in ids if one not in silent][:43]
    return (
        dict.fromkeys(ids, "records")
        | dict.fromkeys(silent, "none")
        | dict.fromkeys(totals, "totals")
        | fixed
    )


def plan_training(rng: Random, department: Department, pledges: list[Pledge], source: str) -> Plan:
    """A department's plan, in keeping with what its pledges say of it."""
    first, last = pledges[0], pledges[-1]
    done_by = last.completion_claimed_on
    northampton = department.name == NORTHAMPTON
    surplus = rng.uniform(0.12, 0.3) if rng.random() < 0.06 else 0.0
    return Plan(
        department_id=department.department_id,
        strength=department.sworn_officers or 1,
        starts_on=first.pledged_on + days(rng.randint(5, 60)),
        done_by=done_by,
        ends_on=_last_report(rng, first, done_by),
        reach=1.0 if done_by or surplus else rng.triangular(0.6, 1.0, 0.97),
        cit_share=35 / 65 if northampton else rng.triangular(0.24 if done_by else 0.05, 0.5, 0.27),
        habit="keeps" if surplus else _habit(rng, done_by),
        union=last.pledged_on >= date(2023, 1, 1) or last.edition == "current",
        equivalents=last.pledged_on >= date(2019, 1, 1),
        source=source,
        roster=northampton or (source == "records" and rng.random() < 0.52),
        surplus=surplus,
    )


def _last_report(rng: Random, first: Pledge, done_by: date | None) -> date:
    """Until when a department reports: nearly one in five that is not done falls silent."""
    if done_by or rng.random() < 0.82:
        return LAST_DAY
    return min(
        LAST_DAY,
        between(rng, max(date(2019, 6, 1), first.pledged_on + days(400)), date(2025, 9, 30)),
    )


def _habit(rng: Random, done_by: date | None) -> str:
    draw = rng.random()
    if done_by:
        return "keeps" if draw < 0.55 else "slips" if draw < 0.85 else "lapses"
    return "keeps" if draw < 0.15 else "slips" if draw < 0.7 else "lapses"


def build_officers(rng: Random, plan: Plan) -> list[Officer]:
    """The people of one department; with a roster they join, leave and are on leave."""
    if not plan.roster:
        count = plan.strength + round(plan.strength * plan.surplus)
        return [Officer(plan.department_id, f"A-{n:04d}", True) for n in range(1, count + 1)]
    officers: list[Officer] = []
    for _ in range(plan.strength):
        officers.extend(fill_position(rng, plan, len(officers) + 1))
    return officers


def fill_position(rng: Random, plan: Plan, number: int) -> list[Officer]:
    """One position from before the launch until now: an officer, and whoever came after."""
    joined = between(rng, date(1991, 1, 7), date(2016, 9, 30))
    left = _leaving(rng, NO_ROSTER_CHANGE_BEFORE)
    exempt_until, reason = _exemption(rng, left)
    known = joined if rng.random() < 0.9 else None
    here = Officer(plan.department_id, f"A-{number:04d}", True, known, left, exempt_until, reason)
    if left is None:
        return [here]
    arrived = between(rng, left + days(10), left + days(150))
    follower = Officer(plan.department_id, f"A-{number + 1:04d}", True, arrived)
    return [here, follower] if arrived <= LAST_DAY else [here]


def _leaving(rng: Random, earliest: date) -> date | None:
    return between(rng, earliest, date(2026, 5, 15)) if rng.random() < 0.27 else None


def _exemption(rng: Random, left: date | None) -> tuple[date | None, str | None]:
    """A leave for about two in a hundred of those still here, with or without an end."""
    if left is not None or rng.random() > 0.02:
        return None, None
    until = between(rng, date(2026, 1, 15), date(2027, 5, 31)) if rng.random() < 0.7 else None
    return until, rng.choice(EXEMPT_REASONS)


def build_staff(rng: Random, plan: Plan) -> list[Officer]:
    """Dispatchers and others who are not sworn: few, and never in the denominator."""
    count = round(plan.strength * rng.uniform(0, 0.12))
    return [Officer(plan.department_id, f"N-{n:04d}", False) for n in range(1, count + 1)]
