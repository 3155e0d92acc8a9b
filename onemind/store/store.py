"""The store: every publish is a version, and every version can be read again.

A version is a DuckLake snapshot with a number, an author and a message. The first reading of a
version copies the datasets asked for into memory under their plain names, so that a model runs as
it stands, and derives the tables asked for (`memory`). Both are keyed by version, so they are never
stale and nobody clears them by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from threading import RLock
from typing import Any

from onemind import campaign, telemetry
from onemind.campaign import contracts
from onemind.errors import DataLost, NotPossibleNow, WrongUse
from onemind.settings import Settings
from onemind.store import care, hosted, lake, marks
from onemind.store.connection import Connection
from onemind.store.derived import Derived
from onemind.store.locks import gate, publish_lock
from onemind.store.marks import Mark
from onemind.store.memory import Memory
from onemind.store.shared import Shared
from onemind.store.touched import Step, Touched


@dataclass(frozen=True)
class Version:
    """One publish: who, when (UTC), why, and how many rows of each dataset it changed.

    `files` are the tables it was built from, `originals` the files as uploaded (name, sha256).
    """

    number: int
    snapshot: int
    published_at: datetime
    author: str
    message: str
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    files: tuple[dict[str, str], ...] = ()
    originals: tuple[dict[str, str], ...] = ()
    mode: str = "update"
    sample: bool = False
    restored: int | None = None

    def record(self) -> dict[str, Any]:
        """Return it as a plain dict for JSON; the version's number is called `version`."""
        record = asdict(self)
        record.pop("snapshot")
        return {"version": record.pop("number")} | record


class Store:
    """An open store, one per process. Any thread may call its methods."""

    database_error = lake.DatabaseError

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rules = campaign.load_rules(settings.rules)
        self._guard = RLock()
        self._versions: tuple[int, tuple[Version, ...]] = (-1, ())
        self._versions_at: tuple[Mark, tuple[Version, ...]] | None = None
        folder = settings.store / "shared" if settings.replicas > 1 else None
        shared = Shared(folder, self.rules, self._stamp, self.count, self.newest)
        self._memory = Memory(self.cursor, Touched(self.cursor, self._steps), shared)
        self._listener = hosted.Listener(settings.catalog) if settings.catalog else None
        self.health = care.Health(settings)
        if listener := self._listener:
            self.health.is_cut = lambda: listener.is_cut
        self._connection = self.health.connection
        try:
            lake.make_rule_tables(self._connection, self.rules)
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        if not self.health.is_writable():
            self.health.require_known()
            return
        with publish_lock(self.settings):
            self.health.prepare()

    def close(self) -> None:
        """Close the store."""
        if self._listener:
            self._listener.close()
        self.health.close()

    @contextmanager
    def cursor(self) -> Iterator[Connection]:
        """Lend a new connection; its temporary tables end with it.

        What is wrong with the disk or the files is raised as NotPossibleNow, with what to do.
        """
        self.health.look()
        with gate(self.settings):
            cursor = self.alone()
            try:
                yield cursor
            except lake.Interrupted:
                raise
            except lake.DatabaseError as error:
                if worded := self.health.worded(error):
                    raise worded from error
                raise
            finally:
                cursor.close()

    def alone(self) -> lake.OwnConnection:
        """Return a connection for somebody who holds the gate alone and closes it afterward."""
        with self._guard:
            return self._connection.cursor()

    def versions(self) -> tuple[Version, ...]:
        """Return all versions, oldest first."""
        mark, known = self.mark(), self._versions_at
        if known and known[0] == mark:
            return known[1]
        try:
            with self.cursor() as con:
                versions = self.versions_seen_by(con)
        except NotPossibleNow:
            versions = self._versions[1]  # those last seen, until the catalog changes again
            if not versions:
                raise
            self._versions_at = (mark, versions)
            return versions
        self.health.note_read()
        self._versions_at = (mark, versions) if marks.is_settled(mark) else None
        return versions

    def mark(self) -> Mark:
        """Return a value that changes with every publish, in any process; it is cheap."""
        if self._listener:
            return self._listener.mark()
        return marks.mark(self.settings.store / lake.CATALOG)

    def changed(self) -> None:
        """Note that this process has just published."""
        if self._listener:
            self._listener.changed()

    def versions_seen_by(self, con: Connection) -> tuple[Version, ...]:
        """Return all versions as this connection's transaction sees them, oldest first."""
        (newest,) = con.execute("select id from lake.current_snapshot()").fetchone() or (0,)
        known, versions = self._versions
        if newest != known:
            versions = tuple(_version(row) for row in con.execute(_VERSIONS).fetchall())
            self._versions = (newest, versions)
        return versions

    def current(self) -> Version | None:
        """Return the newest version, or None while nothing is published."""
        versions = self.versions()
        return versions[-1] if versions else None

    def version(self, number: int | None) -> Version | None:
        """Return a version by number (None = newest); raises WrongUse when there is none such."""
        if number is None:
            return self.current()
        versions = self.versions()
        for item in versions:
            if item.number == number:
                return item
        newest = (
            f"The newest is {versions[-1].number}." if versions else "Nothing is published yet."
        )
        raise WrongUse(f"There is no version {number}. {newest}")

    def held(self) -> int:
        """Return the number of the newest version that is in memory, 0 while none is."""
        return self._memory.newest()

    def size(self) -> int:
        """Return how many bytes the store's folder has; with a catalog of its own, the files that
        the newest version is read from.
        """
        if not self.settings.catalog:
            return marks.size(self.settings.store)
        with self.cursor() as con:
            return lake.size(con)

    def count(self, dataset: str, number: int | None) -> int:
        """Return how many rows of a dataset a version has, without reading them."""
        version = self.version(number)
        if version is None:
            return 0
        rows = f"lake.{dataset} at (version => {version.snapshot})"
        with self.cursor() as con:
            (count,) = con.execute(f"select count(*) from {rows}").fetchone() or (0,)
        return int(count)

    def _stamp(self, number: int) -> str:
        version = self.version(number)
        return f"{version.snapshot} {version.published_at.isoformat()}" if version else ""

    def newest(self) -> int:
        """Return the newest version's number, 0 while nothing is published."""
        version = self.current()
        return version.number if version else 0

    def looked_into(self) -> care.depth.Depth:
        """Read every file of every version, and say which are not as they were published."""
        versions = self.versions()
        originals: dict[str, set[int]] = {}
        for item in versions:
            for file in item.originals:
                originals.setdefault(file["sha256"], set()).add(item.number)
        snapshots = {item.number: item.snapshot for item in versions}
        self.health.look()
        data, keep = care.data_of(self.settings), self.health.is_writable()
        with publish_lock(self.settings) if keep else nullcontext(), self.cursor() as con:
            return care.depth.looked(con, data, snapshots, originals, keep)

    def _steps(self, first: int, last: int) -> Iterator[Step]:
        """Yield the publishes after one version, until another."""
        versions = [item for item in self.versions() if first <= item.number <= last]
        for before, item in pairwise(versions):
            yield Step(item.number, before.snapshot + 1, item.snapshot, item.counts)

    @contextmanager
    def reading(
        self, number: int | None, datasets: Iterable[str], derived: Iterable[Derived] = ()
    ) -> Iterator[Connection]:
        """Lend a connection that sees a version's datasets and derived tables by name."""
        tables = tuple(derived)
        with self.lending(number, datasets, tables) as (con, schema):
            for item in tables:
                if item.table != item.name:
                    con.execute(f"create temp view {item.name} as from {schema}.{item.table}")
            yield con

    @contextmanager
    def lending(
        self, number: int | None, datasets: Iterable[str], derived: Iterable[Derived]
    ) -> Iterator[tuple[Connection, str]]:
        """Lend a connection, and the schema that holds a version's datasets and derived tables.

        Its transaction is rolled back at the end.
        """
        version = self.version(number)
        tables: tuple[str | Derived, ...] = (*sorted(datasets), *derived)
        with telemetry.reading(tables), self.cursor() as con:
            schema = self._memory.open(
                con,
                version.number if version else 0,
                tables,
                lambda dataset: self._from_disk(dataset, version),
            )
            yield con, f"memory.{schema}"
            con.rollback()

    def _from_disk(self, dataset: str, version: Version | None) -> str:
        self.require_sound(version, [dataset])
        return relation(dataset, version)

    def require_sound(self, version: Version | None, datasets: Iterable[str]) -> None:
        """Raise DataLost when a file that these datasets of a version are read from is not sound.

        Each file is read once for its checksum, as long as it does not change.
        """
        if version is None:
            return
        with self.cursor() as con:
            found = self.health.files.first_fault(con, self.mark(), version.snapshot, datasets)
        if found:
            file, fault = found
            lake.forget_files(self._connection)
            raise DataLost(version.number, file.name, fault)


def relation(dataset: str, version: Version | None) -> str:
    """Return a SELECT of a dataset's columns at a version; for None, of no rows.

    A column added after the version is null.
    """
    fields = contracts()[dataset].fields
    columns = ", ".join(field.name for field in fields)
    nothing = ", ".join(f"null::{field.sql_type} as {field.name}" for field in fields)
    if version is None:
        return f"select {nothing} where false"
    rows = f"from lake.{dataset} at (version => {version.snapshot})"
    return f"select {columns} from ({rows} union all by name select {nothing} where false)"


_VERSIONS = """
    select
        snapshot_id, epoch_us(snapshot_time), author, commit_message,
        regexp_replace(commit_extra_info, ',"written":\\{[^{}]*\\}', '')
    from lake.snapshots()
    where commit_extra_info like '{"version":%'
    order by snapshot_id
"""


def _version(row: tuple[Any, ...]) -> Version:
    snapshot, microseconds, author, message, extra = row
    known = json.loads(extra)
    return Version(
        number=known["version"],
        snapshot=snapshot,
        published_at=_moment(known.get("published_at"), microseconds),
        author=author or "",
        message=message or "",
        counts=known.get("counts", {}),
        files=tuple(known.get("files", ())),
        originals=tuple(known.get("originals", ())),
        mode=known.get("mode", "update"),
        sample=known.get("sample", False),
        restored=known.get("restored"),
    )


def _moment(copied: str | None, microseconds: int) -> datetime:
    """The moment of a publish; that of a version copied from another store is kept with it."""
    if copied:
        return datetime.fromisoformat(copied)
    return datetime.fromtimestamp(microseconds / 1e6, UTC)
