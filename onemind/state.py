"""What changes by the minute and is no published data: mappings, names decided, staged uploads.

A small relational database beside the store (SQLite in WAL mode), through SQLAlchemy Core.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

METADATA = sa.MetaData()
MAPPINGS = sa.Table(
    "mappings",
    METADATA,
    sa.Column("header", sa.String, primary_key=True),
    sa.Column("known", sa.JSON, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
NAMES = sa.Table(
    "names",
    METADATA,
    sa.Column("spelled", sa.String, primary_key=True),
    sa.Column("department_id", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
STAGED = sa.Table(
    "staged",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("author", sa.String, nullable=False, index=True),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class Staged:
    """An upload that waits to be published: its files (name, sha256) and what was chosen for it."""

    id: str
    author: str
    files: tuple[dict[str, Any], ...]
    choices: dict[str, Any]
    staged_at: datetime


class State:
    """The open database; its methods may be called from any thread and any process."""

    def __init__(self, folder: Path) -> None:
        self._engine = sa.create_engine(
            f"sqlite:///{folder / 'state.sqlite'}", connect_args={"timeout": 15}
        )
        sa.event.listen(self._engine, "connect", _prepare)
        METADATA.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def mapping(self, header: Iterable[str]) -> dict[str, Any]:
        """Return what was remembered for a set of headers (renames, constants, dataset), or {}."""
        query = sa.select(MAPPINGS.c.known).where(MAPPINGS.c.header == header_key(header))
        with self._engine.connect() as con:
            return dict(con.execute(query).scalar() or {})

    def remember_mapping(
        self, header: Iterable[str], known: Mapping[str, Any], author: str, now: datetime
    ) -> None:
        """Remember how a set of headers is to be read."""
        key = header_key(header)
        self._put(MAPPINGS, header=key, known=dict(known), author=author, saved_at=now)

    def names(self) -> dict[str, str]:
        """Return the names decided before: the spelled name's key -> department_id."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(NAMES.c.spelled, NAMES.c.department_id))
            return dict(row.tuple() for row in rows)

    def remember_names(self, decided: Mapping[str, str], author: str, now: datetime) -> None:
        """Remember which department each spelled name means."""
        for spelled, department in decided.items():
            self._put(NAMES, spelled=spelled, department_id=department, author=author, saved_at=now)

    def stage(
        self,
        author: str,
        files: Iterable[Mapping[str, Any]],
        choices: Mapping[str, Any],
        now: datetime,
        upload: str | None = None,
    ) -> Staged:
        """Keep an upload until it is published or discarded; `upload` names one kept before."""
        found = Staged(
            upload or secrets.token_hex(8), author, tuple(map(dict, files)), dict(choices), now
        )
        self._put(
            STAGED, id=found.id, author=author, files=list(found.files),
            choices=found.choices, staged_at=now,
        )  # fmt: skip
        return found

    def staged(self, author: str | None = None) -> list[Staged]:
        """Return the uploads that wait, newest first; of one author or of all."""
        query = sa.select(STAGED).order_by(STAGED.c.staged_at.desc())
        if author is not None:
            query = query.where(STAGED.c.author == author)
        with self._engine.connect() as con:
            return [
                Staged(row.id, row.author, tuple(row.files), row.choices, _utc(row.staged_at))
                for row in con.execute(query)
            ]

    def unstage(self, upload: str) -> None:
        """Forget an upload, published or discarded."""
        with self._engine.begin() as con:
            con.execute(sa.delete(STAGED).where(STAGED.c.id == upload))

    def _put(self, table: sa.Table, **values: Any) -> None:
        key = [column.name for column in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in key}
        with self._engine.begin() as con:
            con.execute(
                insert(table).values(**values).on_conflict_do_update(index_elements=key, set_=rest)
            )


def header_key(header: Iterable[str]) -> str:
    """Return the key of a set of headers: order and case do not matter."""
    return json.dumps(sorted({" ".join(label.lower().split()) for label in header if label}))


def _prepare(connection: Any, _record: object) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
