"""The sentence for each kind of fault: what is wrong, what the file has, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onemind.campaign import Contract, Field, Rules
from onemind.ingest import matching
from onemind.ingest.staging.typing import BOOLEANS, vocabulary

KINDS = {
    "integer": ("a whole number", "Write digits only, such as 42"),
    "number": ("a number", "Write digits, such as 42 or 6.5"),
    "date": ("a date", "Write it as 2017-09-20 or 9/20/2017"),
    "boolean": ("yes or no", "Write yes or no"),
    "string": ("text", "Write it as text"),
}
OTHERS = {
    "personal-id": "looks like a person's name, email address or Social Security number "
    "({shown}). Officers are stored by pseudonym only: use a badge number or a made-up number.",
    "pattern": "has {shown}, which looks unusual: {description} Please look at it.",
    "rounded-id": "has {shown}: a spreadsheet has rounded this id, and its last digits are gone. "
    "Open the original export, format the column as text, and save it again.",
    "broken-letters": "has {shown}: a letter was lost where '\ufffd' stands. Export the file again "
    "as CSV UTF-8, or write the letter.",
    "serial-date": "has {shown}, an Excel day number; it is read as a date.",
    "partial-date": "has {shown}, only a month or a year; it is stored as its first day.",
}


def cell(
    code: str, field: Field, row: int, value: str | None, words: Iterable[str], count: int = 1
) -> str:
    """Say what is wrong with one cell, or with that of `count` rows.

    `words` are the values a listed field may have.
    """
    rows = f"Row {row}" if count == 1 else f"{count:,} rows, the first is {row}"
    where, shown = f"{rows}, '{field.name}'", f"'{value}'"
    match code:
        case "missing-value":
            has = f"has {shown}, which means not known," if value else "is blank"
            return f"{where} {has} but every row needs it: {field.description} Fill it in."
        case "type-error":
            return _wrong_kind(where, field, value or "")
        case "enum-error":
            listed = ", ".join(words)
            return f"{where} has {shown}, which is not on the list. Write one of: {listed}."
        case "minimum":
            return f"{where} has {shown}; it can't be below {field.minimum:g}. Correct the number."
        case "maximum":
            return f"{where} has {shown}; it can't be above {field.maximum:,}. Correct the number."
        case "length":
            return f"{where} holds more than {field.max_length} characters. Shorten it."
    return f"{where} {OTHERS[code].format(shown=shown, description=field.description)}"


def word(
    code: str,
    field: Field,
    row: int,
    value: str,
    words: Iterable[str],
    count: int,
    likely: str | None,
) -> str:
    """Ask what a word means that is not on the field's list; `count` rows have it."""
    sentence = cell(code, field, row, value, words, count)
    if not likely:
        return sentence
    start = sentence.partition(". ")[0]
    return f"{start}. Does it mean {likely}? Say so, or write one of: {', '.join(words)}."


def _wrong_kind(where: str, field: Field, value: str) -> str:
    kind, advice = KINDS[field.type]
    if field.type == "date" and re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2}", value):
        return f"{where} has '{value}'; a two-digit year is unclear. Write all four digits."
    if field.type == "date" and re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}", value):
        return (
            f"{where} has '{value}', a day that does not exist between 1900 and 2099. Correct it."
        )
    if field.type == "integer" and re.fullmatch(r"[+-]?[\d,]*\.\d+", value):
        return f"{where} has '{value}'; it must be a whole number. Correct it."
    return f"{where} has '{value}', which is not {kind}. {advice}."


def suggestion(code: str, field: Field, value: str | None, meanings: dict[str, str]) -> str | None:
    """Return what was probably meant, or None."""
    if not value or code not in ("type-error", "enum-error"):
        return None
    if field.type == "integer":
        return matching.number(value)
    if field.type == "date":
        return matching.day(value)
    if field.type == "boolean":
        return matching.yes_or_no(value)
    likely = matching.word(value, meanings) if meanings else None
    return meanings[likely] if likely else None


def masked(code: str, value: str | None) -> str | None:
    """Return the value as it may be shown: of what identifies a person, the first letter alone."""
    if code == "personal-id" and value:
        return f"{value[0]}…"
    return value


def disorder(parsed: Contract, lower: str, upper: str, row: int, low: object, high: object) -> str:
    """Say that two columns of a row contradict each other."""
    kind = "before" if parsed.field(upper).type == "date" else "below"
    return (
        f"Row {row}: '{upper}' is {high}, {kind} '{lower}', which is {low}. Correct one of the two."
    )


def ragged(error: str, row: int, cells: int, expected: int, line: str) -> tuple[str, str]:
    """Return the code and the sentence for a line that DuckDB refused; a blank one is not shown."""
    cut = line if len(line) <= 80 else line[:77] + "…"
    shown = f": '{cut}'" if cut else ""
    match error:
        case "MISSING COLUMNS":
            return "missing-cell", (
                f"Row {row} has {cells} cells where the header has {expected}{shown}. "
                "Add the missing cells (blank ones count)."
            )
        case "TOO MANY COLUMNS":
            return "extra-cell", (
                f"Row {row} has {cells} cells where the header has {expected}{shown}. "
                "If a cell holds the delimiter, put the cell in quotation marks."
            )
        case "LINE SIZE OVER MAXIMUM":
            return "length", f"Row {row} is over 2 MB long. A quotation mark is probably missing."
        case "INVALID ENCODING":
            return "encoding-error", f"Row {row} has characters that are not UTF-8{shown}."
    return "quote-error", (
        f"Row {row} has a quotation mark out of place{shown}. "
        'Close it, or write "" for a quotation mark inside a cell.'
    )


def listed_values(field: Field, rules: Rules) -> list[str]:
    """Return the values to offer when a word is not on the list."""
    if field.type == "boolean":
        return sorted(set(BOOLEANS.values()))
    return list(dict.fromkeys(field.enum or vocabulary(field, rules).values()))
