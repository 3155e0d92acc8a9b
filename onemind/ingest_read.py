"""Reading a file as people have it: its letters, its line ends and its delimiter, in one pass.

What DuckDB can read as it stands is left where it is; anything else (Windows-1252, UTF-16, mixed
line ends, blank lines, NUL bytes) is rewritten once as plain UTF-8, row for row, so that row
numbers stay the reader's own.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from onemind.errors import CheckFailed
from onemind.problem import Problem

DELIMITERS = (",", ";", "\t", "|")
CHUNK = 1 << 22
MAGIC = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Source:
    """A file ready for DuckDB: UTF-8 text at `path` with one kind of line end, header in row 1."""

    name: str
    path: Path
    delimiter: str
    header: tuple[str, ...]
    sha256: str
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Look:
    """What one pass over the bytes found."""

    sha256: str
    size: int
    utf8: bool
    nul: bool
    cr: int
    lf: int
    crlf: int
    blank: bool


def fault(name: str, code: str, message: str, value: str | None = None) -> CheckFailed:
    """Return the error for a fault of the whole file."""
    return CheckFailed([Problem(name, None, None, None, code, value, message)])


def read(path: Path, name: str, workdir: Path, max_size: int) -> Source:
    """Make a file ready for DuckDB; what has to be rewritten goes into `workdir`.

    Raises CheckFailed with one problem when the file can't be read at all.
    """
    start = _start(path, name, max_size)
    look = _look(path)
    encoding = _encoding(start, look)
    warnings: list[Problem] = []
    if encoding != "utf-8" or look.nul or look.blank or _mixed(look):
        path, warnings = _rewrite(path, name, encoding, workdir / f"{look.sha256[:24]}.csv", look)
    delimiter, header = _header(path, name)
    return Source(name, path, delimiter, header, look.sha256, tuple(warnings))


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
            f"The file {name} has {size / 1e6:,.0f} MB; at most {max_size / 1e6:,.0f} MB are "
            "taken. "
            "Split it and publish the parts together.",
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


def _look(path: Path) -> _Look:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = cr = lf = crlf = 0
    utf8, nul, blank, tail = True, False, False, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            nul = nul or b"\0" in chunk
            if b"\r" in chunk or tail == b"\r":
                cr += chunk.count(b"\r")
                crlf += chunk.count(b"\r\n") + (tail == b"\r" and chunk[:1] == b"\n")
            lf += chunk.count(b"\n")
            edge = tail[-1:] + chunk
            blank = blank or b"\n\n" in edge or b"\n\r" in edge or b"\r\r" in edge
            tail = chunk[-1:]
            if utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
    return _Look(digest.hexdigest(), size, utf8, nul, cr, lf, crlf, blank)


def _encoding(start: bytes, look: _Look) -> str:
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if start[:3] == codecs.BOM_UTF8:
        return "utf-8-sig"
    if look.nul and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if look.nul and start[::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8" if look.utf8 else "cp1252"


def _mixed(look: _Look) -> bool:
    return look.cr > 0 and not (look.cr == look.lf == look.crlf)


def _rewrite(
    path: Path, name: str, encoding: str, target: Path, look: _Look
) -> tuple[Path, list[Problem]]:
    """Write the file again as UTF-8 with LF, blank lines as rows of blanks so that they count."""
    errors = "strict" if encoding.startswith("utf-16") or look.utf8 else "replace"
    try:
        text = path.read_bytes().decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise fault(
            name,
            "encoding-error",
            f"The file {name} is neither UTF-8 nor Windows-1252 nor UTF-16 throughout "
            f"(byte {error.start:,}). Save it as CSV UTF-8 and try again.",
        ) from error
    warnings = []
    if "\0" in text:
        warnings.append(_nul(name, text))
        text = text.replace("\0", "")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    target.write_text(_fill_blank_lines(text), encoding="utf-8", newline="")
    return target, warnings


def _nul(name: str, text: str) -> Problem:
    row = text[: text.index("\0")].count("\n") + 1
    return Problem(
        name,
        None,
        row,
        None,
        "nul-byte",
        None,
        f"Row {row} holds a NUL byte, which no text should; it was left out. Look at the row.",
    )


def _fill_blank_lines(text: str) -> str:
    """Put a delimiter on each blank line, so that DuckDB counts it as a row of blanks."""
    body = text.rstrip("\n") + "\n"
    first = body.partition("\n")[0]
    mark = _best_delimiter(first) * first.count(_best_delimiter(first))
    if not re.search(r"\n[ \t]*\n", body) or not mark:
        return body
    if '"' not in body:
        return re.sub(r"\n[ \t]*(?=\n)", lambda _: "\n" + mark, body)
    lines: list[str] = []
    quoted = False
    for line in body.split("\n"):
        lines.append(mark if not quoted and not line.strip() and lines else line)
        quoted ^= line.count('"') % 2 == 1
    return "\n".join(lines[:-1]) + "\n"


def _best_delimiter(line: str) -> str:
    plain = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=plain.count)


def _header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        first = file.readline(1 << 20)
        delimiter = _best_delimiter(first)
        file.seek(0)
        cells = next(csv.reader(file, delimiter=delimiter), [])
    header = tuple(" ".join(cell.split()) for cell in cells)
    if not any(header):
        raise fault(
            name,
            "empty-file",
            f"The first row of {name} is blank. Put the column names in the first row.",
        )
    return delimiter, header
