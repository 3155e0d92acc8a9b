"""One publish at a time over all machines: an advisory lock of PostgreSQL.

The server frees it when its holder's connection ends, however it ends.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from zlib import crc32

from onemind.errors import NotPossibleNow

if TYPE_CHECKING:
    import psycopg

# The keys of the locks, for each database.
PUBLISH, DUTY = 0x6F6E656D696E64, 0x6F6E6564757479
CHANNEL = "onemind_publish"
AGAIN = 0.05
PASSWORD = re.compile(r"(://[^\s/@:]*:|password\s*=\s*)[^\s@]+")
REACH = 10  # seconds to reach the server


@contextmanager
def advisory_lock(address: str, seconds: float) -> Iterator[psycopg.Connection]:
    """Hold the publish lock, and lend the connection that holds it.

    Raises NotPossibleNow when it stays taken that long, or the database can't be reached.
    """
    import psycopg

    try:
        con = psycopg.connect(address, autocommit=True, connect_timeout=REACH)
    except psycopg.Error as error:
        raise unreachable(error) from error
    try:
        deadline = time.monotonic() + seconds
        while not _taken(con):
            if time.monotonic() > deadline:
                raise NotPossibleNow(
                    f"Another publish has been running for over {seconds:.0f} seconds. "
                    "Your data was not published. Try again when it has finished."
                )
            time.sleep(AGAIN)
        yield con
    finally:
        with suppress(psycopg.Error):
            con.close()


def _taken(con: psycopg.Connection) -> bool:
    import psycopg

    try:
        row = con.execute("select pg_try_advisory_lock(%s)", (PUBLISH,)).fetchone()
    except psycopg.Error as error:
        raise unreachable(error) from error
    return bool(row and row[0])


class Claim:
    """A lock that one process of all machines has, for as long as its connection lives."""

    def __init__(self, address: str, what: str = "duty") -> None:
        self._address, self._key = address, DUTY + crc32(what.encode())
        self._con: psycopg.Connection | None = None

    def is_mine(self) -> bool:
        """Take it if nobody has it; return whether this process has it now."""
        import psycopg

        try:
            if self._con is not None:
                self._con.execute("select 1")
                return True
            con = psycopg.connect(self._address, autocommit=True, connect_timeout=REACH)
            row = con.execute("select pg_try_advisory_lock(%s)", (self._key,)).fetchone()
            if row and row[0]:
                self._con = con
                return True
            con.close()
        except psycopg.Error:
            self.end()
        return False

    def end(self) -> None:
        """Let go of it."""
        import psycopg

        if self._con is not None:
            with suppress(psycopg.Error):
                self._con.close()
        self._con = None


def notify(con: psycopg.Connection) -> None:
    """Tell all processes that there is a new version.

    They look by themselves too, once a second; so a lost word costs a second and nothing else.
    """
    import psycopg

    with suppress(psycopg.Error):
        con.execute(f"notify {CHANNEL}")


def unreachable(error: Exception) -> NotPossibleNow:
    """Return the sentence for a database that can't be reached, without its password."""
    why = PASSWORD.sub(r"\1***", str(error).strip().split("\n", maxsplit=1)[0]).rstrip(".")
    return NotPossibleNow(
        f"The database of ONEMIND_CATALOG can't be reached: {why}. "
        "Nothing was changed. Check that it runs, then try again."
    )
