"""The sample's mental-health calls and officers' ratings of their training: all figures made up.

No effect of the training is built in: the slow drift of the shares is the same for every
department, whether it pledged, completed or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sample_dates import periods
from sample_departments import Department
from sample_officers import Plan

LAST_PERIOD_END = date(2026, 6, 30)


@dataclass(frozen=True)
class Outcome:
    """One row of outcomes.csv; the fields are its columns, in order."""

    department_id: str
    period_start: date
    period_end: date
    mh_calls: int
    trained_officer_on_scene: int | None
    resolved_on_scene: int | None
    referred_to_care: int | None
    transported_voluntary: int | None
    transported_involuntary: int | None
    arrests: int | None
    force_used: int | None
    officer_injuries: int | None
    civilian_injuries: int | None
    repeat_contacts: int | None


@dataclass(frozen=True)
class Feedback:
    """One row of feedback.csv; the fields are its columns, in order."""

    department_id: str
    course: str
    period_start: date
    responses: int
    rated_beneficial: int


def part(rng: Random, whole: int, share: float) -> int:
    """A part of a count that wavers around a share of it and never exceeds it."""
    exact = whole * share * rng.uniform(0.75, 1.25)
    return min(whole, int(exact) + (rng.random() < exact % 1))


def build_outcomes(rng: Random, departments: list[Department], plans: list[Plan]) -> list[Outcome]:
    """Monthly rows for 14 departments and quarterly ones for 26, in order."""
    sizes = {
        department.department_id: department.sworn_officers or 10 for department in departments
    }
    ids = [plan.department_id for plan in plans if sizes[plan.department_id] < 600]
    rows: list[Outcome] = []
    for place, department_id in enumerate(rng.sample(ids, 40)):
        months = 1 if place < 14 else 3
        first = date(rng.randint(2018, 2023), rng.choice((1, 4, 7)), 1)
        for start, end in periods(first, LAST_PERIOD_END, months):
            expected = sizes[department_id] * 0.55 * months
            rows.append(outcome(rng, department_id, start, end, expected, place))
    return sorted(rows, key=lambda row: (row.department_id, row.period_start))


def outcome(
    rng: Random, department_id: str, start: date, end: date, expected: float, place: int
) -> Outcome:
    """One period: the ways a call ends add up to no more than the calls."""
    calls = max(0, round(rng.gauss(expected, expected**0.5 + 0.5)))
    years = start.year - 2018 + start.month / 12
    resolved = part(rng, calls, 0.42)
    referred = min(calls - resolved, part(rng, calls, 0.24 + 0.01 * years))
    left = calls - resolved - referred
    voluntary = part(rng, left, 0.45)
    involuntary = part(rng, left - voluntary, 0.5)
    arrests = part(rng, left - voluntary - involuntary, 0.5 - 0.02 * years)
    injuries = place % 3 > 0
    return Outcome(
        department_id=department_id,
        period_start=start,
        period_end=end,
        mh_calls=calls,
        trained_officer_on_scene=part(rng, calls, 0.3 + 0.045 * years) if place % 5 else None,
        resolved_on_scene=resolved,
        referred_to_care=referred,
        transported_voluntary=voluntary,
        transported_involuntary=involuntary,
        arrests=arrests,
        force_used=part(rng, calls, 0.012) if place % 4 else None,
        officer_injuries=part(rng, calls, 0.003) if injuries else None,
        civilian_injuries=part(rng, calls, 0.004) if injuries else None,
        repeat_contacts=part(rng, calls, 0.18) if place % 2 else None,
    )


def build_feedback(rng: Random, departments: list[Department], plans: list[Plan]) -> list[Feedback]:
    """Quarterly ratings by the officers of 50 departments, in order."""
    sizes = {
        department.department_id: department.sworn_officers or 10 for department in departments
    }
    ids = [plan.department_id for plan in plans if sizes[plan.department_id] >= 8]
    rows: list[Feedback] = []
    for department_id in rng.sample(ids, 50):
        first = date(rng.randint(2018, 2023), rng.choice((1, 4, 7, 10)), 1)
        for start, _ in periods(first, LAST_PERIOD_END, 3):
            if rng.random() < 0.7:
                rows.append(feedback(rng, department_id, start, min(sizes[department_id], 80)))
    return sorted(rows, key=lambda row: (row.department_id, row.course, row.period_start))


def feedback(rng: Random, department_id: str, start: date, size: int) -> Feedback:
    """One quarter's answers about one course; most officers find it worth their time."""
    responses = rng.randint(1, max(2, size // 4))
    course = "MHFA" if rng.random() < 0.7 else "CIT"
    beneficial = part(rng, responses, 0.84 if course == "MHFA" else 0.9)
    return Feedback(department_id, course, start, responses, beneficial)
