"""Files that are tables in another form, each told by its content: HTML, XML, JSON, Parquet."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable
from pathlib import Path

from onemind.ingest.problem import CheckFailed
from onemind.ingest.reading import markup, records
from onemind.ingest.reading.files import fault
from onemind.ingest.reading.table import Table

START = 4096  # bytes that tell
KINDS = {
    "html": "an HTML page",
    "spreadsheetml": "an Excel XML workbook",
    "json": "a JSON file",
    "parquet": "a Parquet file",
}
CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def kind(start: bytes) -> str | None:
    """Return which of KINDS a file is that begins so, None where it is none of them."""
    if start.startswith(b"PAR1"):
        return "parquet"
    text = _decoded(start).lstrip("\ufeff \t\r\n").lower()
    if markup.SPREADSHEET in text:
        return "spreadsheetml"
    if re.match(r"<(?:!doctype html|html|table|head|body|meta|div)\b", text) or (
        text.startswith("<") and "<table" in text
    ):
        return "html"
    return "json" if re.match(r"""\{\s*["}]|\[\s*\{""", text) else None


def tables(kind: str, path: Path, name: str, folder: Path) -> list[Table]:
    """Return the tables of such a file, written into `folder` as CSV, row for row.

    Raises CheckFailed when it has none or is damaged.
    """
    try:
        found = _rows(kind, path)
        several = len(found) > 1
        return [
            Table(
                _written(rows, folder / f"table{number}.csv"), _named(name, sheet, several), sheet
            )
            for number, (sheet, rows) in enumerate(found)
        ] or _none(kind, name)
    except ValueError as error:
        raise _broken(kind, name) from error


def _named(name: str, sheet: str | None, several: bool) -> str:
    return f"{name}, {'sheet' if sheet else 'table'} {sheet}" if several else name


def _rows(kind: str, path: Path) -> list[tuple[str | None, Iterable[list[str]]]]:
    match kind:
        case "html":
            pages = markup.html_tables(_decoded(path.read_bytes()))
            return [(str(number), rows) for number, rows in enumerate(pages, 1)]
        case "spreadsheetml":
            sheets = markup.spreadsheet_tables(path)
            return [(sheet, rows) for sheet, rows in sheets if any(map(any, rows))]
        case "json":
            return [(None, list(records.json_rows(_decoded(path.read_bytes()))))]
    return [(None, records.parquet_rows(path))]


def _decoded(content: bytes) -> str:
    """Return the text of a file: by its mark, by what it says of itself, else UTF-8 or Windows."""
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16", "replace")
    said = CHARSET.search(content[:START])
    for encoding in ("utf-8-sig", said[1].decode() if said else "cp1252", "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _written(rows: Iterable[list[str]], target: Path) -> Path:
    with target.open("w", encoding="utf-8", newline="") as file:
        listed = list(rows)
        width = max(map(len, listed), default=1)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([*row, *[""] * (width - len(row))] for row in listed)
    return target


def _none(kind: str, name: str) -> list[Table]:
    message = (
        f"The file {name} is {KINDS[kind]} without a table. "
        "Export the table itself, as CSV or .xlsx, and try again."
    )
    raise fault(name, "file-error", message)


def _broken(kind: str, name: str) -> CheckFailed:
    return fault(
        name,
        "file-error",
        f"The file {name} is {KINDS[kind]} that can't be read: it is damaged or holds no table. "
        "Export it again, as CSV or .xlsx, and try again.",
    )
