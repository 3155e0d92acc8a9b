"""What every published row keeps to, in plain Python: each way in which rows break a contract."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from onemind.campaign import Contract, Field, contracts

Rows = dict[str, list[dict[str, Any]]]
KINDS = {"string": str, "integer": int, "number": float, "date": date, "boolean": bool}
WORDS = {"courses": {"MHFA", "MHFA-EQ", "CIT", "CIT-EQ", "CRIT"}} | {
    "editions": {"2016", "2019", "current"}
}
NAME_PART = r"[^\W\d_](?:[^\W\d_]|[.'’-])*"


def violations(rows: Rows) -> Iterator[str]:
    """Every way in which published rows break their contracts."""
    for name, parsed in contracts().items():
        keys = [tuple(row[column] for column in parsed.key) for row in rows[name]]
        if len(set(keys)) < len(keys):
            yield f"{name}: a key twice in {keys}"
        for row in rows[name]:
            for field in parsed.fields:
                for wrong in cell_violations(field, row[field.name]):
                    yield f"{name}.{field.name}: {wrong} in {row}"
            yield from (f"{name}: {wrong} in {row}" for wrong in row_violations(parsed, row, rows))


def cell_violations(field: Field, value: Any) -> Iterator[str]:
    if value is None:
        if field.required or field.default:
            yield "blank"
        return
    if type(value) is not KINDS[field.type]:
        yield f"no {field.type}"
        return
    if isinstance(value, date) and not 1900 <= value.year <= 2099:
        yield "a day too far away"
    if isinstance(value, float) and not abs(value) < float("inf"):
        yield "no finite number"
    if isinstance(value, str):
        yield from text_violations(field, value)
    elif field.minimum is not None and value < field.minimum:
        yield "too small"
    elif field.maximum is not None and value > field.maximum:
        yield "too large"


def text_violations(field: Field, value: str) -> Iterator[str]:
    if not value.strip() or value != value.strip(" \t\r\n"):
        yield "blank, or space around it"
    if "\0" in value or "\r" in value:
        yield "a NUL byte or a bare CR"
    if field.max_length is not None and len(value) > field.max_length:
        yield "too long"
    listed = set(field.enum) or WORDS.get(field.vocabulary)
    if listed and value not in listed:
        yield "a word that is not on the list"
    if field.personal and is_personal(value):
        yield "a person"


def is_personal(value: str) -> bool:
    """Whether an officer's id looks like an email address, a number of the SSA or a full name."""
    text = unicodedata.normalize("NFKC", value)
    joined = r"[A-Z][a-z]+[_/.][A-Z][a-z]+"
    if "@" in text or re.fullmatch(rf"[0-9]{{3}}[- ]?[0-9]{{2}}[- ]?[0-9]{{4}}|{joined}", text):
        return True
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    return len(parts) > 1 and all(re.fullmatch(NAME_PART, part) for part in parts)


def row_violations(parsed: Contract, row: dict[str, Any], rows: Rows) -> Iterator[str]:
    for key in parsed.foreign_keys:
        if row[key.field] not in {parent[key.field] for parent in rows[key.dataset]}:
            yield f"{key.field} leads nowhere"
    for order in parsed.orders:
        low, high = row[order.lower], row[order.upper]
        if order.severity == "error" and None not in (low, high) and high < low:
            yield f"{order.lower} is above {order.upper}"
