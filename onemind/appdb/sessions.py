"""Sessions: who is signed in where, and attempts at signing in, counted.

A session's key is the SHA-256 of a token that only the browser has: whoever reads this table
can't be anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment
from onemind.appdb.links import LINKS, USES, Link, link_of
from onemind.appdb.people import PEOPLE, Person

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("person", sa.String, index=True),
    sa.Column("link", sa.String, index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False, index=True),
    sa.Column("ip", sa.String, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
)
ATTEMPTS = sa.Table(
    "attempts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False, index=True),
)
FLOWS = sa.Table(
    "flows",
    METADATA,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("browser", sa.String, nullable=False),
    sa.Column("known", sa.JSON, nullable=False),
    sa.Column("begun_at", Moment, nullable=False, index=True),
)


AT_ONCE = 10_000  # keys in one query: a database takes only so many
UNFINISHED = timedelta(days=1)  # a sign-in begun and never finished is forgotten


@dataclass(frozen=True)
class Session:
    """A session's row: `kind` is person or link, and that one's id is filled in."""

    key: str
    kind: str
    person: str | None
    link: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    ip: str
    agent: str


class Sessions:
    """The sessions in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, session: Session) -> None:
        """Keep a new session."""
        self.database.change(sa.insert(SESSIONS).values(**vars(session)))

    def found(self, keys: Iterable[str]) -> list[tuple[Session, Person | None, Link | None]]:
        """Return the sessions of these keys, each with its person's or link's row as it is now."""
        person = PEOPLE.select().subquery("p").c
        link = LINKS.select().subquery("l").c
        tables = SESSIONS.outerjoin(person.id.table, SESSIONS.c.person == person.id).outerjoin(
            link.id.table, SESSIONS.c.link == link.id
        )
        named = [
            *(column.label(f"s_{column.name}") for column in SESSIONS.c),
            *(column.label(f"p_{column.name}") for column in person),
            *(column.label(f"l_{column.name}") for column in link),
        ]
        query, asked = sa.select(*named).select_from(tables), list(keys)
        parts = (asked[place : place + AT_ONCE] for place in range(0, len(asked), AT_ONCE))
        return [
            _joined(row)
            for part in parts
            for row in self.database.rows(query.where(SESSIONS.c.key.in_(part)))
        ]

    def seen(self, key: str, now: datetime) -> None:
        """Note that a session was used."""
        self.database.change(sa.update(SESSIONS).where(SESSIONS.c.key == key).values(seen_at=now))

    def end(self, key: str) -> None:
        """End one session."""
        self.database.change(sa.delete(SESSIONS).where(SESSIONS.c.key == key))

    def end_of(self, person: str) -> int:
        """End every session of a person, and return how many there were."""
        return self.database.change(sa.delete(SESSIONS).where(SESSIONS.c.person == person))

    def forget(self, now: datetime) -> None:
        """Delete the sessions that are past their end."""
        self.database.change(sa.delete(SESSIONS).where(SESSIONS.c.ends_at < now))

    def forget_unopened(self, before: datetime) -> None:
        """Delete the sessions of links that were begun before a moment and never used.

        Whoever only fetches links, as mail scanners do, leaves those.
        """
        opened = sa.exists().where(USES.c.session == SESSIONS.c.key)
        of_links = sa.and_(SESSIONS.c.link.is_not(None), SESSIONS.c.created_at < before)
        self.database.change(sa.delete(SESSIONS).where(sa.and_(of_links, ~opened)))


class Attempts:
    """Attempts at signing in or at opening a link, by whatever they are counted by."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, subject: str, now: datetime) -> int:
        """Note an attempt; return the id of its row."""
        insert = sa.insert(ATTEMPTS).values(subject=subject, at=now)
        with self.database.begin() as con:
            key = con.execute(insert).inserted_primary_key
        assert key is not None
        return int(key[0])

    def drop(self, notes: Iterable[int]) -> None:
        """Delete attempts by the ids of their rows: they were refused, and not tried."""
        self.database.change(sa.delete(ATTEMPTS).where(ATTEMPTS.c.id.in_(list(notes))))

    def since(self, subject: str, moment: datetime) -> int:
        """Count the attempts since a moment."""
        is_recent = sa.and_(ATTEMPTS.c.subject == subject, ATTEMPTS.c.at > moment)
        query = sa.select(sa.func.count().label("n")).select_from(ATTEMPTS).where(is_recent)
        return int(self.database.rows(query)[0]["n"])

    def forget(self, moment: datetime, subject: str | None = None) -> None:
        """Delete the attempts before a moment; of one subject, or all."""
        is_old = ATTEMPTS.c.at < moment
        if subject is not None:
            is_old = sa.and_(is_old, ATTEMPTS.c.subject == subject)
        self.database.change(sa.delete(ATTEMPTS).where(is_old))


class Flows:
    """Sign-ins begun with a provider elsewhere, each to be finished once by the same browser."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, key: str, browser: str, known: dict[str, Any], now: datetime) -> None:
        """Remember what has to be known when the browser comes back; a day later it is gone.

        Robots follow the way to a provider, and nobody comes back for what they leave.
        """
        self.database.change(sa.delete(FLOWS).where(FLOWS.c.begun_at < now - UNFINISHED))
        values = {"key": key, "browser": browser, "known": known, "begun_at": now}
        self.database.change(sa.insert(FLOWS).values(**values))

    def finish(self, key: str, browser: str, since: datetime) -> dict[str, Any] | None:
        """Return what was remembered, once; None when it is too old or another browser's."""
        query = sa.select(FLOWS.c.known).where(
            FLOWS.c.key == key, FLOWS.c.browser == browser, FLOWS.c.begun_at >= since
        )
        rows = self.database.rows(query)
        gone = self.database.change(
            sa.delete(FLOWS).where(sa.or_(FLOWS.c.key == key, FLOWS.c.begun_at < since))
        )
        return dict(rows[0]["known"]) if rows and gone else None


def _joined(row: dict[str, Any]) -> tuple[Session, Person | None, Link | None]:
    parts: dict[str, dict[str, Any]] = {"s": {}, "p": {}, "l": {}}
    for name, value in row.items():
        parts[name[0]][name[2:]] = value
    person = Person(**parts["p"]) if parts["p"]["id"] else None
    link = link_of(parts["l"]) if parts["l"]["id"] else None
    return Session(**parts["s"]), person, link
