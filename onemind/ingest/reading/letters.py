"""Text that was decoded wrongly once: letters such as Ã© for é are put right where that is certain.

Certain is Â, Ã or â€ before a sign that makes a letter or a mark of it, byte for byte: no one
writes Ã© and means it.
"""

from __future__ import annotations

import re

# What the first byte of a letter in UTF-8 looks like in Windows-1252, and what the next ones do.
_AFTER = "".join(
    sorted(
        {
            sign
            for byte in range(0x80, 0xC0)
            for sign in (bytes([byte]).decode("cp1252", "ignore"), chr(byte))
            if sign
        }
    )
)
_CLASS = re.escape(_AFTER)
WRONG = re.compile(f"[\u00c2\u00c3][{_CLASS}]|\u00e2\u20ac[{_CLASS}]")
SIGNS = tuple(sign.encode() for sign in "\u00c2\u00c3\u00e2")  # what nearly all of it begins with


def repaired(text: str) -> str:
    """Return a text with its wrong letters put right; others stay as they are."""
    for _ in range(3):  # it may have happened more than once
        better = WRONG.sub(_right, text)
        if better == text:
            break
        text = better
    return text


def _right(found: re.Match[str]) -> str:
    """Return the letter that the signs are bytes of, the signs where they are none."""
    content = b"".join(_byte(sign) for sign in found[0])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1", "replace")
