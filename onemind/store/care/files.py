"""The lake's data files: which version needs which, and whether each is as it was published.

Each publish, and each compacting, keeps the SHA-256 of the files it wrote with its own commit, so
that sums and files can't drift apart. Sums of files that are older than this are kept in a table of
the catalog when they are first looked at (`take`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from onemind.files import digest
from onemind.store.connection import Connection
from onemind.store.lake import DatabaseError, quoted
from onemind.store.marks import Mark

METADATA = "__ducklake_metadata_lake"  # the catalog's own tables, as DuckLake attaches them
MAIN = "main/"
MISSING, DAMAGED = "missing", "damaged"
NEVER = (-1, -1)


@dataclass(frozen=True)
class DataFile:
    """A file of the lake: its dataset, path below `data`, bytes, and the snapshots that need it.

    They are those from `first` on and before `end`, if there is one.
    """

    dataset: str
    path: str
    size: int
    first: int
    end: int | None

    @property
    def name(self) -> str:
        """The path as people are told it."""
        return self.path.removeprefix(MAIN)

    def is_of(self, snapshot: int) -> bool:
        """Whether a snapshot is read from it."""
        return self.first <= snapshot and (self.end is None or snapshot < self.end)


_LISTED = f"""
    with kept as (
        select table_id, path, path_is_relative, file_size_bytes, begin_snapshot, end_snapshot
        from {METADATA}.ducklake_data_file
        union all
        select table_id, path, path_is_relative, file_size_bytes, begin_snapshot, end_snapshot
        from {METADATA}.ducklake_delete_file
    ),
    named as (
        select distinct t.table_id, t.table_name, s.path || t.path as folder
        from {METADATA}.ducklake_table t
        join {METADATA}.ducklake_schema s using (schema_id)
    )
    select
        table_name, case when path_is_relative then folder else '' end || path,
        file_size_bytes, begin_snapshot, end_snapshot
    from kept join named using (table_id)
    order by all"""
_WAITING = f"select path from {METADATA}.ducklake_files_scheduled_for_deletion"
_COMMITS = f"""
    select snapshot_id, commit_extra_info
    from {METADATA}.ducklake_snapshot_changes
    where snapshot_id > {{}} and commit_extra_info like '%"written":{{{{%'
    order by snapshot_id"""
_FIRST_SEEN = f"select path, sha256 from {METADATA}.onemind_checksums"


def listed(con: Connection) -> list[DataFile]:
    """Return every file that a version is read from, by dataset and path."""
    return [DataFile(*row) for row in con.execute(_LISTED).fetchall()]


def waiting(con: Connection) -> set[str]:
    """Return the paths of files that were merged and wait to be deleted."""
    return {path for (path,) in con.execute(_WAITING).fetchall()}


def first_seen(con: Connection) -> dict[str, str]:
    """Return the sums that were taken when a file was first looked at, by path."""
    try:
        return dict(con.execute(_FIRST_SEEN).fetchall())
    except DatabaseError as error:
        if "onemind_checksums" not in str(error):  # a store that could not be migrated yet
            raise
        return {}


def take(con: Connection, sums: dict[str, str]) -> None:
    """Keep the sums of files whose publish kept none. Hold the publish lock meanwhile."""
    rows = ", ".join(f"({quoted(path)}, {quoted(digest)})" for path, digest in sums.items())
    if rows:
        con.execute(f"insert into {METADATA}.onemind_checksums values {rows}")


def names(data: Path) -> set[str]:
    """Return the paths of all files that lie below `data`."""
    beyond = len(str(data)) + 1
    return {
        f"{folder[beyond:]}/{name}".replace(os.sep, "/")
        for folder, _, found in os.walk(data)
        for name in found
        if name.endswith(".parquet")
    }


def written(data: Path, before: set[str]) -> dict[str, str]:
    """Return the SHA-256 of each file that was not there before, by path."""
    return {path: digest(data / path) for path in sorted(names(data) - before)}


class Files:
    """The files of one store, each checked once as long as it does not change.

    In a bucket (`data` is None) they are not looked at: it keeps sums of its own.
    """

    def __init__(self, data: Path | None) -> None:
        self.data = data
        self._faulty: dict[str, tuple[DataFile, str | None]] = {}
        self._sums: dict[str, str] = {}
        self._sums_until = -1
        self._listed: tuple[Mark, list[DataFile]] | None = None
        self._sound: dict[str, tuple[int, int]] = {}

    def learn(self, sums: Mapping[str, str]) -> None:
        """Take over the sums of files that were just written and read."""
        for path, checksum in sums.items():
            self._sums[path] = checksum
            with suppress(OSError):  # merged and deleted since
                assert self.data is not None
                status = (self.data / path).stat()
                self._sound[path] = (status.st_size, status.st_mtime_ns)

    def sums(self, con: Connection) -> dict[str, str]:
        """Return the known sums by path; only commits since the last look are read."""
        rows = con.execute(_COMMITS.format(self._sums_until)).fetchall()
        for snapshot, extra in rows:
            self._sums |= json.loads(extra)["written"]
            self._sums_until = snapshot
        return first_seen(con) | self._sums

    def needed(
        self, con: Connection, mark: Mark, snapshot: int, datasets: Iterable[str]
    ) -> Iterator[DataFile]:
        """Yield the files that datasets of a snapshot are read from; `mark` is the catalog's."""
        known = self._listed
        if known is None or known[0] != mark:
            self._listed = known = (mark, listed(con))
        wanted = set(datasets)
        for file in known[1]:
            if file.dataset in wanted and file.is_of(snapshot):
                yield file

    def first_fault(
        self, con: Connection, mark: Mark, snapshot: int, datasets: Iterable[str]
    ) -> tuple[DataFile, str] | None:
        """Return the first file of these that is missing or damaged, and which; None if none."""
        if self.data is None:
            return None
        unsure = [
            file for file in self.needed(con, mark, snapshot, datasets)
            if self._sound.get(file.path, NEVER) != self._state(file)
        ]  # fmt: skip
        sums = self.sums(con) if unsure else {}
        for file in unsure:
            if fault := self.fault(file, sums.get(file.path)):
                self._faulty[file.path] = (file, sums.get(file.path))
                return file, fault
        return None

    def still_faulty(self) -> list[str]:
        """Return the names of files that were found at fault, and are so still."""
        found = [*self._faulty.values()]
        return sorted(file.name for file, checksum in found if self.fault(file, checksum))

    def fault(self, file: DataFile, checksum: str | None) -> str | None:
        """Return "missing" or "damaged", or None for a file that is as it was published."""
        assert self.data is not None
        state = self._state(file)
        if state is None:
            return MISSING
        try:
            is_same = state[0] == file.size and checksum in (None, digest(self.data / file.path))
        except OSError:
            is_same = False
        if not is_same:
            return DAMAGED
        self._sound[file.path] = state
        self._faulty.pop(file.path, None)
        return None

    def _state(self, file: DataFile) -> tuple[int, int] | None:
        assert self.data is not None
        try:
            status = (self.data / file.path).stat()
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns
