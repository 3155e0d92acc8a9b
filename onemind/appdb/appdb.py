"""What changes by the minute and is no published data: mappings, names decided, staged uploads;
people, sessions, share links and the activity log, each in a module of its own.

A small relational database beside the store, through SQLAlchemy Core (`database`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from onemind.appdb.activity import Activity, append_only
from onemind.appdb.database import METADATA, Database, Moment
from onemind.appdb.links import Links
from onemind.appdb.people import People
from onemind.appdb.sessions import Attempts, Flows, Sessions

MAPPINGS = sa.Table(
    "mappings",
    METADATA,
    sa.Column("header", sa.String, primary_key=True),
    sa.Column("known", sa.JSON, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)
NAMES = sa.Table(
    "names",
    METADATA,
    sa.Column("spelled", sa.String, primary_key=True),
    sa.Column("department_id", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)
STAGED = sa.Table(
    "staged",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("author", sa.String, nullable=False, index=True),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("staged_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Staged:
    """An upload that waits to be published: its files (name, sha256) and what was chosen for it."""

    id: str
    author: str
    files: tuple[dict[str, Any], ...]
    choices: dict[str, Any]
    staged_at: datetime


class AppDatabase:
    """The open database, named by its folder (SQLite) or its address."""

    def __init__(self, place: Path | str) -> None:
        self._database = database = Database(place)
        database.create(*append_only(database.dialect))
        self.people = People(database)
        self.sessions = Sessions(database)
        self.attempts = Attempts(database)
        self.flows = Flows(database)
        self.links = Links(database)
        self.activity = Activity(database)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def mapping(self, header: Iterable[str]) -> dict[str, Any]:
        """Return what was remembered for a set of headers (renames, constants, dataset), or {}."""
        query = sa.select(MAPPINGS.c.known).where(MAPPINGS.c.header == header_key(header))
        with self._database.engine.connect() as con:
            return dict(con.execute(query).scalar() or {})

    def remember_mapping(
        self, header: Iterable[str], known: Mapping[str, Any], author: str, now: datetime
    ) -> None:
        """Remember how a set of headers is to be read."""
        key = header_key(header)
        self._database.put(MAPPINGS, header=key, known=dict(known), author=author, saved_at=now)

    def names(self) -> dict[str, str]:
        """Return the names decided before: the spelled name's key -> department_id."""
        with self._database.engine.connect() as con:
            rows = con.execute(sa.select(NAMES.c.spelled, NAMES.c.department_id))
            return dict(row.tuple() for row in rows)

    def remember_names(self, decided: Mapping[str, str], author: str, now: datetime) -> None:
        """Remember which department each spelled name means."""
        for spelled, department in decided.items():
            self._database.put(
                NAMES, spelled=spelled, department_id=department, author=author, saved_at=now
            )

    def stage(
        self,
        author: str,
        files: Iterable[Mapping[str, Any]],
        choices: Mapping[str, Any],
        now: datetime,
        upload: str | None = None,
    ) -> Staged:
        """Keep an upload until it is published or discarded; `upload` names one kept before."""
        staged = Staged(
            upload or secrets.token_hex(8), author, tuple(map(dict, files)), dict(choices), now
        )
        self._database.put(
            STAGED, id=staged.id, author=author, files=list(staged.files),
            choices=staged.choices, staged_at=now,
        )  # fmt: skip
        return staged

    def staged(self, author: str | None = None) -> list[Staged]:
        """Return the uploads that wait, newest first; of one author or of all."""
        query = sa.select(STAGED).order_by(STAGED.c.staged_at.desc())
        if author is not None:
            query = query.where(STAGED.c.author == author)
        with self._database.engine.connect() as con:
            return [
                Staged(row.id, row.author, tuple(row.files), row.choices, row.staged_at)
                for row in con.execute(query)
            ]

    def unstage(self, upload: str) -> None:
        """Forget an upload, published or discarded."""
        with self._database.engine.begin() as con:
            con.execute(sa.delete(STAGED).where(STAGED.c.id == upload))


def header_key(header: Iterable[str]) -> str:
    """Return the key of a set of headers: order and case do not matter."""
    return json.dumps(sorted({" ".join(label.lower().split()) for label in header if label}))
