"""What each CSV holds, in Table Schema words: one TOML file a dataset in `contracts/`.

Beyond Table Schema a field may have `aliases` (other headers people write), `synonyms` (other
words for a value), `vocabulary` (values that live in the rules or the list of states), `default`
(what a blank means), `personal` (must not identify a person), `contact` (whom to call: for staff
only), `past` (a day to come is odd), `suffixes` (words dropped from the end of a value); a contract
may have `orders` (one column never above another), `partialDates` (a month or a year alone is
accepted) and `countsPeople` (its counts are of people, so small ones are for staff only).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from onemind.errors import ContractError, WrongUse

FOLDER = Path(__file__).parent / "contracts"
# Parents before children, so that a foreign key's target is checked first.
DATASETS = (
    "departments", "pledges", "officers", "training", "training_totals",
    "partners", "partnerships", "outcomes", "feedback",
)  # fmt: skip
TYPES = {
    "string": "varchar",
    "integer": "bigint",
    "number": "double",
    "date": "date",
    "boolean": "boolean",
}
MOST = 1_000_000_000  # of anything counted: sums and products of it stay within 64 bits
MISSING_VALUES = ("na", "n/a", "-", "unknown", "-666666666")


@dataclass(frozen=True)
class Field:
    """One column: its name, its type in Table Schema words, what it means and what it may hold."""

    name: str
    type: str
    title: str
    description: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    enum: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    vocabulary: str = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    pattern: str = ""
    missing_values: tuple[str, ...] = ()
    default: str | None = None
    personal: bool = False
    contact: bool = False
    past: bool = False
    suffixes: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB."""
        return TYPES[self.type]


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values must exist in another dataset's column of the same name."""

    field: str
    dataset: str


@dataclass(frozen=True)
class Order:
    """In each row `lower` must not be above `upper`."""

    lower: str
    upper: str
    severity: str = "error"


@dataclass(frozen=True)
class Contract:
    """One dataset: its fields in order, its key, and what ties it to others."""

    name: str
    title: str
    description: str
    unit: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    orders: tuple[Order, ...] = ()
    partial_dates: bool = False
    counts_people: bool = False

    def field(self, name: str) -> Field:
        """Return the field of that name; raises WrongUse when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise WrongUse(f"{self.title} has no column called '{name}'.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def ids(self) -> tuple[str, ...]:
        """The fields that hold ids: text of its key, and what refers to other datasets."""
        keys = {*self.key, *(key.field for key in self.foreign_keys)}
        return tuple(name for name in self.columns if name in keys and name.endswith("_id"))

    @property
    def names_officers(self) -> bool:
        """Whether a row is about one officer."""
        return any(field.personal for field in self.fields)


@cache
def contracts() -> dict[str, Contract]:
    """Return all contracts by name, parents before children.

    Raises ContractError when a file is missing or says something that can't be kept.
    """
    return {name: load_contract(FOLDER / f"{name}.toml") for name in DATASETS}


def contract(name: str) -> Contract:
    """Return one contract; raises WrongUse when no dataset has that name."""
    if name not in DATASETS:
        raise WrongUse(f"Unknown dataset '{name}'. Choose one of: {', '.join(DATASETS)}.")
    return contracts()[name]


def load_contract(path: Path) -> Contract:
    """Read one contract from its TOML file."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        parsed = Contract(
            name=raw["name"],
            title=raw["title"],
            description=raw["description"],
            unit=raw["unit"],
            key=tuple(raw["primaryKey"]),
            fields=tuple(_field(item) for item in raw["fields"]),
            foreign_keys=tuple(_foreign_key(item) for item in raw.get("foreignKeys", ())),
            orders=tuple(Order(**item) for item in raw.get("orders", ())),
            partial_dates=raw.get("partialDates", False),
            counts_people=raw.get("countsPeople", False),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ContractError(f"The contract {path.name} can't be read: {error}.") from error
    _prove(parsed)
    return parsed


def _field(raw: dict[str, Any]) -> Field:
    rules = raw.get("constraints", {})
    return Field(
        name=raw["name"],
        type=raw["type"],
        title=raw["title"],
        description=raw["description"],
        unit=raw.get("unit", ""),
        aliases=tuple(raw.get("aliases", ())),
        required=rules.get("required", False),
        enum=tuple(rules.get("enum", ())),
        synonyms=tuple(raw.get("synonyms", {}).items()),
        vocabulary=raw.get("vocabulary", ""),
        minimum=rules.get("minimum"),
        maximum=rules.get("maximum", MOST if raw["type"] == "integer" else None),
        max_length=rules.get("maxLength"),
        pattern=rules.get("pattern", ""),
        missing_values=tuple(raw.get("missingValues", ())),
        default=raw.get("default"),
        personal=raw.get("personal", False),
        contact=raw.get("contact", False),
        past=raw.get("past", False),
        suffixes=tuple(raw.get("suffixes", ())),
    )


def _foreign_key(raw: dict[str, Any]) -> ForeignKey:
    return ForeignKey(field=raw["fields"][0], dataset=raw["reference"]["resource"])


def _prove(parsed: Contract) -> None:
    """Refuse a contract that names a column or a type that does not exist."""
    known = set(parsed.columns)
    named = {*parsed.key, *(fk.field for fk in parsed.foreign_keys)}
    named |= {side for order in parsed.orders for side in (order.lower, order.upper)}
    if missing := sorted(named - known):
        raise ContractError(f"The contract {parsed.name} speaks of {missing}, which it lacks.")
    for field in parsed.fields:
        if field.type not in TYPES or not re.fullmatch(r"[a-z][a-z_]*", field.name):
            raise ContractError(f"The contract {parsed.name} has an unsound field '{field.name}'.")
