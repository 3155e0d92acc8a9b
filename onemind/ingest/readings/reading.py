"""A reading: the one value that says how a file becomes rows of a dataset.

The same value holds what was found in a file, what somebody answered, and what is remembered for a
set of headers. What is empty in it is left to be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from onemind.errors import WrongUse

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)
EVERY = "*"  # every column of dates; every word of a column that decides nothing
AT_LEAST = ">="  # the lowest score that counts
COUNTS, LEFT_OUT = "yes", "no"
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Reading:
    """How a file becomes rows of a dataset.

    `columns` maps headers to fields, `constants` gives a field the file lacks one value, `dates`
    says by field in which order days are written (ORDERS; EVERY for all columns). `words` says by
    field what a word means, `rows` says by header which words count (COUNTS) and which are left out
    (LEFT_OUT); EVERY there says that the column decides nothing, AT_LEAST is the lowest score.
    `names` says which department a spelled name or id means, `hidden` whether rows count that a
    workbook hides (COUNTS or LEFT_OUT).
    """

    dataset: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    rows: Words = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    hidden: str = ""

    def __post_init__(self) -> None:
        """Refuse an order of dates that is none."""
        for order in self.dates.values():
            if order not in ORDERS:
                raise WrongUse(f"Dates can't be '{order}'. Choose one of: {', '.join(ORDERS)}.")

    def order(self, name: str) -> str | None:
        """Return the order in which a field's days are written, None where it is to be found."""
        return self.dates.get(name) or self.dates.get(EVERY)

    def then(self, later: Reading) -> Reading:
        """Return this reading with what a later one says; it goes before."""
        values = {item.name: getattr(later, item.name) for item in fields(self)}
        merged = {name: _merged(getattr(self, name), value) for name, value in values.items()}
        return Reading(**merged)

    def record(self) -> dict[str, Any]:
        """Return it as plain values, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the reading of a record; names that none has are passed over."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in record.items() if name in known})


def _merged(before: Any, after: Any) -> Any:
    if not isinstance(before, Mapping):
        return after or before
    return {
        name: _merged(before[name], after[name])
        if isinstance(before.get(name), Mapping) and name in after
        else after.get(name, before.get(name))
        for name in {**before, **after}
    }
