"""A scope's dates as a calendar (RFC 5545): deadlines, certificates that end, recertification.

Everything is an event of a whole day. Certificates are counted by department and month, on the
first day of it, so that no officer is known by a date. An event keeps its UID over all versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from onemind import metrics, narrative
from onemind.feeds.standing import Standing, plain
from onemind.words import counted, some

if TYPE_CHECKING:
    from icalendar import Component

MOST = 2_000  # events; beyond it those of one kind and day are one
SPACE = UUID("6f1d3c52-0d0b-5b53-9f0e-2f3f6a3f9f5e")  # of every UID here
DEADLINES, TRAINING = ("Departments",), ("Training",)  # the pages that show the same
OPEN = ("in_progress", "due_soon", "overdue", "awaiting_confirmation")
DEADLINE, ENDING, OPENING = "Pledge deadline", "MHFA certificates end", "MHFA recertification opens"
HOURS = timedelta(hours=12)


@dataclass(frozen=True)
class Date:
    """One thing on one day; `key` names it for good, `officers` are those it counts."""

    kind: str
    key: str
    day: date
    name: str
    words: str
    officers: int = 0


def calendar(standing: Standing) -> bytes:
    """Return the calendar of what is in sight."""
    from icalendar import Calendar

    book = Calendar()
    where = standing.window.sight.scope.words()
    book.add("prodid", "-//One Mind Campaign dashboard//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    title = plain(f"{standing.window.rules.campaign}: {where}")
    for name in ("name", "x-wr-calname"):
        book.add(name, title)
    book.add("refresh-interval", HOURS, parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", HOURS, parameters={"VALUE": "DURATION"})
    if standing.sample:
        book.add("description", standing.sample)
    for item in _joined(list(_dates(standing))):
        book.add_component(_event(item, standing))
    return bytes(book.to_ical())


def _event(item: Date, standing: Standing) -> Component:
    from icalendar import Event

    event = Event()
    event.add("uid", str(uuid5(SPACE, f"{item.kind} {item.key}")))
    event.add("dtstamp", standing.version.published_at.astimezone(UTC))
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", plain(f"{item.kind}: {item.name}"))
    sample = f"\n{standing.sample}" if standing.sample else ""
    event.add("description", plain(item.words) + sample)
    event.add("categories", [item.kind])
    event.add("transp", "TRANSPARENT")
    return event


def _dates(standing: Standing) -> Iterator[Date]:
    if standing.shows(*DEADLINES):
        yield from _deadlines(standing)
    if standing.shows(*TRAINING):
        days = standing.window.rules.spans["expiring_days"]
        yield from _certificates(standing, ENDING, 0)
        yield from _certificates(standing, OPENING, days)


def _deadlines(standing: Standing) -> Iterator[Date]:
    for row in metrics.progress(standing.window, standing.chosen, standing.today).records():
        if row["stage"] in OPEN:
            words = narrative.in_short(row)
            yield Date(DEADLINE, row["department_id"], row["deadline_on"], row["name"], words)


def _certificates(standing: Standing, kind: str, days_before: int) -> Iterator[Date]:
    rows = metrics.training.ending(
        standing.window, standing.chosen, standing.today, days_before
    ).records()
    for row in rows:
        key = f"{row['department_id']} {row['month']:%Y-%m}"
        words = _counted(kind, row["officers"], row["month"], standing.today)
        yield Date(kind, key, row["month"], row["name"], words, row["officers"])


def _counted(kind: str, officers: int, month: date, today: date) -> str:
    """Say how many officers it is: of the month that has begun, those whose day is to come."""
    begun = (month.year, month.month) == (today.year, today.month)
    when = f"from today on in {month:%B %Y}" if begun else f"in {month:%B %Y}"
    if kind == OPENING:
        return f"Recertification opens for {counted(officers, 'officer')} {when}."
    many = f"certificates of {counted(officers, 'officer')} end"
    ending = "certificate of 1 officer ends" if officers == 1 else many
    return f"The last MHFA {ending} {when}."


def _joined(items: list[Date]) -> Iterable[Date]:
    """Return the dates; where they are too many for a calendar, one for each kind and day."""
    if len(items) <= MOST:
        return items
    days: dict[tuple[str, date], list[Date]] = defaultdict(list)
    for item in items:
        days[item.kind, item.day].append(item)
    return [_together(kind, day, same) for (kind, day), same in days.items()]


def _together(kind: str, day: date, same: list[Date]) -> Date:
    officers = sum(item.officers for item in same)
    count = counted(len(same), "department")
    name = f"{count}, {counted(officers, 'officer')}" if officers else count
    return Date(kind, day.isoformat(), day, name, some(item.name for item in same), officers)
