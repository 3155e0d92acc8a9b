"""Numbers with their nouns, days and spans of time, in the words that people use for them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

UNKNOWN = "–"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: 1 link, 2,000 links."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def some(texts: Iterable[str], most: int = 12) -> str:
    """Return texts with commas, those beyond `most` counted: a, b and 3 more."""
    listed = list(texts)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def long_day(day: date) -> str:
    """Return a date as September 20, 2017."""
    return f"{day:%B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Return a date as Sep 20, 2017, for tables and charts."""
    return f"{day:%b} {day.day}, {day.year}"


def span(days: int) -> str:
    """Return a number of days as people say it: 12 days, 7 months, 3 years, 3.2 years."""
    if days < 60:
        return counted(days, "day")
    if days < 730:
        return f"{round(days / 30.44)} months"
    return f"{days / 365.25:.1f}".removesuffix(".0") + " years"


def whole_percent(share: float) -> int:
    """Return a share of 0 to 1 in whole percent, rounded down: 100 means all, never nearly all.

    In floating point 0.29 * 100 is below 29; rounding at the ninth place first makes no false 100.
    """
    return math.floor(round(share * 100, 9))


def whole_percent_of(count: int | None, whole: int | None) -> int | None:
    """Return a count's share of a whole in whole percent; None where one is unknown, or of none."""
    return whole_percent(count / whole) if count is not None and whole else None


def tenths_of_percent(share: float) -> float:
    """Return a share of 0 to 1 in percent, rounded down to a tenth."""
    return math.floor(round(share * 1000, 9)) / 10


def percent(share: float | None) -> str:
    """Return a share of 0 to 1 as text, rounded down: 29%; a dash where it is unknown."""
    return UNKNOWN if share is None or share != share else f"{whole_percent(share)}%"


def percent_to_tenths(share: float | None) -> str:
    """Return a share of 0 to 1 as text, rounded down to a tenth: 28.1%; a dash where unknown."""
    return UNKNOWN if share is None or share != share else f"{tenths_of_percent(share):.1f}%"
