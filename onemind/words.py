"""Numbers with their nouns, days and spans of time, in the words that people use for them."""

from __future__ import annotations

import math
from datetime import date


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: 1 link, 2,000 links."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def long_day(day: date) -> str:
    """Return a date as 20 September 2017."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """Return a date as 20 Sep 2017, for tables and charts."""
    return f"{day.day} {day:%b %Y}"


def span(days: int) -> str:
    """Return a number of days as people say it: 12 days, 7 months, 3 years, 3.2 years."""
    if days < 60:
        return counted(days, "day")
    if days < 730:
        return f"{round(days / 30.44)} months"
    return f"{days / 365.25:.1f}".removesuffix(".0") + " years"


def whole_percent(share: float) -> int:
    """Return a share of 0 to 1 in whole per cent, rounded down: 100 means all, never nearly all.

    In floating point 0.29 * 100 is below 29; rounding at the ninth place first makes no false 100.
    """
    return math.floor(round(share * 100, 9))
