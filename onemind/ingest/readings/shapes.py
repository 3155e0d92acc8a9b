"""Tables in another shape than a row a record: several in one, officers with a course a column,
departments as headings between the rows.

A shape is told from the header and the first rows, and the table is then written anew as rows. Each
row remembers which row of the file it came from.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

from onemind.campaign import contract
from onemind.ingest.reading import Source, known_labels, labels_of, plain
from onemind.ingest.readings import words
from onemind.ingest.readings.reading import COURSES, HEADINGS, ROWS
from onemind.ingest.readings.rows import FILLER

LARGEST = 60_000_000  # bytes; a larger file was written by a machine, a row a record
LIKE = re.compile(
    r"\b(?:mhfa|cit|crit|mental health|first aid|crisis intervention)\b", re.IGNORECASE
)
SPACED = re.compile(r"\b(?:date|completed|completion|trained|on|done|attended)\b", re.IGNORECASE)
BLANK = re.compile(rb"\n[,;\t| \"]*\r?\n")
HEADING = re.compile(r"^(?:department|agency|dept|police department)\s*[:\-–]\s*", re.IGNORECASE)
Row = tuple[int, list[str]]  # its number in the file, and its cells


@dataclass
class Block:
    """One table within a table: its header, and its rows with their numbers; `shape` says in which
    it was, `written` is the header that the file has.
    """

    header: list[str]
    rows: list[Row]
    above: int
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)
    shape: str = ""
    written: tuple[str, ...] = ()


def _to_be_found(_: Sequence[str]) -> str:
    return ""


def blocks(
    source: Source,
    courses: Collection[str],
    folder: Path,
    shape_of: Callable[[tuple[str, ...]], str] = _to_be_found,
) -> list[Source]:
    """Return the tables that a table holds, each a row a record; itself where it is one already.

    `courses` has each way to write a course. `shape_of` gives the shape (SHAPES) that a table with
    a header is said to have, "" where it is to be found.
    """
    if shape_of(source.header) == ROWS or source.path.stat().st_size > LARGEST:
        return [source]
    if not _may_be_shaped(source, courses):
        return [source]
    first = Block(list(source.header), list(source.records()), source.above)
    found = [piece for below in _below(first) for piece in _beside(below)]
    several = len(found) > 1
    shaped = [_shaped(piece, courses, shape_of(tuple(piece.header))) for piece in found]
    if not several and shaped[0].header == list(source.header):
        return [source]
    return [
        _written(source, block, folder, number if several else 0)
        for number, block in enumerate(shaped, 1)
        if block.rows
    ]


def _shaped(block: Block, courses: Collection[str], said: str) -> Block:
    """Make a row a record of a table, by the steps that its shape is said to need, or by all."""
    grouped = _grouped(block) if HEADINGS in (said or HEADINGS) else block
    upright = _upright(grouped, courses) if COURSES in (said or COURSES) else grouped
    steps = [HEADINGS] * (grouped is not block) + [COURSES] * (upright is not grouped)
    return replace(upright, shape=" and ".join(steps), written=tuple(block.header))


def is_wide(header: Sequence[str], courses: Collection[str]) -> bool:
    """Whether a header has a column for each course in place of one for them all."""
    return (
        _has(header, "officer_id")
        and not _has(header, "course")
        and bool(_courses(header, courses))
    )


def _may_be_shaped(source: Source, courses: Collection[str]) -> bool:
    """Whether a header, or a blank line below it, lets one look at every row: that takes time."""
    header = source.header
    if "" in header or (_has(header, "officer_id") and not _has(header, "department_id")):
        return True
    if is_wide(header, courses):
        return True
    with source.path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return bool(BLANK.search(content))


# --- several tables, one below or beside another --------------------------------------------------


def _below(block: Block) -> Iterator[Block]:
    """Part a table where another header stands below a blank row."""
    header, rows, above, gap = block.header, list[Row](), block.above, False
    for number, cells in block.rows:
        if gap and _is_header(cells) and not _same(cells, header):
            yield Block(header, rows, above)
            header, rows, above = cells, [], number - 1
        elif any(cells) or not gap:
            rows.append((number, cells))
        gap = not any(cells)
    yield Block(header, rows, above)


def _is_header(cells: list[str]) -> bool:
    labels = [plain(cell) for cell in cells if cell]
    return len(labels) > 1 and sum(label in known_labels() for label in labels) >= 2


def _same(cells: list[str], header: list[str]) -> bool:
    return [plain(cell) for cell in cells if cell] == [plain(cell) for cell in header if cell]


def _beside(block: Block) -> Iterator[Block]:
    """Part a table at columns without a header and without a cell, where each side is a table."""
    blank = [
        place
        for place, label in enumerate(block.header)
        if not label and not any(len(row) > place and row[place] for _, row in block.rows)
    ]
    edges = [-1, *blank, len(block.header)]
    spans = [(a + 1, b) for a, b in pairwise(edges) if b - a > 1]
    sides = [span for span in spans if _is_header(block.header[slice(*span)])]
    if len(sides) < 2:
        yield block
        return
    for start, end in sides:
        rows = [(number, row[start:end]) for number, row in block.rows if any(row[start:end])]
        yield Block(block.header[start:end], rows, block.above)


# --- departments as headings ----------------------------------------------------------------------


def _grouped(block: Block) -> Block:
    """Put a department that stands alone above its rows into a column of its own."""
    if _has(block.header, "department_id") or not _has(block.header, "officer_id"):
        return block
    rows, heading, seen = list[Row](), "", list[int]()
    for number, cells in block.rows:
        filled = [cell for cell in cells if cell]
        is_note = len(filled) == 1 and re.fullmatch(FILLER, filled[0])
        if len(filled) == 1 and not is_note:
            heading = HEADING.sub("", filled[0])
            seen.append(number)
        elif filled:
            rows.append((number, ["" if is_note else heading, *cells]))
    if not seen:
        return block
    start = f"Row {seen[0]} is" if len(seen) == 1 else f"{len(seen):,} rows, such as {seen[0]}, are"
    notes = [f"{start} read as the department of the rows below."]
    return Block(["department_id", *block.header], rows, block.above, notes, {"a heading": seen})


def _has(header: Sequence[str], name: str) -> bool:
    known = labels_of(contract("training").field(name))
    if name == "department_id":
        known |= labels_of(contract("departments").field("name"))
    return any(plain(label) in known for label in header)


# --- a course a column ----------------------------------------------------------------------------


def _upright(block: Block, courses: Collection[str]) -> Block:
    """Make a row of each course that an officer's row has a date, or a yes, for."""
    if not is_wide(block.header, courses):
        return block
    places = _courses(block.header, courses)
    dated = _place(block.header, "completed_on", places)
    others = [place for place in range(len(block.header)) if place not in {*places, dated}]
    rows, without, repeats = list[Row](), list[int](), list[int]()
    for number, cells in block.rows:
        if _same(cells, block.header):
            repeats.append(number)
            continue
        cells = [*cells, *[""] * (len(block.header) - len(cells))]
        found = [(course, cells[place]) for place, course in places.items() if _says(cells[place])]
        rest = [cells[place] for place in others]
        rows += [(number, [*rest, course, _day(cell, cells, dated)]) for course, cell in found]
        if not found and any(cells):
            without.append(number)
    header = [*(block.header[place] for place in others), "course", "completed_on"]
    listed = ", ".join(f"'{block.header[place]}'" for place in places)
    notes = [*block.notes, f"{listed}: each date there is a certificate of that course."]
    reasons = {"no course": without, "repeats the header": repeats}
    left_out = block.left_out | {why: at for why, at in reasons.items() if at}
    return Block(header, rows, block.above, notes, left_out)


def _courses(header: Sequence[str], courses: Collection[str]) -> dict[int, str]:
    """Return the courses that headers name, as they are written there, by column."""
    known = set(map(words.bare, courses))
    found = {}
    for place, label in enumerate(header):
        text = " ".join(SPACED.sub(" ", label).split())
        if text and (words.bare(text) in known or LIKE.search(text)):
            found[place] = text
    return found


def _place(header: list[str], name: str, taken: Mapping[int, str]) -> int | None:
    known = labels_of(contract("training").field(name))
    places = [at for at, label in enumerate(header) if plain(label) in known and at not in taken]
    return places[0] if len(places) == 1 else None


NO = {*words.NO, "", "n/a", "na", "none", "-", "–", "—", "not trained", "not completed", "pending"}


def _says(cell: str) -> bool:
    return cell.casefold() not in NO


def _day(cell: str, cells: list[str], dated: int | None) -> str:
    """The cell's own date; where it says yes, that of the row's one column of dates."""
    is_yes = cell.casefold() in words.YES or cell.casefold() in ("completed", "complete", "done")
    return cells[dated] if is_yes and dated is not None else cell


# --- written anew ---------------------------------------------------------------------------------


def _written(source: Source, block: Block, folder: Path, number: int) -> Source:
    path = folder / f"{source.sha256[:24]}.{number}.shaped.csv"
    width = len(block.header)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(block.header)
        writer.writerows([*cells, *[""] * (width - len(cells))] for _, cells in block.rows)
    name = f"{source.name}, table {number}" if number else source.name
    return replace(
        source, name=name, path=path, body=path, delimiter=",", header=tuple(block.header),
        above=block.above, rows=tuple(row for row, _ in block.rows), underscores=True, quotes=True,
        notes=tuple(block.notes), left_out={why: len(at) for why, at in block.left_out.items()},
        shape=block.shape, written=block.written,
    )  # fmt: skip
