"""The file of one derived table: written whole or not at all, and believed once looked at."""

from __future__ import annotations

import hashlib
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from onemind.files import sync
from onemind.store.connection import Connection
from onemind.store.lake import quoted

SLOW = 0.25  # seconds: what is derived faster is not worth a file
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
                sync(path)
            part.replace(self.file)
            sync(self.file.parent)
            _drop_old(self.file.parents[1], self.newest)
        except (OSError, duckdb.Error):
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _sum(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").digest()


def _sum_of(file: Path) -> Path:
    return file.with_suffix(".sum")


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
