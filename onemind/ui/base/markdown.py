"""Text that comes from files or people, as Markdown shows it unchanged."""

from __future__ import annotations

import re

MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:~$&])")
# Addresses and icons are found in the text once its marks are read: an escape does not keep them.
LATE = re.compile(r":(?=//|material/)|www(?=\.)", re.IGNORECASE)
WITHIN = re.compile(r"([\\`*_\[\]<>:~$&]|^\d+(?=[.)])|^[#+\-])")
JOINER = "\u2060"  # has no width, and breaks no line


def plain(text: str) -> str:
    """Return a text with Markdown's marks escaped, of which nothing becomes a link or an icon."""
    return MARKS.sub(r"\\\1", LATE.sub(rf"\g<0>{JOINER}", text))


def label(text: str) -> str:
    """Return a text for the label of a widget, as `plain` does, with as few marks as can be.

    What is read aloud is the label as it is sent: a mark in a file's name would be read too.
    """
    shown = LATE.sub(rf"\g<0>{JOINER}", " ".join(text.split()))
    return WITHIN.sub(lambda mark: f"{JOINER if mark[0].isdigit() else chr(92)}{mark[0]}", shown)
