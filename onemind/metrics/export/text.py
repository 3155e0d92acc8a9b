"""Rows as CSV in the very form they come in, so that `check` passes them; and as JSON.

A spreadsheet would run a text that begins like a formula, so it gets an apostrophe in front, which
a spreadsheet does not show and `check` takes away again (`ingest.staging.checked_path`).
Numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV: yes/no for booleans, ISO dates, blank for unknown."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def to_json(value: Any, indent: int | None = 2) -> str:
    """Return records as JSON: ISO dates, true/false, null for unknown."""
    return json.dumps(value, default=_plain, ensure_ascii=False, indent=indent)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) and not NUMBER.fullmatch(value) else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
