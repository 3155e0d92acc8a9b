"""What somebody probably meant: a suggestion beside a problem, never a silent correction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from rapidfuzz import fuzz, process

LIKELY = 75
OTHER_DATES = ("%d/%m/%Y", "%Y-%d-%m", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
SHORT_YEARS = ("%m/%d/%y", "%y-%m-%d", "%d-%b-%y")


def word(text: str, words: Iterable[str], likely: float = LIKELY) -> str | None:
    """Return the word that is most like the text, or None when none is like enough."""
    options = list(words)
    nearest = process.extractOne(
        text.lower(),
        [option.lower() for option in options],
        scorer=fuzz.WRatio,
        score_cutoff=likely,
    )
    return options[nearest[2]] if nearest else None


def number(text: str) -> str | None:
    """Return the first number in a text such as "44 full-time, 30 part-time"; None without one."""
    digits = re.search(r"\d{1,3}(?:,\d{3})+|\d+", text)
    return digits[0].replace(",", "") if digits else None


def day(text: str) -> str | None:
    """Return a date written another way (20/9/2017, 20 Sep 2017) as 2017-09-20, or None."""
    for pattern in (*OTHER_DATES, *SHORT_YEARS):
        try:
            parsed = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        if 1900 <= parsed.year < 2100 and not (pattern in SHORT_YEARS and parsed.year > 2050):
            return parsed.isoformat()
    return None


def yes_or_no(text: str) -> str | None:
    """Return yes or no for words that mean one of them, such as "sworn" or "x"."""
    plain = text.strip().lower()
    if plain in ("x", "✓", "sworn", "ja", "si", "sí", "ok"):
        return "yes"
    return "no" if plain in ("non-sworn", "nonsworn", "civilian", "not sworn") else None
