"""Who may come in, kept in this process for the time that PostgreSQL can't be reached.

The server copies people, sessions and share links into memory every half a minute. While the
database is gone they are read from there, for half a day at most; nothing is written. Whoever was
let in or put out within the last half minute is not known to be, until the database is back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from threading import Event, Thread
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from onemind.errors import NotWritable

EVERY, AGAIN = 30.0, 1.0  # seconds between copies, and between tries while it is gone
LONGEST = 12 * 3600.0  # seconds for which a copy is believed
GONE = NotWritable("the database can't be reached", "Check that it runs, then try again.")
_log = logging.getLogger(__name__)


class Standby:
    """A copy of some tables in memory, kept up by a thread until it is closed."""

    def __init__(self, own: sa.Engine, metadata: sa.MetaData, tables: Iterable[sa.Table]) -> None:
        self._own, self._tables = own, tuple(tables)
        self._copy = sa.create_engine("sqlite://", poolclass=StaticPool,
                                      connect_args={"check_same_thread": False})  # fmt: skip
        metadata.create_all(self._copy)
        self._copied_at: float | None = None
        self.is_gone = False
        self._wake, self._is_closed = Event(), False
        self._thread = Thread(target=self._keep_up, daemon=True, name="standby")

    def start(self) -> None:
        """Begin to copy; the first copy is made at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._is_closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5)
        self._copy.dispose()

    def lose(self) -> None:
        """Note that the database can't be reached; from now on it is tried again and again."""
        if not self.is_gone:
            _log.warning("the database can't be reached; who may come in is read from memory")
            self.is_gone = True
            self._wake.set()

    def engine(self) -> sa.Engine | None:
        """Return the copy, for reading; None where there is none, or it is too old."""
        at = self._copied_at
        return self._copy if at is not None and monotonic() - at < LONGEST else None

    def _keep_up(self) -> None:
        while not self._is_closed:
            try:
                self._take()
            except (sa.exc.DBAPIError, NotWritable):
                self.lose()
            self._wake.wait(AGAIN if self.is_gone else EVERY)
            self._wake.clear()

    def _take(self) -> None:
        with self._own.connect() as con:
            rows = {table: list(con.execute(sa.select(table)).mappings()) for table in self._tables}
        with self._copy.begin() as con:
            for table, listed in rows.items():
                con.execute(sa.delete(table))
                if listed:
                    con.execute(sa.insert(table), [dict(row) for row in listed])
        self._copied_at = monotonic()
        if self.is_gone:
            _log.warning("the database is back")
            self.is_gone = False
