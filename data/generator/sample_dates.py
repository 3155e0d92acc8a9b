"""Calendar arithmetic for the sample: no clock, every draw from the generator passed in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random


def days(number: int) -> timedelta:
    """A span of whole days."""
    return timedelta(days=number)


def add_months(start: date, months: int) -> date:
    """The date that many months later; the last day of the month where the day does not exist."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - days(max(0, day.weekday() - 4))


def between(rng: Random, first: date, last: date) -> date:
    """A working day drawn evenly from first to last (never before first)."""
    span = max(0, (last - first).days)
    return max(first, weekday(first + days(rng.randint(0, span))))


def periods(first: date, last: date, months: int) -> Iterator[tuple[date, date]]:
    """Consecutive periods of so many months that end on or before last: (first day, last day)."""
    start = first
    while (following := add_months(start, months)) - days(1) <= last:
        yield start, following - days(1)
        start = following
