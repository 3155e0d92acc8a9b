"""One pass over a file's bytes: its fingerprint, letters, line ends, blank lines and quotes."""

from __future__ import annotations

import codecs
import hashlib
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from onemind.ingest.reading.letters import SIGNS

CHUNK = 1 << 20
LF, SPACE = b"\n "
# What nearly every blank line begins with, and little else: worth a closer look.
BELOW_CR = re.compile(rb"\r[ \t\r]")
# Two, for each look waits for a fingerprint.
AHEAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="look")
BESIDE = ThreadPoolExecutor(thread_name_prefix="fingerprint")
PREFETCHED: dict[tuple[object, ...], Future[ByteScan]] = {}


@dataclass
class ByteScan:
    """What one pass over the bytes found. Where no CR is near, an LF is counted once a chunk."""

    sha256: str = ""
    utf8: bool = True
    nul: bool = False
    cr: int = 0
    lf: int = 0
    crlf: int = 0
    blank: bool = False
    quote: bool = False
    wrong: bool = False
    underscores: int = 0
    room: list[Any] = field(default_factory=list)


def prefetch(path: Path, max_size: int) -> None:
    """Begin to look at a file that will be read in a moment, while the store is opened."""
    with suppress(OSError):
        if path.stat().st_size <= max_size:
            PREFETCHED[_stamp(path)] = AHEAD.submit(_look, path)


def look_at(path: Path) -> ByteScan:
    """Go over a file once and say what its bytes are; its fingerprint is taken beside that."""
    begun = PREFETCHED.pop(_stamp(path), None)
    return begun.result() if begun else _look(path)


def _stamp(path: Path) -> tuple[object, ...]:
    known = path.stat()
    return path, known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns


def _look(path: Path) -> ByteScan:
    with path.open("rb") as file:
        digest = BESIDE.submit(fingerprint, path)
        scan, tail, decoder = ByteScan(), b"\n", codecs.getincrementaldecoder("utf-8")()
        while chunk := file.read(CHUNK):
            _count(scan, tail, chunk)
            tail = chunk[-1:]
            plain = chunk.isascii() and not decoder.getstate()[0]
            scan.utf8 = scan.utf8 and (plain or _decodes(decoder, chunk, final=False))
        scan.utf8 = scan.utf8 and _decodes(decoder, b"", final=True)
        scan.sha256 = digest.result()
    return scan


def fingerprint(path: Path) -> str:
    """Return a file's SHA-256; it is not taken again while the file stays as it is."""
    return _fingerprint(path, _stamp(path))


@lru_cache(maxsize=64)
def _fingerprint(path: Path, _: tuple[object, ...]) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _count(look: ByteScan, tail: bytes, chunk: bytes) -> None:
    """Add what a chunk holds; `tail` is the byte before it."""
    look.nul = look.nul or b"\0" in chunk
    look.quote = look.quote or b'"' in chunk
    look.wrong = look.wrong or (not chunk.isascii() and any(sign in chunk for sign in SIGNS))
    look.underscores += chunk.count(b"_") if b"_" in chunk else 0  # looking is faster
    near = tail == b"\r" or b"\r" in chunk
    look.lf += chunk.count(b"\n") if near else b"\n" in chunk
    if near:
        look.cr += chunk.count(b"\r")
        look.crlf += chunk.count(b"\r\n") + (tail == b"\r" and chunk[:1] == b"\n")
    if not look.blank and (
        (tail + chunk[:1]).isspace()
        or _white_below(chunk, look.room)
        or (near and BELOW_CR.search(chunk))
    ):
        look.blank = _has_blank_line(tail + chunk)


def _white_below(chunk: bytes, room: list[Any]) -> bool:
    """Whether white space, or anything that ranks before it, follows a line end.

    `room` is kept from chunk to chunk: new memory for each costs more than the looking.
    """
    import numpy as np  # the store opens meanwhile, and the rows will need it

    letters = np.frombuffer(chunk, np.uint8)
    room[:] = room or [np.empty(CHUNK, np.bool_), np.empty(CHUNK, np.bool_)]
    ends = np.equal(letters[:-1], LF, out=room[0][: len(chunk) - 1])
    white = np.less_equal(letters[1:], SPACE, out=room[1][: len(chunk) - 1])
    return bool(np.logical_and(ends, white, out=ends).any())


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _has_blank_line(chunk: bytes) -> bool:
    if b"\n\n" in chunk or b"\n\r" in chunk or b"\r\r" in chunk:
        return True
    spaced = b"\n " in chunk or b"\n\t" in chunk or b"\r " in chunk or b"\r\t" in chunk
    return spaced and bool(re.search(rb"[\r\n][ \t]+[\r\n]", chunk))


def encoding_of(start: bytes, look: ByteScan) -> str:
    """Return the encoding: by its mark, by its NUL bytes, else UTF-8 or Windows-1252."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if start[:3] == codecs.BOM_UTF8:
        return "utf-8-sig"
    if look.nul and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if look.nul and start[::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8" if look.utf8 else "cp1252"


def is_mixed(look: ByteScan) -> bool:
    """Whether line ends are of several kinds, or may stand inside quoted cells."""
    return look.cr > 0 and (look.quote or not look.cr == look.lf == look.crlf)
