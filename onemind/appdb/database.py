"""The small database itself: SQLite in WAL mode beside the store, or any PostgreSQL by its address.

Nothing here is SQLite's own: moments are kept in UTC, and "insert, else change" is written in the
dialect of the database that is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from onemind.appdb import migrations
from onemind.appdb.standby import GONE, Standby
from onemind.errors import NotPossibleNow, NotWritable
from onemind.store import Mark, care, is_settled, mark

METADATA = sa.MetaData()
CONNECTING = 5  # seconds, to a server
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment with its zone, kept in UTC: SQLite has no zones, so the column has none."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment in UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Database:
    """An open database; its methods may be called from any thread and any process.

    Raises NotPossibleNow when the folder it is to lie in can't be used.
    """

    def __init__(self, place: Path | str) -> None:
        self._file: Path | None = None
        self._copied: tuple[care.Copy, sa.Engine] | None = None
        self._guard = Lock()
        self._standby: Standby | None = None
        if isinstance(place, Path):
            _make(place)
            self._file = place / "state.sqlite"
            self._own = self._opened(self._file)
        else:
            self._own = sa.create_engine(
                re.sub("^postgres(ql)?:", "postgresql+psycopg:", place),
                pool_pre_ping=True,
                connect_args={
                    "options": f"-c search_path={migrations.SCHEMA}",
                    "connect_timeout": CONNECTING,
                },
            )
            sa.event.listen(self._own, "handle_error", self._lose)

    @property
    def engine(self) -> sa.Engine:
        """The database; while its folder can't be written, a copy that can only be read.

        Of a server that can't be reached it is what `stand_by` has kept.
        """
        if self._standby and self._standby.is_gone:
            return self._standby.engine() or self._own
        if self._file is None or (self._copied is None and not self.why_unwritable()):
            return self._own
        with self._guard:
            if not self.why_unwritable():
                self._drop_copy()
                return self._own
            if self._copied is None or self._copied[0].mark != mark(self._file):
                self._drop_copy()
                self._copied = self._copy(self._file)
            return self._copied[1]

    def why_unwritable(self) -> NotWritable | None:
        """Return why nothing can be written now; None if it can."""
        if self._standby and self._standby.is_gone:
            return GONE
        return care.unwritable(self._file.parent) if self._file else None

    def stand_by(self, tables: Iterable[sa.Table]) -> None:
        """Keep what these tables hold at hand for when a server can't be reached."""
        if self._file is None and self._standby is None:
            self._standby = Standby(self._own, METADATA, tables)
            self._standby.start()

    def _lose(self, context: sa.engine.ExceptionContext) -> NotWritable | None:
        """Return what is wrong in words where the server can't be reached, and stand by."""
        error = context.original_exception
        if not (context.is_disconnect or "connection" in str(error)):
            return None
        if self._standby:
            self._standby.lose()
        return GONE

    def _opened(self, file: Path) -> sa.Engine:
        engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": 15})
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "handle_error", self._reword)
        return engine

    def _copy(self, file: Path) -> tuple[care.Copy, sa.Engine]:
        try:
            copy = care.Copy(file)
        except OSError as error:
            raise care.worded(error) from error
        if not copy.path.exists():
            plain = sa.create_engine(f"sqlite:///{copy.path}")
            METADATA.create_all(plain)
            plain.dispose()
        engine = self._opened(copy.path)
        sa.event.listen(engine, "connect", _read_only)
        return copy, engine

    def _drop_copy(self) -> None:
        if self._copied:
            self._copied[1].dispose()
            self._copied[0].remove()
        self._copied = None

    def _reword(self, context: sa.engine.ExceptionContext) -> NotWritable | None:
        """Return what is wrong in words, to be raised instead, where the disk is to blame."""
        text = str(context.original_exception)
        if self._file is None or not any(words in text for words in OF_THE_DISK):
            return None
        unclear = NotWritable("the disk can't be used", "Check it, then try again.")
        return care.tried(self._file.parent) or unclear

    def create(self) -> bool:
        """Bring the tables up to date; returns whether there was anything to do.

        Raises NotPossibleNow where the database can't be reached, or is of a later release. Where
        it can't be written, it is read as it is.
        """
        if self.why_unwritable():
            return False
        try:
            return migrations.upgrade(self.engine)
        except OperationalError as error:
            why = str(error.orig).strip().split("\n", maxsplit=1)[0]
            raise NotPossibleNow(
                f"The state of the dashboard can't be opened: {why}. "
                "Check that its disk or database can be reached, then try again."
            ) from error

    def mark(self) -> Mark | None:
        """Return what differs after any change, from whichever process; None if that can't be told.

        It can't of a server, nor just after a change.
        """
        value = mark(self._file) if self._file else None
        return value if value and is_settled(value) else None

    @property
    def dialect(self) -> str:
        """Which database this is: sqlite or postgresql."""
        return self.engine.dialect.name

    def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """Return the rows of a query, each by its columns' names."""
        try:
            with self.engine.connect() as con:
                return [dict(row) for row in con.execute(query).mappings()]
        except NotWritable:
            if self._standby is None or self.engine is self._own:
                raise
        with self.engine.connect() as con:  # the server went away just now
            return [dict(row) for row in con.execute(query).mappings()]

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Lend a connection whose changes are kept at the end; raises NotWritable."""
        if self._standby and self._standby.is_gone:
            raise GONE
        with self.engine.begin() as con:
            yield con

    def change(self, statement: sa.Insert | sa.Update | sa.Delete) -> int:
        """Run one statement that changes rows, and return how many it changed."""
        with self.begin() as con:
            return con.execute(statement).rowcount

    def put(self, table: sa.Table, **values: Any) -> None:
        """Insert a row, or change the one that has its key."""
        key = [column.name for column in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in key}
        insert = _INSERT[self.dialect](table).values(**values)
        with self.begin() as con:
            con.execute(insert.on_conflict_do_update(index_elements=key, set_=rest))

    def insert_new(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> sa.Insert:
        """Return a statement that inserts the rows whose key is not there yet."""
        insert = _INSERT[self.dialect](table).values([dict(row) for row in rows])
        new: sa.Insert = insert.on_conflict_do_nothing()
        return new

    def close(self) -> None:
        """Let go of the database."""
        if self._standby:
            self._standby.close()
        self._drop_copy()
        self._own.dispose()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotPossibleNow(
            f"The folder {folder} can't be opened: {error.strerror}. "
            "Check its permissions and disk, or set ONEMIND_STORE to another folder."
        ) from error


OF_THE_DISK = ("is full", "disk I/O", "readonly database", "unable to open database file")


def _read_only(connection: Any, _record: object) -> None:
    connection.execute("pragma query_only = on")


def _prepare(connection: Any, _record: object) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
