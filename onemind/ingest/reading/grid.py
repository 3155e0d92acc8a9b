"""The rows of a person's own file: some to look at, all of them to correct or to send back."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from onemind.ingest.problem import Problem
from onemind.ingest.reading.files import read
from onemind.ingest.reading.workbooks import tables
from onemind.ingest.upload import Upload

MOST_CORRECTED = 2_000


@dataclass(frozen=True)
class Grid:
    """Rows of one table as text. `rows` are (row number, cells); the header is one of the rows."""

    name: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def grids(upload: Upload, max_size: int, most: int = MOST_CORRECTED) -> list[Grid]:
    """Return the tables of a file with all their rows, or [] when one has more than `most`."""
    sheets = []
    with tempfile.TemporaryDirectory() as folder:
        for table in tables(upload.path, upload.name, Path(folder), max_size):
            source = read(table.path, table.name, Path(folder), max_size)
            rows = tuple(islice(_records(source.path, source.delimiter), most + 2))
            if len(rows) > most + 1:
                return []
            above = len(list(_upto(rows, source.header)))
            sheets.append(Grid(table.name, above + 1, source.header, rows))
    return sheets


def _upto(rows: Iterable[tuple[int, tuple[str, ...]]], header: tuple[str, ...]) -> Iterator[int]:
    for number, cells in rows:
        if tuple(" ".join(cell.split()) for cell in cells) == header:
            return
        yield number


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter), 1):
            yield number, tuple(cells)


def excerpt(upload: Upload, name: str, wanted: set[int], max_size: int) -> Grid | None:
    """Return some rows of one table of a file, by row number; None when it has no such table."""
    with tempfile.TemporaryDirectory() as folder:
        for table in tables(upload.path, upload.name, Path(folder), max_size):
            if table.name != name:
                continue
            source = read(table.path, table.name, Path(folder), max_size)
            last = max(wanted, default=0)
            records = islice(_records(source.path, source.delimiter), last)
            rows = tuple(record for record in records if record[0] in wanted)
            return Grid(name, source.above + 1, source.header, rows)
    return None


def annotated(upload: Upload, problems: Iterable[Problem], max_size: int) -> Iterator[str]:
    """Return a file's rows as CSV lines with a column `problem` appended, table after table."""
    by_row: dict[tuple[str, int], list[str]] = defaultdict(list)
    for item in problems:
        if item.row:
            by_row[item.file, item.row].append(item.message)
    with tempfile.TemporaryDirectory() as folder:
        for table in tables(upload.path, upload.name, Path(folder), max_size):
            source = read(table.path, table.name, Path(folder), max_size)
            for number, cells in _records(source.path, source.delimiter):
                is_header = number == source.above + 1
                note = "problem" if is_header else " ".join(by_row.get((table.name, number), []))
                padding = [""] * (len(source.header) - len(cells))
                yield _line([*cells, *padding, note])


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as CSV text."""
    return "".join(_line(row) for row in rows)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
