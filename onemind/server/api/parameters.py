"""What may stand behind the question mark: each parameter declared, and none but those.

A parameter that is misspelled would widen an answer silently, so it is refused like a wrong value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onemind.campaign import SOURCES, STAGES, Filter, contract, load_rules
from onemind.errors import WrongParameters
from onemind.metrics import BY

MOST_ROWS = 100_000
MOST = 1_000_000_000
LONGEST = 200  # letters of a value
JSON, CSV, PARQUET = "json", "csv", "parquet"


@dataclass(frozen=True)
class Parameter:
    """One parameter: `kind` string, integer or date; `values` those there are (none: any)."""

    name: str
    description: str
    kind: str = "string"
    values: tuple[str, ...] = ()
    repeated: bool = False
    least: int = 0
    most: int = MOST
    default: Any = None

    def read(self, text: str) -> Any:
        """Return the value that a text is; raises ValueError with what is wrong."""
        if self.kind == "date":
            return _day(self.name, text)
        if self.kind == "integer":
            return self._number(text)
        if self.values and text not in self.values:
            known = ", ".join(self.values)
            raise ValueError(f"'{self.name}' is '{text[:LONGEST]}'. Choose one of: {known}.")
        if not 1 <= len(text) <= LONGEST:
            raise ValueError(f"'{self.name}' takes 1 to {LONGEST} letters.")
        return text

    def _number(self, text: str) -> int:
        plain = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))
        if not plain or not self.least <= int(text) <= self.most:
            span = f"a whole number from {self.least:,} to {self.most:,}"
            raise ValueError(f"'{self.name}' is '{text[:LONGEST]}'. It takes {span}.")
        return int(text)


def _day(name: str, text: str) -> date:
    try:
        if len(text) == len("2017-09-20"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"'{name}' is '{text[:LONGEST]}'. Write a day as 2017-09-20.")


@dataclass(frozen=True)
class Given:
    """The parameters of one request, read: values by name, those there are, and how to write them
    again.
    """

    values: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def filter(self, version: int | None) -> Filter:
        """Return the filter that they are, at a version."""
        narrowed = {name: self.values[name] for name in NARROWING if name in self.values}
        return Filter(**narrowed, as_of=self["as_of"], version=version)

    def pairs(self) -> list[tuple[str, str]]:
        """Return them as an address has them, always in the same order."""
        pairs = []
        for name, value in sorted(self.values.items()):
            listed = value if isinstance(value, tuple) else (value,)
            pairs += [(name, str(item)) for item in listed if item is not None]
        return pairs


def read(declared: Sequence[Parameter], pairs: Iterable[tuple[str, str]]) -> Given:
    """Read parameters; raises WrongParameters, which names each that is wrong."""
    known = {item.name: item for item in declared}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, text in pairs:
        try:
            _take(known, values, name, text)
        except ValueError as error:
            faults.setdefault(name[:LONGEST], str(error))
    if faults:
        raise WrongParameters(faults)
    defaults = {item.name: item.default for item in known.values() if item.default is not None}
    return Given(defaults | values, tuple(known))


def _take(known: dict[str, Parameter], values: dict[str, Any], name: str, text: str) -> None:
    declared = known.get(name)
    if declared is None:
        listed = ", ".join(known) or "none"
        raise ValueError(f"There is no parameter '{name[:LONGEST]}' here. There are: {listed}.")
    value = declared.read(text)
    if declared.repeated:
        values[name] = (*values.get(name, ()), value)
    elif name in values:
        raise ValueError(f"'{name}' may be given once only.")
    else:
        values[name] = value


def _enum(name: str) -> tuple[str, ...]:
    return contract("departments").field(name).enum


def _narrowing() -> tuple[Parameter, ...]:
    editions = tuple(item.id for item in load_rules().editions)
    again = "Give it again for another value."
    return (
        Parameter("state", f"Only these states, by postal code. {again}", repeated=True),
        Parameter("county", f"Only these counties. {again}", repeated=True),
        Parameter("type", f"Only these kinds of department. {again}", values=_enum("type"),
                  repeated=True),
        Parameter("edition", f"Only pledges judged by these editions. {again}", values=editions,
                  repeated=True),
        Parameter("stage", f"Only pledges in these stages. {again}", values=tuple(STAGES),
                  repeated=True),
        Parameter("source", f"Only where training numbers come from these. {again}",
                  values=tuple(SOURCES), repeated=True),
    )  # fmt: skip


DIMENSIONS = _narrowing()
NARROWING = tuple(item.name for item in DIMENSIONS)
PLACES = DIMENSIONS[:3]  # what a department is, pledged or not
AS_OF = Parameter("as_of", "As on this day, today if left out.", "date")
VERSION = Parameter("version", "As published in this version, the newest if left out.",
                    "integer", least=1)  # fmt: skip
BY_DIMENSION = Parameter("by", "Split by a dimension. Give it again for another.", values=BY,
                         repeated=True)  # fmt: skip
FORMAT = Parameter("format", "The form of the answer; it goes before the Accept header.",
                   values=(JSON, CSV, PARQUET))  # fmt: skip
PAGING = (
    Parameter("limit", "At most so many rows.", "integer", least=1, most=MOST_ROWS,
              default=MOST_ROWS),
    Parameter("offset", "So many rows are passed over.", "integer", default=0),
)  # fmt: skip
