"""The sample's certificates and reported totals, department by department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from random import Random

from sample_dates import add_months, between, days, periods, weekday
from sample_officers import Officer, Plan
from sample_pledges import LAST_DAY

PROVIDERS = {
    "MHFA": ("National Council instructor", "regional academy", "in-house instructor"),
    "MHFA-EQ": ("state training body",),
    "CIT": ("regional CIT center", "regional academy"),
    "CIT-EQ": ("state training body",),
    "CRIT": ("regional academy",),
}
SHORTER_COURSE_FROM = date(2020, 7, 1)
ROUND = 36  # months an MHFA certificate is good for


@dataclass(frozen=True)
class Certificate:
    """One row of training.csv; the fields are its columns, in order."""

    department_id: str
    officer_id: str
    course: str
    completed_on: date
    sworn: bool | None = None
    expires_on: date | None = None
    hours: float | None = None
    provider: str | None = None


@dataclass(frozen=True)
class Totals:
    """One row of training_totals.csv; the fields are its columns, in order."""

    department_id: str
    as_of: date
    mhfa_trained: int
    cit_trained: int
    both_trained: int | None = None
    nonsworn_trained: int | None = None


def class_days(rng: Random, plan: Plan) -> list[date]:
    """The days on which a department holds classes: every few weeks or months."""
    gap = 30 if plan.strength > 60 else 55 if plan.strength > 20 else 90
    day, held = plan.starts_on, []
    while day <= plan.ends_on:
        held.append(weekday(day))
        day += days(rng.randint(gap // 2, gap * 3 // 2))
    return held or [weekday(plan.starts_on)]


def class_before(classes: list[date], day: date) -> date:
    """The last class on or before a day, or the first class of all."""
    return max((one for one in classes if one <= day), default=classes[0])


def first_mhfa(rng: Random, plan: Plan, officer: Officer, classes: list[date]) -> date | None:
    """When an officer first takes MHFA: in the academy, in a class, or never."""
    arrived = max(plan.starts_on, officer.joined_on or plan.starts_on)
    if plan.done_by and arrived < plan.done_by - days(10):
        earliest = max(arrived, add_months(plan.done_by, 8 - ROUND))
        ideal = between(rng, earliest, plan.done_by - days(5))
        held = class_before(classes, ideal)
        return held if held >= arrived else ideal
    if arrived > plan.starts_on and (plan.done_by or plan.habit == "keeps"):
        return weekday(arrived - days(14))
    if rng.random() > plan.reach:
        return None
    ideal = arrived + days(round(rng.triangular(20, 1500, 200)))
    return next((one for one in classes if one >= ideal), None)


def renewal(rng: Random, plan: Plan, taken: date, classes: list[date]) -> date | None:
    """When an MHFA certificate is renewed: in good time, late, or not at all."""
    expiry = add_months(taken, ROUND)
    if plan.habit == "keeps":
        spring = [one for one in yearly_refreshers(classes) if taken < one <= expiry]
        return rng.choice(spring[-2:]) if spring else None
    chance, late = (0.94, 0.3) if plan.habit == "slips" else (0.6, 0.6)
    if rng.random() > chance:
        return None
    if rng.random() < late:
        return between(rng, expiry + days(10), expiry + days(240))
    return between(rng, expiry - days(90), expiry)


def yearly_refreshers(classes: list[date]) -> list[date]:
    """The refresher a careful department holds every May while it holds classes."""
    years = range(classes[0].year + 1, classes[-1].year + 2)
    return [day for day in (weekday(date(year, 5, 20)) for year in years) if day <= LAST_DAY]


def mhfa_days(rng: Random, plan: Plan, officer: Officer, classes: list[date]) -> Iterator[date]:
    """The days an officer takes MHFA, first and renewed, while there and while classes go on."""
    taken = first_mhfa(rng, plan, officer, classes)
    last = min(plan.ends_on, officer.left_on or plan.ends_on)
    while taken is not None and taken <= last:
        yield taken
        taken = renewal(rng, plan, taken, classes)


def cit_takers(rng: Random, plan: Plan, officers: list[Officer]) -> dict[str, date]:
    """Who takes the week-long course, and about when."""
    first = [one for one in officers if one.joined_on is None or one.joined_on <= plan.starts_on]
    least = ceil(len(first) / 5) if plan.done_by else 0
    chosen = rng.sample(first, max(least, round(len(first) * plan.cit_share)))
    last = plan.done_by - days(5) if plan.done_by else plan.ends_on
    takers = {one.officer_id: between(rng, plan.starts_on, last) for one in chosen}
    for one in officers:
        if one.joined_on and one.joined_on > plan.starts_on and rng.random() < plan.cit_share:
            takers[one.officer_id] = one.joined_on + days(rng.randint(60, 700))
    return takers


def build_training(
    rng: Random, plan: Plan, officers: list[Officer], staff: list[Officer]
) -> list[Certificate]:
    """Every certificate of one department, in order of officer, course and day."""
    classes = class_days(rng, plan)
    cit = cit_takers(rng, plan, officers)
    rows: list[Certificate] = []
    for officer in officers:
        week = cit.get(officer.officer_id)
        if week and week <= min(plan.ends_on, officer.left_on or plan.ends_on):
            rows.append(certificate(rng, plan, officer, cit_course(rng, plan), weekday(week)))
            if plan.union and rng.random() < 0.75:
                continue
        for day in mhfa_days(rng, plan, officer, classes):
            rows.append(certificate(rng, plan, officer, mhfa_course(rng, plan), day))
    for person in staff:
        day = class_before(classes, between(rng, plan.starts_on, plan.ends_on))
        rows.append(certificate(rng, plan, person, "MHFA", day))
    return sorted(rows, key=lambda row: (row.officer_id, row.course, row.completed_on))


def cit_course(rng: Random, plan: Plan) -> str:
    """CIT nearly always; its accepted alternatives where the pledge came late enough."""
    if not plan.equivalents or rng.random() < 0.85:
        return "CIT"
    return "CRIT" if rng.random() < 0.7 else "CIT-EQ"


def mhfa_course(rng: Random, plan: Plan) -> str:
    """MHFA nearly always; the equivalent here and there, rarely where it does not count."""
    share = 0.06 if plan.equivalents else 0.0 if plan.done_by else 0.002
    return "MHFA-EQ" if rng.random() < share else "MHFA"


def certificate(rng: Random, plan: Plan, officer: Officer, course: str, day: date) -> Certificate:
    """A certificate with the hours of its time and, now and then, an expiry written on it."""
    mhfa = course.startswith("MHFA")
    written = course == "MHFA-EQ" or (mhfa and plan.strength % 9 == 0)
    hours = (6.5 if day >= SHORTER_COURSE_FROM else 8.0) if mhfa else 40.0
    return Certificate(
        department_id=plan.department_id,
        officer_id=officer.officer_id,
        course=course,
        completed_on=day,
        sworn=None if officer.sworn and plan.strength % 4 == 0 else officer.sworn,
        expires_on=add_months(day, ROUND) if written else None,
        hours=hours,
        provider=rng.choice(PROVIDERS[course]) if plan.strength % 3 else None,
    )


def build_totals(rng: Random, plan: Plan) -> list[Totals]:
    """Half-yearly counts of a department that keeps its records to itself."""
    with_both = not plan.union and rng.random() < 0.6
    above = 1.06 if plan.surplus else 1.0
    rows = []
    halves = periods(date(plan.starts_on.year, 7, 1), plan.ends_on + days(30), 6)
    for day in sorted({end for _, end in halves} | ({plan.done_by} if plan.done_by else set())):
        mhfa, cit = counts_on(plan, day, above)
        least = max(0, mhfa + cit - plan.strength)
        both = max(least, round(min(mhfa, cit) * (0.1 if plan.union else 0.8)))
        shown = min(both, mhfa, cit) if with_both else None
        extra = round(plan.strength * 0.05) if plan.strength % 2 else None
        rows.append(Totals(plan.department_id, day, mhfa, cit, shown, extra))
    return [row for row in rows if row.as_of > plan.starts_on]


def counts_on(plan: Plan, day: date, above: float) -> tuple[int, int]:
    """MHFA and CIT counts by a day: growing until done, then held or fading."""
    full = plan.done_by or add_months(plan.starts_on, 18 if plan.union else 60)
    grown = min(1.0, (day - plan.starts_on).days / max(1, (full - plan.starts_on).days))
    faded = max(0, (day - full).days) / 365 * (0.0 if plan.habit == "keeps" else 0.03)
    reach = max(plan.reach, 0.92) * 0.86 if plan.union else plan.reach
    mhfa = round(plan.strength * reach * grown * (1 - faded) * above)
    return max(0, mhfa), ceil(plan.strength * plan.cit_share * grown)
