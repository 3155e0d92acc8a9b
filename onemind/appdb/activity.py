"""The activity log: who did what, when and from where. It can be added to and read, never changed.

The database itself refuses to change or delete a row.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment
from onemind.errors import NotWritable

ACTIVITY = sa.Table(
    "activity",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("actor", sa.String, nullable=False, index=True),
    sa.Column("action", sa.String, nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("ip", sa.String, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
)
MOST_WAITING = 10_000  # events


@dataclass(frozen=True)
class Event:
    """One line of the log: who, what was done, to what, from which address, and details."""

    at: datetime
    actor: str
    action: str
    subject: str
    ip: str
    details: dict[str, Any]


class Activity:
    """The log in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: deque[dict[str, Any]] = deque(maxlen=MOST_WAITING)
        self._guard = Lock()

    def add(
        self,
        now: datetime,
        actor: str,
        action: str,
        subject: str = "",
        ip: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Note something done. Control characters are escaped: one event is one line anywhere.

        While nothing can be written, events wait in memory for the next one that can.
        """
        values = row(now, actor, action, subject, ip, details)
        with self._guard:
            self._waiting.append(values)
            while self._waiting:
                event = self._waiting.popleft()
                try:
                    self.database.change(sa.insert(ACTIVITY).values(**event))
                except NotWritable:
                    self._waiting.appendleft(event)
                    return

    def events(
        self,
        actions: tuple[str, ...] = (),
        actor: str | None = None,
        since: datetime | None = None,
        most: int | None = None,
    ) -> list[Event]:
        """Return events, newest first: of some actions, of one actor, since a moment."""
        columns = [column for column in ACTIVITY.c if column.name != "id"]
        query = sa.select(*columns).order_by(ACTIVITY.c.id.desc())
        if actions:
            query = query.where(ACTIVITY.c.action.in_(actions))
        if actor is not None:
            query = query.where(ACTIVITY.c.actor == actor)
        if since is not None:
            query = query.where(ACTIVITY.c.at >= since)
        return [Event(**found) for found in self.database.rows(query.limit(most))]

    def actors(self) -> list[str]:
        """Return everybody in the log, by name."""
        query = sa.select(ACTIVITY.c.actor).distinct().order_by(ACTIVITY.c.actor)
        return [found["actor"] for found in self.database.rows(query)]

    def actions(self) -> list[str]:
        """Return every kind of action in the log, by name."""
        query = sa.select(ACTIVITY.c.action).distinct().order_by(ACTIVITY.c.action)
        return [found["action"] for found in self.database.rows(query)]


def row(
    now: datetime,
    actor: str,
    action: str,
    subject: str = "",
    ip: str = "",
    details: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an event as its row, for whoever notes it together with another change."""
    return {
        "at": now,
        "actor": one_line(actor),
        "action": action,
        "subject": one_line(subject),
        "ip": one_line(ip),
        "details": _plain(dict(details or {})),
    }


def one_line(text: str) -> str:
    """Escape what could end a line, drive a terminal or turn the reading direction."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text.replace("\\", "\\\\"))


def words(details: object) -> str:
    """Write an event's details on one line: "from viewer, to staff"."""
    values = details if isinstance(details, Mapping) else {}
    plain = {True: "yes", False: "no"}
    shown = {name: plain[v] if isinstance(v, bool) else v for name, v in values.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value not in ("", None))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {one_line(str(name)): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
