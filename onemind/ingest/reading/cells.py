"""A workbook's sheets as CSV, row for row: a program of its own, run by `workbooks`.

    python -m onemind.ingest.reading.cells WORKBOOK FOLDER MOST_BYTES

prints one line of JSON, `{"sheets": [...]}` or `{"fault": word}`. It is a process apart because
calamine holds a sheet as a full rectangle: two cells in opposite corners ask for 550 GB, and Rust
then ends the whole process (seen with 0.9.1). Here only the reading dies, within MEMORY, and the
dashboard goes on drawing meanwhile.

What a cell becomes: text as it is; a whole number without ".0", another one as Python writes it; a
day as 2017-09-20, a moment as 2017-09-20T14:30:00, a time of day as 14:30:00, a span as hours;
yes or no; an error such as #N/A as blank, for calamine does not tell them apart. A number is what
the cell holds, not how it is shown: "00123" typed as a number is 123, 7% is 0.07.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from onemind.ingest.reading.unseen import Unseen, unseen

MEMORY = 4 << 30
LOOK_EVERY = 1000


@dataclass(frozen=True)
class Sheet:
    """A sheet as CSV at `path`: how many of its rows are not blank, its first filled cell, whether
    the workbook hides it, and which of its rows it hides; rows that a merged cell above them fills;
    cells that hold a formula and no value.
    """

    name: str
    path: str
    filled: int
    first: str
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    valueless: tuple[str, ...] = ()


class WorkbookTooLarge(Exception):
    """The sheets hold more text than may be written."""


def main(arguments: list[str]) -> dict[str, Any]:
    """Write each sheet that is not blank; returns what is to be printed."""
    limit_memory()
    try:
        sheets = copied(Path(arguments[0]), Path(arguments[1]), int(arguments[2]))
        return {"sheets": [asdict(sheet) for sheet in sheets]}
    except PasswordError:
        return {"fault": "password"}
    except CalamineError as error:
        return {"fault": "memory" if "limit exceeded" in str(error) else "broken"}
    except MemoryError:
        return {"fault": "memory"}
    except WorkbookTooLarge:
        return {"fault": "size"}
    except OSError:  # calamine wraps its own: this is the writing
        return {"fault": "disk"}


def limit_memory() -> None:
    """Keep this process within MEMORY, where the system can do that, and from dumping its core."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            with suppress(OSError, ValueError):  # macOS has no say over RLIMIT_AS
                resource.setrlimit(what, (most, hard))


def copied(workbook: Path, folder: Path, most: int) -> list[Sheet]:
    """Write each sheet that is not blank, hidden ones too; WorkbookTooLarge beyond `most` bytes."""
    sheets, known = [], unseen(workbook)
    with load_workbook(workbook) as book:
        for place, item in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(place) if item.typ == SheetTypeEnum.WorkSheet else None
            if sheet and (width := _width(sheet)):
                target = folder / f"sheet{place}.csv"
                with target.open("w", encoding="utf-8", newline="") as file:
                    merged = _Merged(sheet)
                    filled, first = _write(merged.filled(_rows(sheet, width)), file, most)
                most -= target.stat().st_size
                hides = item.visible != SheetVisibleEnum.Visible
                of = known.get(item.name, Unseen())
                sheets.append(Sheet(item.name, str(target), filled, first, hides, of.rows,
                                    tuple(sorted(merged.rows)), of.valueless))  # fmt: skip
    return sheets


def text(value: object) -> str:
    """Return a cell as the text it has in the CSV."""
    return FORMS[type(value)](value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


# By the exact type: a moment is also a day, and yes is also a whole number.
FORMS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.replace("\r\n", "\n").replace("\r", "\n"),
    bool: lambda value: "yes" if value else "no",
    int: str,
    float: _number,
    date: date.isoformat,
    datetime: lambda value: (
        value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    ),
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: lambda value: _number(value.total_seconds() / 3600),
}


def _width(sheet: CalamineSheet) -> int:
    """How many of the sheet's own columns (from its first filled one) reach the last filled cell.

    The header mostly reaches it, so that a few rows tell.
    """
    width = 0
    for row in sheet.iter_rows() if sheet.start else ():
        beyond = range(len(row), width, -1)
        width = next((place for place in beyond if _filled(row[place - 1])), width)
        if width == sheet.width:
            break
    return width


def _filled(value: object) -> bool:
    return not isinstance(value, str) or bool(value.strip())


def _rows(sheet: CalamineSheet, width: int) -> Iterator[list[str]]:
    """The rows from the sheet's first on, as text, without the blank ones at the end."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    waiting = 0
    for row in sheet.iter_rows():
        if any(map(_filled, row)):
            yield from ([""] * (len(left) + width) for _ in range(waiting))
            yield [*left, *map(text, row[:width])]
            waiting = 0
        else:
            waiting += 1


class _Merged:
    """The cells of a sheet that are merged down: each row then has what the first of them has."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.rows: set[int] = set()
        self.starts: dict[int, list[tuple[int, int]]] = {}
        try:
            ranges = sheet.merged_cell_ranges or []
        except (NotImplementedError, CalamineError):
            ranges = []  # of an .xlsb or .ods workbook they are not known
        for (top, left), (bottom, _) in ranges:
            if bottom > top:
                self.starts.setdefault(top, []).append((left, bottom))

    def filled(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """Yield the rows with what merged cells above them have where they are blank."""
        carried: dict[int, tuple[int, str]] = {}
        for number, row in enumerate(rows):
            for place, (bottom, value) in list(carried.items()):
                if number > bottom:
                    del carried[place]
                elif place < len(row) and not row[place] and any(row):
                    row[place] = value
                    self.rows.add(number + 1)
            for place, bottom in self.starts.get(number, []):
                if place < len(row) and row[place]:
                    carried[place] = (bottom, row[place])
            yield row


def _write(rows: Iterator[list[str]], file: TextIO, most: int) -> tuple[int, str]:
    """Write rows; returns how many are not blank, and the first filled cell."""
    writer = csv.writer(file, lineterminator="\n")
    filled, first = 0, ""
    for number, row in enumerate(rows):
        writer.writerow(row)
        if any(row):
            filled += 1
            first = first or next(filter(None, map(str.strip, row)))
        if number % LOOK_EVERY == 0 and file.tell() > most:
            raise WorkbookTooLarge
    if file.tell() > most:
        raise WorkbookTooLarge
    return filled, first


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
