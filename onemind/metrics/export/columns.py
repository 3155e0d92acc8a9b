"""What each column that goes out holds: its type, and what it means, for whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onemind.campaign import Contract, Field, contract
from onemind.metrics.numbers import BY, PROGRESS

KEYS = ("department_id", "name", "type", "state")
NAMES = {
    "state": "The state, by its postal code.",
    "county": "The county.",
    "type": "What kind of department it is.",
    "edition": "The edition of the rule by which the pledge is judged.",
    "stage": "Where the pledge stands on the day.",
    "source": "Where training numbers come from: records, totals or none.",
    "month": "The month, as 2017-09.",
}
# Of each column of `progress`: its type and what it means.
_PROGRESS = {
    "department_id": ("string", "The department's id."),
    "name": ("string", "The department's name."),
    "type": ("string", NAMES["type"]),
    "municipality": ("string", "The city or town."),
    "county": ("string", NAMES["county"]),
    "state": ("string", NAMES["state"]),
    "edition": ("string", NAMES["edition"]),
    "pledged_on": ("date", "The day of the pledge in force."),
    "deadline_on": ("date", "The day by which that pledge is to be completed."),
    "stage": ("string", NAMES["stage"]),
    "sworn": ("integer", "Sworn officers; unknown is never 0."),
    "source": ("string", NAMES["source"]),
    "reported_on": ("date", "The latest day in the department's training data."),
    "mhfa_trained": ("integer", "Sworn officers with a valid MHFA certificate."),
    "cit_trained": ("integer", "Sworn officers with a valid CIT certificate."),
    "trained_low": ("integer", "Sworn officers with either certificate, at the least."),
    "trained_high": ("integer", "Sworn officers with either certificate, at the most."),
    "partnership": ("string", "Status of the practice partnership."),
    "policy": ("string", "Status of the practice policy."),
    "mhfa": ("string", "Status of the practice MHFA."),
    "cit": ("string", "Status of the practice CIT."),
    "compliant_today": ("boolean", "Whether all four practices are met on the day."),
    "check_counts": ("boolean", "Whether more trained than sworn officers are reported."),
    "expiring_90d": ("integer", "Officers whose last MHFA certificate ends within 90 days."),
    "lapsed": ("integer", "Officers whose last MHFA certificate has ended."),
    "pace_per_month": ("number", "Officers trained a month, over the last 180 days."),
    "projected_on": ("date", "The day on which training is done at that pace."),
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in Table Schema words, its meaning, whether it may be blank."""

    name: str
    type: str
    description: str
    required: bool = False


def of_progress() -> tuple[Column, ...]:
    """Return the columns of `progress`."""
    return tuple(Column(name, *_PROGRESS[name], required=name in KEYS) for name in PROGRESS)


def of_dataset(name: str) -> tuple[Column, ...]:
    """Return the columns of a dataset, as its contract says; raises WrongUse for none such."""
    return _of(contract(name), contract(name).fields)


def of_department() -> tuple[Column, ...]:
    """Return the columns of departments but for whom to call."""
    parsed = contract("departments")
    return _of(parsed, [field for field in parsed.fields if not field.contact])


def of_metric(by: Sequence[str] = BY) -> tuple[Column, ...]:
    """Return the columns of a number split by dimensions."""
    return (
        *(Column(name, "string", NAMES[name]) for name in by),
        Column("value", "number", "The number; a share is from 0 to 1. Unknown is null."),
        Column("n", "integer", "How many departments it rests on.", True),
        Column("m", "integer", "How many departments there are.", True),
    )


def _of(parsed: Contract, fields: Sequence[Field]) -> tuple[Column, ...]:
    """A year of outcomes that is withheld in part may lack what a row of the file must have."""
    return tuple(
        Column(item.name, item.type, item.description, item.name in parsed.key) for item in fields
    )
