"""What changes by the minute and is no published data: readings remembered, uploads that wait;
people, sessions, share links and the activity log, each in a module of its own.

A small relational database beside the store, through SQLAlchemy Core (`database`).
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

from onemind.appdb.activity import Activity
from onemind.appdb.copying import copy_state
from onemind.appdb.database import METADATA, Database, Moment
from onemind.appdb.links import LINKS, Links
from onemind.appdb.people import PEOPLE, People
from onemind.appdb.readings import Readings
from onemind.appdb.secrets import Secrets
from onemind.appdb.sending import Hooks, Outbox, Subscriptions, Texts
from onemind.appdb.sessions import SESSIONS, Attempts, Flows, Sessions
from onemind.appdb.sources import Sources

PSEUDONYMS = "pseudonyms"  # the secret they are made with
# Tables that no backup holds: who is signed in where, uploads that wait with their files, and
# messages: those that waited when the backup was made have been sent since.
FLEETING = ("sessions", "attempts", "flows", "link_uses", "staged", "outbox")
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
        is_new = database.create()
        self.people = People(database)
        self.sessions = Sessions(database)
        self.attempts = Attempts(database)
        self.flows = Flows(database)
        self.links = Links(database)
        self.activity = Activity(database)
        self.readings = Readings(database)
        self.secrets = Secrets(database)
        self.sources = Sources(database)
        self.outbox = Outbox(database)
        self.subscriptions = Subscriptions(database)
        self.hooks = Hooks(database)
        self.texts = Texts(database)
        if is_new:
            take_over(database, self.readings)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def stand_by(self) -> None:
        """Keep at hand who may come in, for when PostgreSQL can't be reached (`standby`)."""
        self._database.stand_by((PEOPLE, SESSIONS, LINKS))

    def copy_into(self, other: AppDatabase) -> dict[str, int]:
        """Copy the whole state into an empty database; returns how many rows each table has.

        Raises WrongUse where the other one holds something else.
        """
        return copy_state(self._database, other._database)

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
        return [
            Staged(row["id"], row["author"], tuple(row["files"]), row["choices"], row["staged_at"])
            for row in self._database.rows(query)
        ]

    def unstage(self, upload: str) -> None:
        """Forget an upload, published or discarded."""
        self._database.change(sa.delete(STAGED).where(STAGED.c.id == upload))


def take_over(database: Database, readings: Readings) -> None:
    """Make readings of what a release before 0.7 remembered, then drop the tables it lay in."""
    known = set(sa.inspect(database.engine).get_table_names())
    old = sa.MetaData()
    if "mappings" in known:
        table = sa.Table("mappings", old, autoload_with=database.engine)
        for row in database.rows(sa.select(table)):
            record = json.loads(row["known"]) if isinstance(row["known"], str) else row["known"]
            record = {("columns" if key == "renames" else key): v for key, v in record.items() if v}
            saved_at = row["saved_at"].replace(tzinfo=UTC)
            readings.save(json.loads(row["header"]), record, row["author"], saved_at)
        table.drop(database.engine)
    if "names" in known:
        table = sa.Table("names", old, autoload_with=database.engine)
        decided = {row["spelled"]: row["department_id"] for row in database.rows(sa.select(table))}
        if decided:
            readings.remember_names(decided, "an earlier release", datetime.now(UTC))
        table.drop(database.engine)
