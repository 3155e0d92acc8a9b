"""Whether a database has changed since one looked, told from the outside by its files."""

from __future__ import annotations

import time
from pathlib import Path

Mark = tuple[tuple[int, int], ...]


def mark(database: Path) -> Mark:
    """Return size and time of change of an SQLite database and its log; each commit changes them.

    Only looked at from outside: opening them beside DuckDB would drop the locks it holds on them.
    """
    found = []
    for path in (database, database.with_name(f"{database.name}-wal")):
        try:
            status = path.stat()
            found.append((status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)


def is_settled(mark: Mark) -> bool:
    """Whether a mark is old enough (0.1 s) that no change can hide behind it.

    A file system's clock ticks slower than a commit writes.
    """
    now = time.time_ns()
    return all(now - changed > 100_000_000 for _, changed in mark)
