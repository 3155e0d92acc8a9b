"""Which dataset a file is, and which column is which field: by its header and the aliases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from onemind.campaign import Contract, Field, contract, contracts
from onemind.errors import WrongUse
from onemind.ingest.matching.names import HINTS
from onemind.ingest.matching.suggest import word
from onemind.ingest.problem import CheckFailed, Problem
from onemind.ingest.reading import Source, fault, labels_of, plain

SHORT = 3  # letters; a word such as ST is a part of too many others

# A word in the header of a day by practice -> the dataset that tells that day.
PRACTICE_DATA = {
    "mhfa": "training", "cit": "training", "training": "training", "trained": "training",
    "partner": "partnerships",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A file's dataset, where each field's column is (from 0), and values set for absent ones.

    `hints` are columns of no field that say where a department is, should it be given by name.
    """

    dataset: str
    columns: dict[str, int]
    constants: dict[str, str]
    hints: dict[str, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The fields that the file, or the person, gives a value."""
        return (*self.columns, *self.constants)


def match(
    source: Source,
    dataset: str | None = None,
    renames: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> Match:
    """Find the file's dataset and its columns.

    `renames` maps headers to field names and goes before all else; `constants` gives a field that
    the file lacks one value for every row. Raises CheckFailed when columns are missing or doubled.
    """
    renames, constants = dict(renames or {}), dict(constants or {})
    _prove_columns([*renames.values(), *constants])
    parsed = contract(dataset) if dataset else _recognize(source, renames, constants)
    columns = _columns(parsed, source.header, renames)
    constants = {
        name: value
        for name, value in constants.items()
        if name in parsed.columns and name not in columns
    }
    problems = [
        *_duplicates(parsed, source, columns, renames),
        *_missing(parsed, source, columns, constants),
    ]
    if problems:
        raise CheckFailed(problems)
    hints = _hints(parsed, source, columns)
    used = {*columns.values(), *hints.values()}
    return Match(parsed.name, columns, constants, hints, tuple(_unused(parsed, source, used)))


def _prove_columns(names: list[str]) -> None:
    known = {column for parsed in contracts().values() for column in parsed.columns}
    for name in names:
        if name not in known:
            raise WrongUse(f"No dataset has a column called '{name}' in any dataset.")


def _columns(parsed: Contract, header: tuple[str, ...], renames: dict[str, str]) -> dict[str, int]:
    """Names first, then aliases; a required field may share the column of an optional one."""
    columns = {renames[label]: place for place, label in enumerate(header) if label in renames}
    columns = {name: place for name, place in columns.items() if name in parsed.columns}
    labels = {place: plain(label) for place, label in enumerate(header) if label not in renames}
    for item in parsed.fields:
        for place, label in labels.items():
            if item.name not in columns and label == plain(item.name):
                columns[item.name] = place
    _by_alias(parsed, labels, columns, free_only=True)
    _by_alias(parsed, labels, columns, free_only=False)
    _by_name(parsed, labels, columns)
    return {name: columns[name] for name in parsed.columns if name in columns}


def _by_alias(
    parsed: Contract, labels: dict[int, str], columns: dict[str, int], *, free_only: bool
) -> None:
    """Take columns by the fields' aliases; those taken already only for fields every row needs."""
    for item in sorted(parsed.fields, key=lambda item: not item.required):
        aliases = {plain(alias) for alias in item.aliases}
        for place, label in labels.items():
            taken = place in columns.values()
            if item.name in columns or label not in aliases:
                continue
            if not taken or (item.required and not free_only):
                columns[item.name] = place


def _by_name(parsed: Contract, labels: dict[int, str], columns: dict[str, int]) -> None:
    """Take a column of department names for the ids that a file lacks."""
    keys = {key.field for key in parsed.foreign_keys if key.dataset == "departments"}
    for field_name in keys - set(columns):
        names = labels_of(contract("departments").field("name"))
        for place, label in labels.items():
            if label in names and place not in columns.values():
                columns.setdefault(field_name, place)


def _hints(parsed: Contract, source: Source, columns: dict[str, int]) -> dict[str, int]:
    """Find the columns that say where a department is, in a dataset that has none of its own."""
    hints: dict[str, int] = {}
    if not any(key.dataset == "departments" for key in parsed.foreign_keys):
        return hints
    for name in HINTS:
        field = contract("departments").field(name)
        words = labels_of(field)
        for place, label in enumerate(source.header):
            if plain(label) in words and place not in columns.values():
                hints.setdefault(name, place)
    return hints


def _recognize(source: Source, renames: dict[str, str], constants: dict[str, str]) -> Contract:
    scores = {
        name: _score(parsed, source, renames, constants) for name, parsed in contracts().items()
    }
    best = max(scores, key=lambda name: scores[name])
    if scores[best][0] < 2:
        raise fault(
            source.name,
            "unknown-dataset",
            f"It isn't clear what kind of data {source.name} holds: its header is "
            f"{_listed(source.header)}. "
            f"Name the columns as in one of the templates ({', '.join(contracts())}).",
        )
    return contracts()[best]


def _score(
    parsed: Contract, source: Source, renames: dict[str, str], constants: dict[str, str]
) -> tuple[int, bool, bool]:
    columns = _columns(parsed, source.header, renames)
    complete = all(
        field.name in columns or field.name in constants
        for field in parsed.fields
        if field.required
    )
    stem = plain(Path(source.name.partition(", sheet ")[2] or source.name).stem)
    return len(set(columns.values())), complete, plain(parsed.name) == stem


def _duplicates(
    parsed: Contract, source: Source, columns: dict[str, int], renames: dict[str, str]
) -> list[Problem]:
    used = {plain(source.header[place]) for place in columns.values()}
    same: dict[str, list[str]] = defaultdict(list)
    for label in source.header:
        if label and label not in renames:
            same[plain(label)].append(label)
    return [
        _problem(
            source,
            parsed,
            "duplicate-label",
            labels[0],
            f"{source.name} has {len(labels)} columns called '{labels[0]}'. "
            "It isn't clear which one to use: keep one, or rename the others.",
        )
        for key, labels in same.items()
        if len(labels) > 1 and key in used
    ]


def _missing(
    parsed: Contract, source: Source, columns: dict[str, int], constants: dict[str, str]
) -> list[Problem]:
    taken = set(columns.values())
    unused = [label for place, label in enumerate(source.header) if place not in taken and label]
    lost = [
        item
        for item in parsed.fields
        if item.required and item.name not in columns and item.name not in constants
    ]
    return [_lost_column(parsed, source, item, unused) for item in lost]


def _lost_column(parsed: Contract, source: Source, lost: Field, unused: list[str]) -> Problem:
    likely = similar(parsed, lost, unused)
    advice = "Give the column that holds it this name, or add it" if unused else "Add the column"
    if likely:
        advice = f"Rename '{likely}' or add the column"
    hint = f" Is it '{likely}'?" if likely else ""
    message = (
        f"Your file {source.name} is missing a column called '{lost.name}' "
        f"({parsed.title.lower()}: {lost.description}) It has {_listed(source.header)}.{hint} "
        f"{advice}, then try again."
    )
    return replace(_problem(source, parsed, "missing-label", lost.name, message), suggestion=likely)


def similar(parsed: Contract, lost: Field, labels: list[str]) -> str | None:
    """Return the first header that is like a field's name or alias and no more like another's."""
    own = _words(lost)
    others = {item for field in parsed.fields if field is not lost for item in _words(field)}
    for label in labels:
        if word(plain(label), [*own, *(others - {*own})], likely=82) in own:
            return label
    return None


def _words(field: Field) -> list[str]:
    return [item for item in map(plain, (field.name, *field.aliases)) if len(item) > SHORT]


def _unused(parsed: Contract, source: Source, used: set[int]) -> list[Problem]:
    return [
        _problem(
            source,
            parsed,
            "extra-label" if label else "blank-label",
            label or None,
            _extra(parsed, label)
            if label
            else f"Column {place + 1} has no header; it is not stored.",
        )
        for place, label in enumerate(source.header)
        if place not in used
    ]


def _extra(parsed: Contract, label: str) -> str:
    """Say that a column is not stored; of days by practice, where they come from instead."""
    message = f"The column '{label}' is not part of {parsed.title.lower()}; it is not stored."
    source = next((name for word, name in PRACTICE_DATA.items() if word in plain(label)), None)
    if parsed.name != "pledges" or source is None:
        return message
    title = contracts()[source].title.lower()
    return f"{message} The dashboard finds the day of that practice from {title}: publish those."


def _problem(
    source: Source, parsed: Contract, code: str, column: str | None, message: str
) -> Problem:
    row = None if code == "missing-label" else source.above + 1
    return Problem(source.name, parsed.name, row, column, code, None, message)


def _listed(header: tuple[str, ...]) -> str:
    labels = [f"'{label}'" for label in header if label]
    shown = ", ".join(labels[:12]) + (f" and {len(labels) - 12} more" if len(labels) > 12 else "")
    return shown.replace(", and", " and")
