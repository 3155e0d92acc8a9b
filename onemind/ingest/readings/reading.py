"""A reading: the one value that says how a file becomes rows of a dataset.

The same value holds what was found in a file, what somebody answered, and what is remembered for a
set of headers. What is empty in it is left to be found.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

import tomli_w

from onemind.campaign import contract, contracts
from onemind.errors import WrongUse

MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)
EVERY = "*"  # every column of dates; every word of a column that decides nothing
AT_LEAST = ">="  # the lowest score that counts
COUNTS, LEFT_OUT = "yes", "no"
ROWS, COURSES, HEADINGS = "rows", "courses", "headings"  # a row a record; a course a column; …
SHAPES = (ROWS, COURSES, HEADINGS, f"{HEADINGS} and {COURSES}")
TEXT, PAIRS = "a text", "pairs of texts such as x = 'y'"
NESTED = "tables of pairs, one for each column"
KINDS = {
    "dataset": TEXT, "sheets": PAIRS, "shape": TEXT, "columns": PAIRS, "constants": PAIRS,
    "dates": PAIRS, "words": NESTED, "rows": NESTED, "names": PAIRS, "hidden": TEXT,
}  # fmt: skip
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Reading:
    """How a file becomes rows of a dataset.

    `sheets` says by name which sheets of its workbook are used (COUNTS or LEFT_OUT), `shape` which
    of SHAPES the table has. `columns` maps headers to fields, `constants` gives a field the file
    lacks one value, `dates` says by field in which order days are written (ORDERS; EVERY for all
    columns). `words` says by field what a word means, `rows` says by header which words count
    (COUNTS) and which are left out (LEFT_OUT); EVERY there says that the column decides nothing,
    AT_LEAST is the lowest score.
    `names` says which department a spelled name or id means, `hidden` whether rows count that a
    workbook hides (COUNTS or LEFT_OUT).
    """

    dataset: str | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    shape: str = ""
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

    def toml(self) -> str:
        """Return it as TOML, which `from_toml` reads."""
        return tomli_w.dumps(self.record())

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Return the reading of a TOML text; raises WrongUse where it is none, and says why."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise WrongUse(f"This is not TOML: {error}.") from error
        kinds = {item.name: item for item in fields(cls)}
        for name, value in raw.items():
            if name not in kinds:
                raise WrongUse(f"A reading has no '{name}'. It has: {', '.join(kinds)}.")
            if not _is_sound(name, value):
                raise WrongUse(f"'{name}' has to be {KINDS[name]}.")
        reading = cls(**raw)
        prove(reading)
        return reading

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the reading of a record; names that none has are passed over."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in record.items() if name in known})


def prove(reading: Reading) -> None:
    """Raise WrongUse where a reading names a column or a dataset that there is not, or an answer
    that is none.
    """
    known = {name for parsed in contracts().values() for name in parsed.columns}
    named = [*reading.columns.values(), *reading.constants, *reading.words]
    named += [name for name in reading.dates if name != EVERY]
    for name in named:
        if name not in known:
            raise WrongUse(f"There is no column '{name}' in any dataset.")
    if reading.dataset:
        contract(reading.dataset)
    if reading.shape and reading.shape not in SHAPES:
        raise WrongUse(f"'shape' can be {', '.join(SHAPES)}, not '{reading.shape}'.")
    for sheet, value in reading.sheets.items():
        if value not in (COUNTS, LEFT_OUT):
            raise WrongUse(f"'{sheet}' can be {COUNTS} or {LEFT_OUT}, not '{value}'.")
    if reading.hidden not in ("", COUNTS, LEFT_OUT):
        raise WrongUse(f"'hidden' can be {COUNTS} or {LEFT_OUT}, not '{reading.hidden}'.")
    for header, words in reading.rows.items():
        for word, value in words.items():
            is_number = word == AT_LEAST and re.fullmatch(r"-?\d+(\.\d+)?", value)
            if not is_number and (word == AT_LEAST or value not in (COUNTS, LEFT_OUT)):
                raise WrongUse(
                    f"'{header}', '{word}' can be {COUNTS} or {LEFT_OUT}, not '{value}'."
                )


def _is_sound(name: str, value: Any) -> bool:
    if KINDS[name] == TEXT:
        return isinstance(value, str)
    if not isinstance(value, dict):
        return False
    if KINDS[name] == NESTED:
        return all(isinstance(item, dict) and _are_texts(item) for item in value.values())
    return _are_texts(value)


def _are_texts(pairs: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in pairs.values())


def _merged(before: Any, after: Any) -> Any:
    if not isinstance(before, Mapping):
        return after or before
    return {
        name: _merged(before[name], after[name])
        if isinstance(before.get(name), Mapping) and name in after
        else after.get(name, before.get(name))
        for name in {**before, **after}
    }
