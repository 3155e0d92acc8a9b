"""Text that comes from files or people, as Markdown shows it unchanged."""

from __future__ import annotations

import re

MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:~$&])")
# Addresses and icons are found in the text once its marks are read: an escape does not keep them.
LATE = re.compile(r":(?=//|material/)|www(?=\.)", re.IGNORECASE)
JOINER = "\u2060"  # has no width, and breaks no line


def plain(text: str) -> str:
    """Return a text with Markdown's marks escaped, of which nothing becomes a link or an icon."""
    return MARKS.sub(r"\\\1", LATE.sub(rf"\g<0>{JOINER}", text))
