"""Text that comes from files or people, as Markdown shows it unchanged."""

from __future__ import annotations

import re

MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:~$])")


def plain(text: str) -> str:
    """Return a text with Markdown's marks escaped."""
    return MARKS.sub(r"\\\1", text)
