"""The sheet of a template that explains it: every column in words, and the lists to choose from.

Its first cell is NOT_READ, by which an upload knows to pass it over. The drop-downs of the other
sheets point at the lists here, for a list written into a drop-down itself ends at 255 letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from onemind.campaign import Contract, Field, Rules
from onemind.geography import states
from onemind.ingest import BOOLEANS, NOT_READ

NAME = "Explanations"
KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "date": "date",
    "boolean": "yes or no",
}
# Heading -> width of its column, in letters.
HEADINGS = {
    "Column": 26,
    "Title": 26,
    "What it contains": 60,
    "Kind of value": 26,
    "Unit": 12,
    "Required": 14,
    "Allowed values": 44,
    "When left blank": 16,
    "Other headers accepted": 44,
}
SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """A value that a column may hold, what it means, and how else people may write it."""

    value: str
    meaning: str = ""
    also: tuple[str, ...] = ()


def choices(field: Field, rules: Rules) -> tuple[Choice, ...]:
    """Return what a field may hold, () where it is no choice from a list."""
    if field.vocabulary == "states":
        return tuple(Choice(code, name) for code, name in states().items())
    if field.vocabulary == "courses":
        return tuple(Choice(item.id, item.title, item.synonyms) for item in rules.courses)
    if field.vocabulary == "editions":
        return tuple(Choice(item.id, item.description, item.synonyms) for item in rules.editions)
    if field.type == "boolean":
        words = {word: "yes" if value == "true" else "no" for word, value in BOOLEANS.items()}
        return tuple(Choice(value, "", _others(words, value)) for value in ("yes", "no"))
    return tuple(Choice(value, "", _others(dict(field.synonyms), value)) for value in field.enum)


def list_name(parsed: Contract, field: Field) -> str:
    """Return the name of the list a field chooses from; datasets share their vocabularies."""
    if field.vocabulary or field.type == "boolean":
        return field.vocabulary or "yes or no"
    return f"{parsed.name}: {field.name}"


def write(
    sheet: Worksheet, datasets: Sequence[Contract], rules: Rules, styles: dict[str, Format]
) -> dict[str, str]:
    """Fill the sheet; returns where each list stands, as a drop-down points at it."""
    for place, width in enumerate(HEADINGS.values()):
        sheet.set_column(place, place, width)
    sheet.write(0, 0, NOT_READ, styles["title"])
    row = 2
    for parsed in datasets:
        sheet.write(row, 0, f"{parsed.title} (sheet {parsed.name})", styles["title"])
        sheet.write(row + 1, 0, parsed.description)
        lines = [_explained(parsed, field, rules) for field in parsed.fields]
        row = _table(sheet, row + 2, tuple(HEADINGS), lines, styles) + 1
    return _lists(sheet, row, datasets, rules, styles)


def kind(field: Field) -> str:
    """Return what a field takes, in words: "whole number, 0 to 1,000"."""
    parts = [KINDS[field.type]]
    low, high = field.minimum, field.maximum
    if low is not None:
        parts.append(f"{low:,} or more" if high is None else f"{low:,} to {high:,}")
    elif high is not None:
        parts.append(f"at most {high:,}")
    if field.max_length is not None:
        parts.append(f"at most {field.max_length} characters")
    return ", ".join(parts)


def _others(words: dict[str, str], value: str) -> tuple[str, ...]:
    return tuple(word for word, meaning in words.items() if meaning == value != word)


def _explained(parsed: Contract, field: Field, rules: Rules) -> tuple[str, ...]:
    values = [choice.value for choice in choices(field, rules)]
    allowed = ", ".join(values)
    if len(values) > SHOWN:
        allowed = f"{', '.join(values[:SHOWN])} … see the list '{list_name(parsed, field)}' below"
    blank = "is refused" if field.required else field.default or "unknown"
    return (
        field.name,
        field.title,
        field.description,
        kind(field),
        field.unit,
        "yes" if field.required else "no",
        allowed,
        blank,
        ", ".join(field.aliases[:SHOWN]),
    )


def _lists(
    sheet: Worksheet,
    row: int,
    datasets: Sequence[Contract],
    rules: Rules,
    styles: dict[str, Format],
) -> dict[str, str]:
    lists: dict[str, str] = {}
    for parsed in datasets:
        for field in parsed.fields:
            name, values = list_name(parsed, field), choices(field, rules)
            if values and name not in lists:
                sheet.write(row, 0, f"List '{name}'", styles["title"])
                lines = [(item.value, ", ".join(item.also), item.meaning) for item in values]
                end = _table(sheet, row + 1, ("Value", "Also understood", "Meaning"), lines, styles)
                lists[name] = f"={NAME}!{xl_range_abs(row + 2, 0, end - 1, 0)}"
                row = end + 1
    return lists


def _table(
    sheet: Worksheet,
    row: int,
    headings: Sequence[str],
    lines: Sequence[Sequence[str]],
    styles: dict[str, Format],
) -> int:
    """Write a table as text; returns the row after its last."""
    sheet.write_row(row, 0, headings, styles["optional"])
    for number, line in enumerate(lines, row + 1):
        for place, value in enumerate(line):
            sheet.write_string(number, place, value, styles["wrapped"])
    return row + 1 + len(lines)
