"""Points to compare from: what was published by a day, or up to where somebody was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from onemind.errors import NotPossibleNow, WrongUse
from onemind.store import Store, Version

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Point:
    """A version as of a day."""

    version: int
    day: date


def newest(store: Store, today: date) -> Point:
    """Return the newest version as of today; raises NotPossibleNow while there is none."""
    return Point(_latest(store).number, today)


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
    latest = _latest(store)
    by_then = [version for version in store.versions() if _day(version) <= day]
    if not by_then or (by_then[-1].sample and not latest.sample):
        return Point(latest.number, day)
    return Point(by_then[-1].number, day)


def told(store: Store, number: int | None, day: date) -> Point:
    """Return the point up to which somebody was told; number None: of no version yet.

    A version that is no longer there, or the sample that gave way, is taken by its day.
    """
    known = {version.number: version for version in store.versions()}
    if number not in known or (known[number].sample and not _latest(store).sample):
        return on(store, day)
    return Point(number, day)


def _latest(store: Store) -> Version:
    version = store.current()
    if version is None:
        raise NotPossibleNow("Nothing is published yet. Publish data first, then try again.")
    return version


def _day(version: Version) -> date:
    return version.published_at.astimezone().date()
