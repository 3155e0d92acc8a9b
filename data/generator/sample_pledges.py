"""The sample's pledges: the day of the 182, those before and after it, and how they went.

Real: the day, the number of chiefs, ten completions by June 2019, Northampton in February 2018 and
Tewksbury's 23 months (domain facts). Which other department did what is made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from sample_dates import add_months, between, days
from sample_departments import Department

LAUNCH = date(2016, 10, 17)
TOGETHER = date(2017, 9, 20)
TOGETHER_COUNT = 182
EARLY_COUNT = 16
LAST_DAY = date(2026, 6, 15)
NORTHAMPTON = "Northampton Police Department"
TEWKSBURY = "Tewksbury Police Department"
CITIES = ("Brockton", "Cambridge", "Lowell", "New Bedford", "Quincy", "Springfield", "Worcester")
JOINED_TOGETHER = tuple(f"{town} Police Department" for town in ("Boston", *CITIES))
NOT_PLEDGED = ("Massachusetts State Police",)
SOURCES = ("pledge form", "letter", "state association list", None)

# How many departments pledge for the first time between two days, after the day of the 182.
LATER = (
    (14, date(2017, 10, 2), date(2018, 12, 14)),
    (9, date(2019, 1, 7), date(2019, 12, 13)),
    (9, date(2020, 1, 6), date(2022, 12, 16)),
    (5, date(2023, 1, 9), date(2023, 10, 30)),
    (7, date(2023, 12, 4), date(2024, 5, 10)),  # due soon in November 2026
    (14, date(2024, 6, 3), date(2025, 12, 12)),
)


@dataclass(frozen=True)
class Pledge:
    """One row of pledges.csv; the fields are its columns, in order."""

    department_id: str
    pledged_on: date
    precision: str | None = None
    edition: str | None = None
    policy_adopted_on: date | None = None
    completion_claimed_on: date | None = None
    completion_confirmed_on: date | None = None
    withdrawn_on: date | None = None
    source: str | None = None


def in_order_of_pledging(rng: Random, departments: Iterable[Department]) -> list[Department]:
    """Departments as they might come forward: chance, with larger ones somewhat likelier."""
    eligible = [department for department in departments if department.name not in NOT_PLEDGED]
    eagerness = {
        department.department_id: rng.random()
        ** (1 / (1 + (department.sworn_officers or 1) ** 0.4))
        for department in eligible
    }
    return sorted(eligible, key=lambda department: -eagerness[department.department_id])


def edition_written(rng: Random, pledged_on: date) -> str | None:
    """The edition as a form might give it: often blank, for the pledge's date decides then."""
    if pledged_on >= date(2023, 1, 1):
        return "current" if rng.random() < 0.5 else None
    if pledged_on >= date(2019, 1, 1):
        return "2019" if rng.random() < 0.3 else None
    return "2016" if rng.random() < 0.2 else None


def first_pledge(rng: Random, department: Department, pledged_on: date) -> Pledge:
    """A pledge as made, with the policy that about six in ten adopted by now."""
    adopted = between(rng, pledged_on + days(40), pledged_on + days(900))
    return Pledge(
        department_id=department.department_id,
        pledged_on=pledged_on,
        precision=None if rng.random() < 0.4 else "day",
        edition=edition_written(rng, pledged_on),
        policy_adopted_on=adopted if rng.random() < 0.62 and adopted <= LAST_DAY else None,
        source="state association event" if pledged_on == TOGETHER else rng.choice(SOURCES),
    )


def early_days(rng: Random) -> list[date]:
    """Pledge days between the launch and the day of the 182."""
    return [between(rng, LAUNCH, date(2017, 8, 31)) for _ in range(EARLY_COUNT)]


def later_days(rng: Random) -> list[date]:
    """Pledge days after the day of the 182."""
    return [between(rng, first, last) for count, first, last in LATER for _ in range(count)]


def first_pledges(rng: Random, departments: list[Department]) -> list[Pledge]:
    """One pledge for each department that ever pledged, in order of department id."""
    by_name = {department.name: department for department in departments}
    early = {NORTHAMPTON: date(2017, 1, 17), TEWKSBURY: date(2016, 10, 24)}
    fixed = early | dict.fromkeys(JOINED_TOGETHER, TOGETHER)
    together = [TOGETHER] * (TOGETHER_COUNT - len(JOINED_TOGETHER))
    dates = early_days(rng) + together + later_days(rng)
    others = [
        department
        for department in in_order_of_pledging(rng, departments)
        if department.name not in fixed
    ]
    pledges = [first_pledge(rng, by_name[name], day) for name, day in fixed.items()]
    pledges += [first_pledge(rng, one, day) for one, day in zip(others, dates, strict=False)]
    return sorted(pledges, key=lambda pledge: pledge.department_id)


def complete(rng: Random, pledge: Pledge, claimed: date, confirmed: date | None) -> Pledge:
    """The same pledge carried out: policy in place before the claim, then perhaps confirmed."""
    adopted = pledge.policy_adopted_on
    if adopted is None or adopted >= claimed:
        adopted = between(rng, pledge.pledged_on + days(30), claimed - days(20))
    return replace(
        pledge,
        policy_adopted_on=adopted,
        completion_claimed_on=claimed,
        completion_confirmed_on=confirmed,
    )


def completion_days(rng: Random) -> list[tuple[date, date]]:
    """Claim and confirmation days: eight before the summer of 2019, a trickle of 42 after it."""
    first = [between(rng, date(2018, 10, 15), date(2019, 5, 10)) for _ in range(8)]
    rush = [between(rng, date(2019, 7, 10), date(2021, 3, 31)) for _ in range(23)]
    trickle = [between(rng, date(2021, 4, 1), date(2026, 4, 30)) for _ in range(19)]
    return [(day, between(rng, day + days(14), day + days(45))) for day in first + rush + trickle]


def with_completions(rng: Random, pledges: list[Pledge], known: dict[str, str]) -> list[Pledge]:
    """Pledges with their completions; known gives the ids of the two towns whose story is real."""
    done = {
        known[NORTHAMPTON]: (date(2018, 2, 5), date(2018, 2, 20)),
        known[TEWKSBURY]: (date(2018, 9, 10), date(2018, 9, 24)),
    }
    soon_due = date(2023, 11, 1)
    candidates = [one for one in pledges if one.department_id not in known.values()]
    free = [one for one in candidates if one.pledged_on < soon_due]
    rng.shuffle(free)
    for claimed, confirmed in completion_days(rng):
        pledge = next(one for one in free if add_months(one.pledged_on, 12) < claimed)
        free.remove(pledge)
        done[pledge.department_id] = (claimed, confirmed)
    claims = {one.department_id: between(rng, date(2025, 11, 3), LAST_DAY) for one in free[:9]}
    return [_carried_out(rng, pledge, done, claims) for pledge in pledges]


def _carried_out(
    rng: Random,
    pledge: Pledge,
    done: dict[str, tuple[date, date]],
    claims: dict[str, date],
) -> Pledge:
    if pledge.department_id in done:
        return complete(rng, pledge, *done[pledge.department_id])
    if pledge.department_id in claims:
        return complete(rng, pledge, claims[pledge.department_id], None)
    return pledge


def with_second_thoughts(rng: Random, pledges: list[Pledge]) -> list[Pledge]:
    """Six withdrawals, and twelve pledges signed again later (two of them after a withdrawal)."""
    open_ids = [
        one.department_id
        for one in pledges
        if not one.completion_claimed_on and one.pledged_on <= date(2019, 6, 30)
    ]
    chosen = rng.sample(open_ids, 16)
    withdrawn = {one: between(rng, date(2019, 8, 1), date(2022, 11, 30)) for one in chosen[:6]}
    again = {one: between(rng, date(2023, 2, 1), date(2025, 10, 31)) for one in chosen[4:]}
    rows = [replace(one, withdrawn_on=withdrawn.get(one.department_id)) for one in pledges]
    for department_id, day in again.items():
        edition = edition_written(rng, day)
        rows.append(Pledge(department_id, day, "day", edition, source="signed again"))
    return rows


def with_vague_dates(rng: Random, pledges: list[Pledge]) -> list[Pledge]:
    """Six pledges known only to the month or the year, kept as the period's first day."""
    vague = [one for one in pledges if date(2018, 1, 1) <= one.pledged_on < date(2023, 1, 1)]
    chosen = rng.sample(vague, 6)
    rows = [_start_of_period(one, chosen.index(one)) if one in chosen else one for one in pledges]
    return sorted(rows, key=lambda one: (one.department_id, one.pledged_on))


def _start_of_period(pledge: Pledge, place: int) -> Pledge:
    first = pledge.pledged_on.replace(day=1)
    if place == 0:
        return replace(pledge, pledged_on=first.replace(month=1), precision="year")
    return replace(pledge, pledged_on=first, precision="month")


def build_pledges(rng: Random, departments: list[Department]) -> list[Pledge]:
    """Every pledge of the sample in order of department and day."""
    ids = {department.name: department.department_id for department in departments}
    known = {name: ids[name] for name in (NORTHAMPTON, TEWKSBURY)}
    pledges = with_completions(rng, first_pledges(rng, departments), known)
    return with_vague_dates(rng, with_second_thoughts(rng, pledges))
