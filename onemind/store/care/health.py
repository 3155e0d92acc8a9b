"""The lake as it can be had at this moment: open, by a copy of its catalog, or not at all.

Looked at before every question to the store, in a few microseconds. What is in memory stays
readable in each case, and the store opens again by itself when the trouble ends.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Literal

from onemind.errors import REPAIR, DataLost, NotPossibleNow, NotWritable, Unreachable
from onemind.settings import Settings
from onemind.store import lake
from onemind.store.care import schema, trouble
from onemind.store.care.copies import LOG, Copy
from onemind.store.care.files import DAMAGED as DAMAGED_FILE
from onemind.store.care.files import MAIN, METADATA, Files, listed, names, waiting, written
from onemind.store.care.files import MISSING as MISSING_FILE
from onemind.store.care.trouble import Trouble, Troubles, tried, unwritable
from onemind.store.marks import mark

Mode = Literal["open", "copy", "away"]
AGAIN = 1.0  # seconds until what failed is tried again
EMPTY = 4096  # bytes of a catalog that holds nothing
WRITE, CATALOG, FILES, DATABASE = "write", "catalog", "files", "database"
MISSING = Unreachable("its catalog is missing", f"{REPAIR}.")
TURNING = Unreachable("it is being opened again", "Try again in a moment.")
SILENT = Unreachable("its database or bucket does not answer", "Check that they run.")
OF_THE_NET = ("onnection", "could not translate host", "server closed", "HTTP", "Failed to prepare")
DAMAGED = Unreachable("its catalog is damaged", f"{REPAIR}.")


class Health:
    """DuckDB with the lake of a store, how it can be had, and what is wrong with it."""

    def __init__(self, settings: Settings) -> None:
        """Open it; raises NotPossibleNow when it can't even be read."""
        self.settings = settings
        self.is_cut: Callable[[], bool] = lambda: False  # whether PostgreSQL does not answer
        self._is_here = not settings.catalog  # else PostgreSQL keeps the catalog
        self.files = Files(None if settings.bucket else (settings.data or settings.store) / "data")
        self.mode: Mode = "open"
        self._troubles = Troubles()
        self._guard = RLock()
        self._copy: Copy | None = None
        self._not_before = 0.0
        if self._is_here and is_lost(settings.store):
            raise MISSING
        self.connection = self._opened()

    def _opened(self) -> lake.OwnConnection:
        try:
            return lake.connect(self.settings)
        except NotPossibleNow as error:
            if not self._is_here:
                raise
            if is_damaged(error):
                raise DAMAGED from error
            why = tried(self.settings.store)
            if why is None or not self._catalog.exists():
                raise
            try:
                self._take_copy(why)
            except OSError:
                raise why from error
            assert self._copy is not None
            return lake.connect(self.settings, self._copy.path)

    def is_writable(self) -> bool:
        """Whether the lake was opened to be written."""
        return self.mode == "open"

    def require_known(self) -> int:
        """Return the schema of the store; raises NotPossibleNow for a newer dashboard's."""
        return schema.require_known(self.connection, self.settings.store)

    def prepare(self) -> None:
        """Make tables and columns that are missing, and bring the layout up to date.

        Hold the publish lock meanwhile. Raises NotPossibleNow for a newer dashboard's store.
        """
        before = self.require_known()
        lake.make_tables(self.connection)
        if before < schema.NEWEST:
            schema.migrate(self.connection, self._catalog if self._is_here else None, before)

    @property
    def _catalog(self) -> Path:
        return self.settings.store / lake.CATALOG

    def look(self) -> None:
        """Turn to what can be had now; what fails is tried again after a second."""
        if not self._is_here:
            return
        wanted, why = self._wanted()
        is_stale = self._copy is not None and self._copy.mark != mark(self._catalog)
        if (wanted == self.mode and not is_stale) or time.monotonic() < self._not_before:
            return
        with self._guard:
            try:
                self._turn(wanted, why)
            except (OSError, NotPossibleNow, lake.DatabaseError):
                self._not_before = time.monotonic() + AGAIN

    def _wanted(self) -> tuple[Mode, NotWritable | None]:
        if not self._catalog.exists() or (self.mode == "away" and is_lost(self.settings.store)):
            return "away", None
        why = unwritable(self.settings.store)
        return ("copy", why) if why else ("open", None)

    def _turn(self, wanted: Mode, why: NotWritable | None) -> None:
        if wanted == "away":
            lake.detach(self.connection)
            self._note_unread(MISSING)
            self._drop_copy()
        elif why:
            self._take_copy(why)
            assert self._copy is not None
            lake.attach(self.connection, self.settings, self._copy.path)
        else:
            if why := tried(self.settings.store):
                raise why
            lake.attach(self.connection, self.settings)
            self._drop_copy()
            self._troubles.end(WRITE)
        self.mode = wanted
        if wanted != "away":
            self._troubles.end(CATALOG)

    def _take_copy(self, why: NotWritable) -> None:
        self.note(why)
        old, self._copy = self._copy, Copy(self._catalog)
        self.mode = "copy"
        if old:
            old.remove()

    def _drop_copy(self) -> None:
        if self._copy:
            self._copy.remove()
        self._copy = None

    def note_read(self) -> None:
        """Note that the catalog can be read."""
        if self.mode != "away":
            self._troubles.end(CATALOG)

    def _note_unread(self, why: Unreachable) -> None:
        self._troubles.note(CATALOG, f"The store can't be read: {why.why}.", why.action)

    def note(self, why: NotWritable) -> None:
        """Note that the store can't be written."""
        self._troubles.note(WRITE, f"Nothing can be published: {why.why}.", why.action)

    def troubles(self) -> tuple[Trouble, ...]:
        """Return what is wrong at this moment; what is over is forgotten first."""
        self.look()
        is_noted = self._troubles.has(WRITE) and self._is_here and self.mode == "open"
        if is_noted and not tried(self.settings.store):
            self._troubles.end(WRITE)
        if self.is_cut():
            says = "Nothing can be published: the database of ONEMIND_CATALOG does not answer."
            self._troubles.note(DATABASE, says, "Check that it runs.")
        else:
            self._troubles.end(DATABASE)
        if lost := self.files.still_faulty():
            others = f" and {len(lost) - 1:,} more files are" if len(lost) > 1 else " is"
            says = f"Data can't be read: {lost[0]}{others} missing or damaged."
            self._troubles.note(FILES, says, f"{REPAIR}.")
        else:
            self._troubles.end(FILES)
        return self._troubles.all()

    def require_writable(self) -> None:
        """Raise NotWritable or Unreachable unless a publish is possible now."""
        self.look()
        if not self._is_here:
            return
        if self.mode == "away":
            raise MISSING
        if why := unwritable(self.settings.store):
            self.note(why)
            raise why
        if self.mode == "copy":
            raise NotWritable("the store is being opened again", "Try again in a moment.")
        self._troubles.end(WRITE)

    @contextmanager
    def writing(self) -> Iterator[Callable[[], dict[str, str]]]:
        """Lend a function that returns the sums of the files written meanwhile.

        Hold the publish lock. Where the work fails, its files are deleted: no version has them.
        """
        data = self.files.data
        before = names(data) if data else set()
        sums: dict[str, str] = {}

        def measured() -> dict[str, str]:
            sums.update(written(data, before) if data else {})
            return sums

        try:
            yield measured
            self.files.learn(sums)
        except (OSError, lake.DatabaseError) as error:
            self._discard(before)
            reason = trouble.worded(error) if isinstance(error, OSError) else self.worded(error)
            if reason is None or isinstance(reason, DataLost):
                raise
            raise reason from error
        except BaseException:
            self._discard(before)
            raise

    def _discard(self, before: set[str]) -> None:
        """Delete the files that no version came to need; all stay where that is not sure."""
        if self.files.data is None:
            return
        try:
            with self.connection.cursor() as con:
                kept = {file.path for file in listed(con)} | waiting(con)
        except lake.DatabaseError:
            return
        for path in names(self.files.data) - before - kept:
            with suppress(OSError):
                (self.files.data / path).unlink()

    def worded(self, error: Exception) -> NotPossibleNow | None:
        """Return what an error of the database means, if the catalog or the disk is to blame."""
        if not self._is_here:
            return self._blamed(str(error)) or self._unreachable(error)
        if not self._catalog.exists() or self.mode == "away":
            return MISSING
        if "does not exist" in str(error) and METADATA in str(error):
            return TURNING
        if is_damaged(error):
            self._note_unread(DAMAGED)
            return DAMAGED
        if why := tried(self.settings.store):
            self.note(why)
            return why
        return self._blamed(str(error))

    def _unreachable(self, error: Exception) -> NotPossibleNow | None:
        """Return that the database or the bucket does not answer, where an error is about that."""
        if not any(words in str(error) for words in OF_THE_NET):
            return None
        self._note_unread(SILENT)
        return SILENT

    def _blamed(self, text: str) -> DataLost | None:
        """Return that a data file is at fault, where an error names one."""
        if self.files.data is None:
            return None
        named = re.search(rf"{re.escape(str(self.files.data))}/([^\"':]+\.parquet)", text)
        if not named:
            return None
        path = named[1]
        fault = DAMAGED_FILE if (self.files.data / path).exists() else MISSING_FILE
        return DataLost(None, path.removeprefix(MAIN), fault)

    def close(self) -> None:
        """Close it."""
        self.connection.close()
        self._drop_copy()


def is_lost(store: Path) -> bool:
    """Whether there are data files, and no catalog that says what they hold."""
    catalog = store / lake.CATALOG
    log = catalog.with_name(f"{catalog.name}{LOG}")
    try:
        held = max(size(catalog) - EMPTY, size(log))
        return held <= 0 and next(data_files(store), None) is not None
    except OSError:
        return False


def size(path: Path) -> int:
    """Return a file's size in bytes, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def data_files(store: Path) -> Iterator[Path]:
    """Yield the Parquet files in a store's folder."""
    yield from (store / "data").rglob("*.parquet")


DAMAGES = ("malformed", "file is not a database", "Table with name ducklake_", "corrupt")


def is_damaged(error: Exception) -> bool:
    """Whether an error of the database is about a catalog that can't be understood."""
    text = str(error)
    of_catalog = "DuckLake" in text or "sqlite" in text.lower() or "database disk image" in text
    return of_catalog and any(word in text for word in DAMAGES)
