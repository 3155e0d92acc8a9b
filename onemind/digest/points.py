"""From where a digest tells: a day, or a version, as somebody asks or as the last digest ended."""

from __future__ import annotations

from datetime import date, timedelta

from onemind.errors import NotPossibleNow, WrongUse
from onemind.metrics import Point
from onemind.store import Store, Version

WEEK = timedelta(days=7)


def newest(store: Store, today: date) -> Point:
    """Return the newest version as of today; raises NotPossibleNow while there is none."""
    version = store.current()
    if version is None:
        raise NotPossibleNow("Nothing is published yet. Publish data first, then make a digest.")
    return Point(version.number, today)


def since(store: Store, text: str | None, today: date) -> Point:
    """Return the point that a date, or a version's number, means; None: a week ago.

    Raises WrongUse for what is neither, and for a day to come.
    """
    if text and text.isdecimal() and len(text) < 8:
        version = store.version(int(text))
        assert version
        return Point(version.number, _day(version))
    try:
        day = date.fromisoformat(text) if text else today - WEEK
    except ValueError:
        raise WrongUse(
            f"'{text}' is neither a date, such as 2026-09-20, nor the number of a version."
        ) from None
    if day > today:
        raise WrongUse(f"{day.isoformat()} is still to come. Write a day that has been.")
    return on(store, day)


def on(store: Store, day: date) -> Point:
    """Return the version that was the newest at the end of a day, as of that day.

    Where nothing was published by then, or the sample alone, it is the newest of all: what it says
    happened since that day is news, and what it says of the time before is not.
    """
    versions = store.versions()
    by_then = [version for version in versions if _day(version) <= day]
    latest = versions[-1] if versions else None
    if latest is None:
        return Point(None, day)
    if not by_then or (by_then[-1].sample and not latest.sample):
        return Point(latest.number, day)
    return Point(by_then[-1].number, day)


def told(store: Store, number: int | None, day: date | None, today: date) -> Point:
    """Return the point up to which somebody was told, a week ago where nobody was.

    A version that is no longer there, or the sample that gave way, is taken by its day.
    """
    if number is None or day is None:
        return on(store, today - WEEK)
    known = {version.number: version for version in store.versions()}
    latest = store.current()
    if number not in known or (latest and known[number].sample and not latest.sample):
        return on(store, day)
    return Point(number, day)


def _day(version: Version) -> date:
    return version.published_at.astimezone().date()
