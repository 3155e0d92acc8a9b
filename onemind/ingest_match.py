"""Which dataset a file is, and which column is which field: by its header and the aliases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from onemind.contract import Contract, contract, contracts
from onemind.errors import CheckFailed
from onemind.ingest_read import Source, fault
from onemind.problem import Problem


@dataclass(frozen=True)
class Match:
    """A file's dataset, where each field's column is (from 0), and values set for absent ones."""

    dataset: str
    columns: dict[str, int]
    constants: dict[str, str]
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
    parsed = contract(dataset) if dataset else _recognise(source, renames, constants)
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
    return Match(parsed.name, columns, constants, tuple(_unused(parsed, source, columns)))


def plain(label: str) -> str:
    """Return a header without case, spaces and punctuation, so that "Dept. ID" is "dept_id"."""
    return re.sub(r"[^a-z0-9]", "", label.lower())


def _columns(parsed: Contract, header: tuple[str, ...], renames: dict[str, str]) -> dict[str, int]:
    """Names first, then aliases; a required field may share the column of an optional one."""
    found = {renames[label]: place for place, label in enumerate(header) if label in renames}
    found = {name: place for name, place in found.items() if name in parsed.columns}
    labels = {place: plain(label) for place, label in enumerate(header) if label not in renames}
    for field in parsed.fields:
        for place, label in labels.items():
            if field.name not in found and label == plain(field.name):
                found[field.name] = place
    taken = set(found.values())
    for field in sorted(parsed.fields, key=lambda item: not item.required):
        aliases = {plain(alias) for alias in field.aliases}
        for place, label in labels.items():
            free = place not in taken or field.required
            if field.name not in found and label in aliases and free:
                found[field.name] = place
                taken.add(place)
    return {name: found[name] for name in parsed.columns if name in found}


def _recognise(source: Source, renames: dict[str, str], constants: dict[str, str]) -> Contract:
    scores = {
        name: _score(parsed, source, renames, constants) for name, parsed in contracts().items()
    }
    best = max(scores, key=lambda name: scores[name])
    if scores[best][1] < 2:
        raise fault(
            source.name,
            "unknown-dataset",
            f"It is not clear what {source.name} holds: its header is {_listed(source.header)}. "
            f"Name the columns as in one of the templates ({', '.join(contracts())}).",
        )
    return contracts()[best]


def _score(
    parsed: Contract, source: Source, renames: dict[str, str], constants: dict[str, str]
) -> tuple[bool, int, bool]:
    columns = _columns(parsed, source.header, renames)
    complete = all(
        field.name in columns or field.name in constants
        for field in parsed.fields
        if field.required
    )
    stem = plain(Path(source.name).stem)
    return complete, len(set(columns.values())), plain(parsed.name) == stem


def _duplicates(
    parsed: Contract, source: Source, columns: dict[str, int], renames: dict[str, str]
) -> list[Problem]:
    counts = Counter(plain(label) for label in source.header if label and label not in renames)
    used = {plain(source.header[place]) for place in columns.values()}
    return [
        _problem(
            source,
            parsed,
            "duplicate-label",
            label,
            f"{source.name} has {count} columns called '{label}'. "
            "It is not clear which one counts: keep one, or rename the others.",
        )
        for label, count in counts.items()
        if count > 1 and label in used
    ]


def _missing(
    parsed: Contract, source: Source, columns: dict[str, int], constants: dict[str, str]
) -> list[Problem]:
    unused = [
        label
        for place, label in enumerate(source.header)
        if place not in columns.values() and label
    ]
    hint = f"Rename '{unused[0]}' or add the column" if unused else "Add the column"
    return [
        _problem(
            source,
            parsed,
            "missing-label",
            field.name,
            f"Your file {source.name} is missing a column called '{field.name}' "
            f"({parsed.title.lower()}: {field.description}) It has {_listed(source.header)}. "
            f"{hint}, then try again.",
        )
        for field in parsed.fields
        if field.required and field.name not in columns and field.name not in constants
    ]


def _unused(parsed: Contract, source: Source, columns: dict[str, int]) -> list[Problem]:
    return [
        _problem(
            source,
            parsed,
            "extra-label" if label else "blank-label",
            label or None,
            f"The column '{label}' is not part of {parsed.title.lower()}; it is not kept."
            if label
            else f"Column {place + 1} has no header; it is not kept.",
        )
        for place, label in enumerate(source.header)
        if place not in columns.values()
    ]


def _problem(
    source: Source, parsed: Contract, code: str, column: str | None, message: str
) -> Problem:
    row = None if code == "missing-label" else 1
    return Problem(source.name, parsed.name, row, column, code, None, message)


def _listed(header: tuple[str, ...]) -> str:
    labels = [f"'{label}'" for label in header if label]
    shown = ", ".join(labels[:12]) + (f" and {len(labels) - 12} more" if len(labels) > 12 else "")
    return shown.replace(", and", " and")
