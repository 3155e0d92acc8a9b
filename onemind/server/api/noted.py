"""The activity log's line for data that programs read: once a day for each of whom and what."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock

from onemind.access import User
from onemind.access.attempts import network
from onemind.appdb import AppDatabase
from onemind.errors import NotWritable

MOST = 5_000


class Noted:
    """What was noted lately; the oldest is forgotten, and would be noted again."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, ...], None] = {}
        self._one = Lock()

    def note(self, appdb: AppDatabase, ip: str, user: User, path: str) -> None:
        """Note that somebody read an address, unless it was noted today."""
        now = datetime.now(UTC)
        same = (user.id, user.name, network(ip), path, str(now.date()))
        with self._one:
            if same in self._noted:
                return
            while len(self._noted) >= MOST:
                del self._noted[next(iter(self._noted))]
            self._noted[same] = None
        with suppress(NotWritable):  # what may be read is read, noted or not
            appdb.activity.add(now, user.name, "export", path[:200], ip)


NOTED = Noted()
