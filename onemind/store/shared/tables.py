"""Which tables are shared, by what name, and who derives one while the others wait."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from onemind.campaign import Rules
from onemind.geography import FILES
from onemind.store.derived import Derived
from onemind.store.shared.files import VERSIONS, Place

ROWS = 200_000  # in the datasets a table rests on: with fewer, deriving is as fast as looking
WAIT = 120.0  # seconds that one process waits for another, then it derives the table itself


class Shared:
    """The shared tables of a store: `stamp` returns what tells a version from every other one,
    `rows` how many rows of a dataset a version has, `newest` the newest version's number.

    Without a folder nothing is shared.
    """

    def __init__(
        self,
        folder: Path | None,
        rules: Rules,
        stamp: Callable[[int], str],
        rows: Callable[[str, int], int],
        newest: Callable[[], int],
    ) -> None:
        self._folder, self._stamp, self._rows, self._newest = folder, stamp, rows, newest
        self._rules = _digest(repr(rules), duckdb.__version__, *_files()) if folder else ""

    @contextmanager
    def place(self, number: int, table: Derived) -> Iterator[Place | None]:
        """Lend the place of a table, its file sound or this process alone to derive it.

        It is None where sharing is not worth it or not possible.
        """
        place = self._of(number, table)
        if place is None or place.is_sound():
            yield place
            return
        lock = FileLock(place.file.with_suffix(".lock"), timeout=WAIT)
        with suppress(OSError, Timeout):
            place.file.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
            place.is_mine, place.begun = not place.is_sound(), time.monotonic()
        try:
            yield place
        finally:
            lock.release()

    def _of(self, number: int, table: Derived) -> Place | None:
        newest = self._newest() if self._folder else 0
        if self._folder is None or not newest - VERSIONS < number <= newest or number == 0:
            return None
        if sum(self._rows(name, number) for name in table.rests_on()) < ROWS:
            return None
        key = _digest(self._stamp(number), self._rules, *_texts(table))
        return Place(self._folder / f"v{number}-{key}" / f"{table.table}.parquet", newest)


def _texts(table: Derived) -> Iterator[str]:
    """Yield all that decides a table's rows but for the data and the rules."""
    yield from (table.table, table.select, repr(table.days))
    for item in table.needs:
        yield from _texts(item)


def _files() -> Iterator[str]:
    return (hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES.values())


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
