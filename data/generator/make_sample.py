"""Writes the sample campaign, nine CSV files under data/sample, the same bytes every time.

Run: python data/generator/make_sample.py [FOLDER]. The figures are made up; data/sample/README.md
says which facts are real. Each dataset has its own generator, so that a change to one leaves the
others alone.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from random import Random

from sample_departments import Department, Place, build_departments, read_places
from sample_officers import (
    Officer,
    Plan,
    build_officers,
    build_staff,
    choose_sources,
    plan_training,
)
from sample_outcomes import Feedback, Outcome, build_feedback, build_outcomes
from sample_partners import Partner, Partnership, build_partners, build_partnerships
from sample_pledges import Pledge, build_pledges
from sample_training import Certificate, Totals, build_totals, build_training

SEED = "one mind 2017-09-20"
HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Reports:
    """What departments report about training: the rows of three datasets."""

    officers: list[Officer]
    training: list[Certificate]
    totals: list[Totals]


def chance(name: str) -> Random:
    """A generator of its own for a dataset or department."""
    return Random(f"{SEED}: {name}")


def cell(value: object) -> str:
    """A value as the datasets write it: ISO dates, yes or no, blank for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def write_rows(path: Path, kind: type, rows: Sequence[object]) -> None:
    """Write rows of one kind; its fields are the columns, in order."""
    names = [field.name for field in fields(kind)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([cell(getattr(row, name)) for name in names] for row in rows)


def pledges_to_train_for(
    departments: list[Department], pledges: list[Pledge]
) -> dict[str, list[Pledge]]:
    """Pledges by department, and four departments that train as if they had pledged."""
    by_id: dict[str, list[Pledge]] = {}
    for pledge in pledges:
        by_id.setdefault(pledge.department_id, []).append(pledge)
    small = [one.department_id for one in departments if (one.sworn_officers or 0) < 80]
    unpledged = [one for one in small if one not in by_id]
    for department_id in chance("training without a pledge").sample(unpledged, 4):
        by_id[department_id] = [Pledge(department_id, date(2019, 3, 4))]
    return dict(sorted(by_id.items()))


def plan_all(departments: list[Department], pledges: list[Pledge]) -> list[Plan]:
    """A training plan for each department that trains or pledged, in order of id."""
    by_id = {department.department_id: department for department in departments}
    train_for = pledges_to_train_for(departments, pledges)
    done = {one.department_id for one in pledges if one.completion_claimed_on}
    active = [by_id[department_id] for department_id in train_for]
    sources = choose_sources(chance("sources"), active, done)
    return [
        plan_training(chance(f"plan {one}"), by_id[one], train_for[one], sources[one])
        for one in train_for
    ]


def build_reports(plans: list[Plan]) -> Reports:
    """Rosters, certificates and totals of every department, as its plan has it."""
    reports = Reports([], [], [])
    for plan in plans:
        rng = chance(f"training {plan.department_id}")
        if plan.source == "totals":
            reports.totals.extend(build_totals(rng, plan))
        if plan.source != "records":
            continue
        officers, staff = build_officers(rng, plan), build_staff(rng, plan)
        if plan.roster:
            reports.officers.extend(officers + staff)
        reports.training.extend(build_training(rng, plan, officers, staff))
    return reports


def without_some_counts(departments: list[Department], plans: list[Plan]) -> list[Department]:
    """Departments as reported: seven do not say how many sworn officers they have."""
    with_roster = {plan.department_id for plan in plans if plan.roster}
    small = [one for one in departments if 0 < (one.sworn_officers or 0) < 80]
    candidates = [one for one in small if one.department_id not in with_roster]
    blank = {one.department_id for one in chance("blanks").sample(candidates, 7)}
    return [
        replace(one, sworn_officers=None, counts_as_of=None) if one.department_id in blank else one
        for one in departments
    ]


def build_sample(places: dict[str, Place]) -> dict[str, tuple[type, Sequence[object]]]:
    """Every dataset by name: the kind of its rows, and the rows."""
    departments = build_departments(chance("departments"), places)
    pledges = build_pledges(chance("pledges"), departments)
    plans = plan_all(departments, pledges)
    reports = build_reports(plans)
    partners = build_partners(chance("partners"), places)
    work = build_partnerships(chance("partnerships"), departments, pledges, partners)
    return {
        "departments": (Department, without_some_counts(departments, plans)),
        "pledges": (Pledge, pledges),
        "officers": (Officer, reports.officers),
        "training": (Certificate, reports.training),
        "training_totals": (Totals, reports.totals),
        "partners": (Partner, partners),
        "partnerships": (Partnership, work),
        "outcomes": (Outcome, build_outcomes(chance("outcomes"), departments, plans)),
        "feedback": (Feedback, build_feedback(chance("feedback"), departments, plans)),
    }


def main(folder: Path) -> None:
    """Write the nine files into a folder and say how many rows each has."""
    places = read_places(HERE / "boundaries" / "places.csv")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (kind, rows) in build_sample(places).items():
        write_rows(folder / f"{name}.csv", kind, rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "sample")
