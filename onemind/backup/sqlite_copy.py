"""Copies an SQLite database while others write to it: python sqlite_copy.py FROM TO [TABLE ...].

The rows of the tables named are left out. It runs as a program of its own, never in a process that
has the database open: to close it there would drop the locks that DuckDB holds on it.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

SECONDS = 60.0  # how long to wait for whoever writes


def copy(source: Path, target: Path, without: list[str]) -> None:
    """Copy a database as it is at one moment; raises sqlite3.Error when that can't be done."""
    with (
        closing(sqlite3.connect(source, timeout=SECONDS)) as here,
        closing(sqlite3.connect(target, isolation_level=None)) as there,
    ):
        here.execute("pragma query_only = on")
        here.backup(there)
        there.execute("pragma journal_mode = delete")
        known = {name for (name,) in there.execute("select name from sqlite_master")}
        for table in sorted(known.intersection(without)):
            there.execute(f'delete from "{table}"')
        there.execute("vacuum")
        if there.execute("pragma quick_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError(f"{source.name} is damaged")


if __name__ == "__main__":
    try:
        copy(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    except (sqlite3.Error, OSError) as error:
        sys.exit(str(error))
