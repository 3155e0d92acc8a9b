"""One pass over a file's bytes: its fingerprint, letters, line ends, blank lines and quotes."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 22


@dataclass(frozen=True)
class Look:
    """What one pass over the bytes found."""

    sha256: str
    size: int
    utf8: bool
    nul: bool
    cr: int
    lf: int
    crlf: int
    blank: bool
    quote: bool


def look_at(path: Path) -> Look:
    """Go over a file once and say what its bytes are."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = cr = lf = crlf = 0
    utf8, nul, blank, quote, tail = True, False, False, False, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            nul, quote = nul or b"\0" in chunk, quote or b'"' in chunk
            if b"\r" in chunk or tail == b"\r":
                cr += chunk.count(b"\r")
                crlf += chunk.count(b"\r\n") + (tail == b"\r" and chunk[:1] == b"\n")
            lf += chunk.count(b"\n")
            blank = blank or _has_blank_line(tail + chunk)
            tail = chunk[-1:]
            utf8 = utf8 and _decodes(decoder, chunk, final=False)
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    return Look(digest.hexdigest(), size, utf8, nul, cr, lf, crlf, blank, quote)


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


def encoding_of(start: bytes, look: Look) -> str:
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


def is_mixed(look: Look) -> bool:
    """Whether line ends are of several kinds, or may stand inside quoted cells."""
    return look.cr > 0 and (look.quote or not look.cr == look.lf == look.crlf)
