"""Whether a database has changed since the last look, and its size, judged from its files alone."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

Mark = tuple[tuple[int, int], ...]


def mark(database: Path) -> Mark:
    """Return size and time of change of an SQLite database and its log; every commit changes them.

    The files are not opened: that would drop the locks that DuckDB holds on them in this process.
    """
    files = []
    for path in (database, database.with_name(f"{database.name}-wal")):
        try:
            status = path.stat()
            files.append((status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            files.append((0, 0))
    return tuple(files)


def is_settled(mark: Mark) -> bool:
    """Whether a mark is old enough (0.1 s) that no later change can have the same one.

    A file system's clock is coarser than a commit is long.
    """
    now = time.time_ns()
    return all(now - changed > 100_000_000 for _, changed in mark)


def size(folder: Path) -> int:
    """Return how many bytes the files in a folder and those below it have."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it was removed meanwhile
                total += (Path(place) / name).stat().st_size
    return total
