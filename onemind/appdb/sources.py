"""Sources: addresses that files are fetched from on a schedule, and how it went the last time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment
from onemind.errors import WrongUse

SOURCES = sa.Table(
    "sources",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("url", sa.String, nullable=False, unique=True),
    sa.Column("every", sa.Integer, nullable=False),
    sa.Column("reading", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("etag", sa.String, nullable=False),
    sa.Column("asked_at", Moment),
    sa.Column("failed", sa.Boolean, nullable=False),
    sa.Column("message", sa.String, nullable=False),
)


@dataclass(frozen=True)
class Source:
    """A source's row: `every` in seconds, `reading` the name of one ("": that of its headers)."""

    id: str
    url: str
    every: int
    reading: str
    author: str
    made_at: datetime
    etag: str = ""
    asked_at: datetime | None = None
    failed: bool = False
    message: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask again."""
        return self.asked_at is None or now - self.asked_at >= timedelta(seconds=self.every)


class Sources:
    """The sources of this installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Source]:
        """Return all sources, the oldest first."""
        rows = self._database.rows(sa.select(SOURCES).order_by(SOURCES.c.made_at))
        return [Source(**row) for row in rows]

    def add(self, url: str, every: int, reading: str, author: str, now: datetime) -> Source:
        """Add an address; raises WrongUse where it is one already."""
        if any(item.url == url for item in self.all()):
            raise WrongUse(f"{url} is a source already. Remove it first to change it.")
        source = Source(secrets.token_hex(4), url, every, reading, author, now)
        self._database.put(SOURCES, **vars(source))
        return source

    def remove(self, source: str) -> None:
        """Forget a source; raises WrongUse when there is none of that id."""
        if not self._database.change(sa.delete(SOURCES).where(SOURCES.c.id == source)):
            raise WrongUse(f"There is no source '{source}'. `sources list` has them.")

    def claim(self, source: Source, now: datetime) -> bool:
        """Whether this process is the one that asks now; another may have begun."""
        before: sa.ColumnElement[bool] = SOURCES.c.asked_at.is_(None)
        if source.asked_at is not None:
            before = SOURCES.c.asked_at == source.asked_at
        claim = sa.update(SOURCES).where(SOURCES.c.id == source.id, before).values(asked_at=now)
        return self._database.change(claim) == 1

    def finish(self, source: str, etag: str, failed: bool, message: str) -> None:
        """Note how it went."""
        values = {"etag": etag, "failed": failed, "message": message}
        self._database.change(sa.update(SOURCES).where(SOURCES.c.id == source).values(**values))
