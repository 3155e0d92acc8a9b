"""Copies of a small database, for reading it where it can't be opened in its place.

SQLite needs to write beside a database even to read it. On a full disk, or in a folder that can
only be read, a copy in memory is read instead. The copy is made by a program of its own: to close a
file drops the locks that this process holds on it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

from onemind.settings import IN_MEMORY
from onemind.store.marks import mark

PLACES = (IN_MEMORY, None)  # memory, then the system's temporary folder
TRIES, SECONDS = 3, 60
LOG = "-wal"
# The log goes first: changes that it lacks can then be in the database, never the reverse.
COPYING = """
import os, shutil, sys
source, target = sys.argv[1:]
for ending in ("-wal", ""):
    if os.path.exists(source + ending):
        shutil.copyfile(source + ending, target + ending)
"""


class Copy:
    """A copy of a database and its log in a folder of its own, and the mark it was made at.

    `remove()` deletes it, as does the end of the process; whoever has it open reads on.
    """

    def __init__(self, database: Path) -> None:
        """Make it; raises OSError where there is no place for it.

        Of a database that is not there yet, only the place is made.
        """
        for place in PLACES:
            try:
                folder = tempfile.mkdtemp(prefix="onemind-", dir=place)
                self.remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
                self.path = Path(folder) / database.name
                self.mark = _copied(database, self.path)
                return
            except OSError:
                continue
        raise OSError(f"There is no place for a copy of {database}.")


def _copied(database: Path, target: Path) -> object:
    before = mark(database)
    if not database.exists():
        return before
    for _ in range(TRIES):
        copied(database, target)
        after = mark(database)
        if after == before:
            break
        before = after
    return before


def copied(database: Path, target: Path) -> None:
    """Copy a database with its log; nobody may be writing it. Raises OSError if that fails."""
    command = [sys.executable, "-I", "-c", COPYING, str(database), str(target)]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode or not target.exists():
        raise OSError(f"{database} can't be copied.")
