"""Derived tables that several processes of a machine share: Parquet files beside the store.

Whoever needs a table that takes long looks here first; one process derives it while others wait.
A file is named by all that decides its rows (version, rules, SQL), so it is never stale. Nothing
depends on it: one that is missing, damaged or can't be written costs the time to derive, no more.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from onemind.campaign import Rules
from onemind.geography import FILES
from onemind.store.connection import Connection
from onemind.store.derived import Derived
from onemind.store.lake import quoted

ROWS = 200_000  # in the datasets a table rests on: with fewer, deriving is as fast as looking
SLOW = 0.25  # seconds: what is derived faster is not worth a file
WAIT = 120.0  # seconds that one process waits for another, then it derives the table itself
VERSIONS, MOST = 4, 64  # the newest versions whose tables are shared, and the most tables


@dataclass
class Place:
    """Where one table of one version lies; `begun` is when it was found missing.

    `is_mine` tells that this process is to write it, `newest` is the number of the newest version.
    """

    file: Path
    newest: int
    is_mine: bool = False
    begun: float = field(default_factory=time.monotonic)

    def is_sound(self) -> bool:
        """Whether the file is there and whole; a damaged one is removed."""
        try:
            if _sum(self.file) == _sum_of(self.file).read_bytes():
                return True
            self.file.unlink()
        except OSError:
            pass
        return False

    def load(self, con: Connection, table: str) -> bool:
        """Make the table from the file; return whether that could be done."""
        try:
            con.begin()
            con.execute(f"create table {table} as from read_parquet({quoted(self.file)})")
            con.commit()
        except duckdb.Error:
            with suppress(duckdb.Error):
                con.rollback()
            return False
        return True

    def keep(self, con: Connection, table: str) -> None:
        """Write the table, if it took long to derive; a disk that is full keeps nothing."""
        if not self.is_mine or time.monotonic() - self.begun < SLOW:
            return
        part = self.file.with_suffix(".part")
        try:
            con.execute(f"copy (from {table}) to {quoted(part)} (format parquet, compression zstd)")
            if _columns(con, table) != _columns(con, f"read_parquet({quoted(part)})"):
                raise OSError("a type that Parquet has not")
            _sum_of(self.file).write_bytes(_sum(part))
            for path in (part, _sum_of(self.file)):
                _sync(path)
            part.replace(self.file)
            _sync(self.file.parent)
            _drop_old(self.file.parents[1], self.newest)
        except (OSError, duckdb.Error):
            with suppress(OSError):
                part.unlink(missing_ok=True)


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


def _sum(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").digest()


def _sum_of(file: Path) -> Path:
    return file.with_suffix(".sum")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _columns(con: Connection, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"describe from {table}").fetchall()


def _drop_old(folder: Path, newest: int) -> None:
    """Remove what is of old versions, or of some that are no more, and the oldest beyond MOST."""
    places = sorted(folder.glob("v*-*"), key=_age, reverse=True)
    kept = [path for path in places if newest - VERSIONS < _number(path) <= newest][:MOST]
    for path in set(places).difference(kept):
        shutil.rmtree(path, ignore_errors=True)


def _number(folder: Path) -> int:
    digits = folder.name[1:].partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process removed it
        return 0.0
