"""Reading a file as people have it: its letters, its line ends and its delimiter, in one pass.

What DuckDB can read as it stands is left where it is; anything else (Windows-1252, UTF-16, mixed
line ends, blank lines, NUL bytes) is rewritten once as plain UTF-8, row for row, so that row
numbers stay the reader's own.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from onemind.ingest.problem import CheckFailed, Problem
from onemind.ingest.reading.bytes import ByteScan, encoding_of, is_mixed, look_at
from onemind.ingest.reading.header import Header, find, line_of_header
from onemind.ingest.reading.letters import repaired
from onemind.words import counted

MAGIC = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich-text document",
    b"SQLite format 3": "an SQLite database",
    b"\x00\x01\x00\x00Standard": "an Access database",
    b"GIF8": "a picture",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Source:
    """A file ready for DuckDB: UTF-8, one kind of line end; `above` rows, then the header.

    `body` is the file without the rows above the header, where there are any; `underscores` says
    whether any may stand below the header, `quotes` whether any quotation mark stands anywhere.

    Of a table that was in another shape, `rows` are the numbers of the rows that its rows came
    from, `notes` say how it was read, and `left_out` counts its rows that are none, by reason.
    `shape` says in which it was, `written` is the header that the file has. `nameless` says that
    pseudonyms stand where the file has names.
    """

    name: str
    path: Path
    delimiter: str
    header: tuple[str, ...]
    sha256: str
    above: int = 0
    warnings: tuple[Problem, ...] = ()
    body: Path | None = None
    underscores: bool = True
    quotes: bool = True
    rows: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    nameless: bool = False
    shape: str = ""
    written: tuple[str, ...] = ()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header, by their numbers, without white space around a cell."""
        above = self.above if self.rows is None else 0
        numbers = count(above + 2) if self.rows is None else self.rows
        with self.path.open(encoding="utf-8", newline="") as file:
            below = islice(csv.reader(file, delimiter=self.delimiter), above + 1, None)
            for number, cells in zip(numbers, below, strict=False):
                yield number, [cell.strip() for cell in cells]

    def first(self, most: int) -> list[list[str]]:
        """Return the header and the first rows as they are read, of a table in another shape."""
        if self.rows is None:
            return []
        with self.path.open(encoding="utf-8", newline="") as file:
            return list(islice(csv.reader(file, delimiter=self.delimiter), most + 1))

    def places(self, rows: Iterable[int]) -> list[int]:
        """Return the places (from 0, below the header) of rows by their numbers."""
        if self.rows is None:
            return [row - self.above - 2 for row in rows]
        wanted = set(rows)
        return [place for place, row in enumerate(self.rows) if row in wanted]


def fault(name: str, code: str, message: str, value: str | None = None) -> CheckFailed:
    """Return the error for a fault of the whole file."""
    return CheckFailed([Problem(name, None, None, None, code, value, message)])


def read(
    path: Path, name: str, workdir: Path, max_size: int, wanted: frozenset[str] = frozenset()
) -> Source:
    """Make a file ready for DuckDB; what has to be rewritten goes into `workdir`.

    `wanted` are headers that somebody mapped by hand; they help to find the header's row.

    Raises CheckFailed with one problem when the file can't be read at all.
    """
    start = _start(path, name, max_size)
    look = look_at(path)
    encoding = encoding_of(start, look)
    warnings: list[Problem] = []
    if encoding != "utf-8" or look.nul or look.blank or look.wrong or is_mixed(look):
        path, warnings = _rewrite(path, name, encoding, workdir / f"{look.sha256[:24]}.csv", look)
    elif re.search(r"[*?\[{]", str(path)):
        path = _linked(path, workdir / f"{look.sha256[:24]}.csv")
    header, more = _found_header(path, name, wanted)
    cells, above = header.cells, header.above
    body = _below(path, header, workdir / f"{look.sha256[:24]}.body.csv") if above else path
    odd = look.underscores > sum(cell.count("_") for cell in cells)
    known = (*warnings, *more)
    return Source(
        name, path, header.delimiter, cells, look.sha256, above, known, body, odd, look.quote
    )


def _below(path: Path, header: Header, target: Path) -> Path:
    """Copy a file from its header on: DuckDB and Python count odd titles differently."""
    with (
        path.open(encoding="utf-8", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        for _ in range(header.lines):
            file.readline()
        shutil.copyfileobj(file, copy)
    return target


def _linked(path: Path, target: Path) -> Path:
    """Give a file a plain name: DuckDB takes some characters of a name for a pattern."""
    if not target.exists():
        target.symlink_to(path.resolve())
    return target


def _start(path: Path, name: str, max_size: int) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise fault(
            name, "file-error", f"The file {name} can't be opened: {error.strerror}."
        ) from error
    if size > max_size:
        raise fault(
            name,
            "size-error",
            f"The file {name} has {size / 1e6:,.0f} MB; at most {max_size / 1e6:,.0f} "
            "MB are accepted. Split it and publish the parts together.",
        )
    _refuse_other_kinds(start, name)
    return start


def _refuse_other_kinds(start: bytes, name: str) -> None:
    for magic, what in MAGIC.items():
        if start.startswith(magic):
            raise fault(
                name,
                "file-error",
                f"The file {name} is {what}, not CSV text. Save it as CSV and try again.",
            )
    if not start.strip(b"\xef\xbb\xbf \r\n\t\0"):
        raise fault(
            name,
            "empty-file",
            f"The file {name} is empty. It needs a header row and at least one row of data.",
        )


def _rewrite(
    path: Path, name: str, encoding: str, target: Path, look: ByteScan
) -> tuple[Path, list[Problem]]:
    """Write the file again as UTF-8 with LF, each record in its place."""
    try:
        text = path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        raise fault(
            name,
            "encoding-error",
            f"The file {name} is neither UTF-8 nor Windows-1252 nor UTF-16 throughout "
            f"(byte {error.start:,}). Save it as CSV UTF-8 and try again.",
        ) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    warnings = [_nul(name, text)] if "\0" in text else []
    text = text.replace("\0", "").rstrip("\n") + "\n"
    if (right := repaired(text)) != text:
        warnings.append(_repaired(name, text, right))
        text = right
    target.write_text(text, encoding="utf-8", newline="")
    if look.blank:
        target.write_text(_fill_blank_lines(text, target), encoding="utf-8", newline="")
    return target, warnings


def _repaired(name: str, text: str, right: str) -> Problem:
    """Say that letters were put right, with the first of them."""
    lines = list(zip(text.split("\n"), right.split("\n"), strict=False))
    changed = [at for at, (before, after) in enumerate(lines) if before != after]
    words = zip(*(line.split() for line in lines[changed[0]]), strict=False)
    before, after = next((pair for pair in words if pair[0] != pair[1]), ("", ""))
    message = (
        f"Letters in {counted(len(changed), 'line')} were put right, such as '{after}' for "
        f"'{before}' in line {changed[0] + 1}: the file had been decoded wrongly before."
    )
    return Problem(name, None, changed[0] + 1, None, "letters-repaired", None, message)


def _nul(name: str, text: str) -> Problem:
    before = text[: text.index("\0")] + "x"
    row = sum(1 for _ in csv.reader(io.StringIO(before, newline="")))
    message = (
        f"Row {row} holds a NUL byte, which text never should; it was left out. Look at the row."
    )
    return Problem(name, None, row, None, "nul-byte", None, message)


def _fill_blank_lines(text: str, path: Path) -> str:
    """Put delimiters on each blank line, so that DuckDB counts it as a row of blanks."""
    sign = find(path).delimiter
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=sign, lineterminator="\n")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error:
        return _fill_lines(text, sign)  # a quotation mark is out of place
    width = max(map(len, rows), default=1)
    blank = [""] * max(width, 2)
    for row in rows:
        writer.writerow(row if any(cell.strip() for cell in row) else blank)
    return written.getvalue()


def _fill_lines(text: str, sign: str) -> str:
    width = max(line.count(sign) for line in text.split("\n", 50)[:50])
    lines = text.split("\n")
    return "\n".join(line if line.strip() else sign * max(width, 1) for line in lines[:-1]) + "\n"


def _found_header(path: Path, name: str, wanted: frozenset[str]) -> tuple[Header, list[Problem]]:
    header = find(path, wanted)
    if not any(header.cells):
        raise fault(
            name,
            "empty-file",
            f"The first rows of {name} are blank. Put the column names in the first row.",
        )
    _prove_quotes(path, name, header, wanted)
    if not header.above:
        return header, []
    message = f"The header is in row {header.above + 1}; the rows above it are not stored."
    return header, [Problem(name, None, header.above + 1, None, "header-row", None, message)]


def _prove_quotes(path: Path, name: str, header: Header, wanted: frozenset[str]) -> None:
    """Refuse a header that DuckDB can't split into cells: it would skip the rows below as well."""
    with path.open(encoding="utf-8", newline="") as file:
        below = islice(file, header.lines, None)
        try:
            next(csv.reader(below, delimiter=header.delimiter, strict=True))
        except csv.Error as error:
            row = header.above + 1
            real = line_of_header(path, wanted)
            message = _title_unclosed(row, real) if real and real > row else _header_unclosed(row)
            problem = Problem(name, None, row, None, "quote-error", None, message)
            raise CheckFailed([problem]) from error


def _header_unclosed(row: int) -> str:
    return (
        f"Row {row}, the header, has a quotation mark out of place. "
        'Close it, or write "" for a quotation mark inside a cell.'
    )


def _title_unclosed(row: int, header: int) -> str:
    return (
        f"Row {row}, above the header in row {header}, opens a quotation mark and does not close "
        "it where the cell ends, so that the rows below count as part of it. "
        "Close it, or delete the row."
    )
