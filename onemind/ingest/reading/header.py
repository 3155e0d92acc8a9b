"""Finding the header: which of the first rows it is, and which character parts the cells.

People put titles and blank lines above their tables. The header is the row, among the first few,
in which most cells are columns we know; where none is known, the first row that looks like one.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from onemind.campaign import Field, contracts

DELIMITERS = (",", ";", "\t", "|")
FIRST_ROWS = 25


@dataclass(frozen=True)
class Header:
    """The header's cells, the delimiter, and the rows above it, which take `lines` lines."""

    cells: tuple[str, ...]
    delimiter: str
    above: int
    lines: int


def plain(label: str) -> str:
    """Return a header without case, spaces and punctuation, so that "Dept. ID" is "deptid"."""
    return re.sub(r"[^a-z0-9]", "", label.lower())


@cache
def labels_of(field: Field) -> frozenset[str]:
    """Return a field's name and aliases, plain."""
    return frozenset(map(plain, (field.name, *field.aliases)))


@cache
def known_labels() -> frozenset[str]:
    """Return every column name and alias of every dataset, plain."""
    fields = (field for parsed in contracts().values() for field in parsed.fields)
    return frozenset().union(*map(labels_of, fields))


def find(path: Path, wanted: frozenset[str] = frozenset()) -> Header:
    """Find the header of a UTF-8 file; `wanted` are headers somebody mapped by hand, plain.

    A file whose first rows are all blank has a header of no cells.
    """
    known = known_labels() | wanted
    tries = [_best(path, delimiter, known) for delimiter in DELIMITERS]
    return max(tries, key=lambda found: found[0])[1]


def line_of_header(path: Path, wanted: frozenset[str] = frozenset()) -> int | None:
    """Return which line, from 1, is a header with quotation marks left aside, if any is."""
    known = known_labels() | wanted
    with path.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(islice(file, FIRST_ROWS), 1):
            tries = (line.replace('"', "").split(delimiter) for delimiter in DELIMITERS)
            if any(_score(tuple(cells), known)[0] >= 2 for cells in tries):
                return number
    return None


def _best(path: Path, delimiter: str, known: frozenset[str]) -> tuple[tuple[int, int], Header]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        found, lines = [], 0
        for above, row in enumerate(islice(reader, FIRST_ROWS)):
            cells = tuple(" ".join(cell.split()) for cell in row)
            found.append((_score(cells, known), Header(cells, delimiter, above, lines)))
            lines = reader.line_num
    if not found:
        return (0, 0), Header((), delimiter, 0, 0)
    best = max(found, key=lambda item: item[0])
    if best[0][0] >= 2:
        return best
    widest = max(filled for (_, filled), _ in found)
    return next(item for item in found if item[0][1] == widest)


def _score(cells: tuple[str, ...], known: frozenset[str]) -> tuple[int, int]:
    """How many cells are known columns, and how many are not blank."""
    labels = {plain(cell) for cell in cells}
    return len(labels & known), sum(bool(cell.strip(" ,;|")) for cell in cells)
