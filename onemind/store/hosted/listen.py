"""Hearing of publishes from any process: PostgreSQL's LISTEN, and a look once a second."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import Any

from onemind.store.hosted.lock import CHANNEL, REACH
from onemind.store.marks import Mark

LOOK, RETRY = 1.0, 1.0  # seconds
NEWEST = "select max(snapshot_id) from ducklake_snapshot"


class Listener:
    """Counts the changes of a catalog in a thread of its own, from the first time it is asked.

    While the database can't be reached, the count goes up at each try, so that nobody takes an old
    answer for a new one.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._count, self._newest = 0, -1
        self._counting = Lock()
        self._stop, self._looked = Event(), Event()
        self._thread: Thread | None = None
        self.is_cut = False  # whether the database could not be reached when it was last tried

    def mark(self) -> Mark:
        """Return what differs after a publish from any process; waits for the first look."""
        if self._thread is None:
            self._thread = Thread(target=self._run, daemon=True, name="listen")
            self._thread.start()
        self._looked.wait(REACH)
        return ((self._count, 0),)

    def changed(self) -> None:
        """Note a change, such as one that this process made itself."""
        with self._counting:  # else two threads could count the same step, or one step back
            self._count += 1

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()

    def _run(self) -> None:
        import psycopg

        while not self._stop.is_set():
            try:
                with psycopg.connect(
                    self._address, autocommit=True, connect_timeout=REACH,
                    keepalives_idle=5, keepalives_interval=2, keepalives_count=3,
                ) as con:  # fmt: skip
                    con.execute(f"listen {CHANNEL}")
                    while not self._stop.is_set():
                        self._look(con)
                        for _ in con.notifies(timeout=LOOK, stop_after=1):
                            pass
            except psycopg.Error:
                self.is_cut = True
                self.changed()
                self._looked.set()
                self._stop.wait(RETRY)

    def _look(self, con: Any) -> None:
        (newest,) = con.execute(NEWEST).fetchone()
        if newest != self._newest:
            self._newest = newest
            self.changed()
        self.is_cut = False
        self._looked.set()
