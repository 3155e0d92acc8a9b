"""Sessions: the one way in. A token in the browser's cookie, its hash here, and who that is now.

`users` is the only place where a session becomes a User. It reads the person's or the link's row
each time, so whoever is disabled, and whatever link is revoked, is out at once.

A person's session ends after hours without use and after days in all; a link's lasts as long as
the link does, for a screen on a wall is used by nobody. Visitors of a public view have no session:
there is nothing to withdraw from one of them, and every robot would leave a row.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from onemind.access.roles import ROLES, User
from onemind.appdb import AppDatabase, Link, Person, Session
from onemind.campaign import Scope
from onemind.errors import NotWritable

PERSON, LINK = "person", "link"
TOUCH = timedelta(minutes=1)  # how exact "last seen" is: a write a minute, not one a run
KEPT = timedelta(days=7)  # an ended link's session still says so for a while
AGENT = 200


@dataclass(frozen=True)
class Limits:
    """How long a person's session lasts: without use, and in all."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=30)


def new_token() -> str:
    """Return a random token of 256 bits, as it stands in a cookie or an address."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    appdb: AppDatabase,
    whom: Person | Link,
    now: datetime,
    ip: str = "",
    agent: str = "",
    limits: Limits | None = None,
) -> str:
    """Begin a session of a person or of a link, and return its token."""
    token = new_token()
    person, link = (whom.id, None) if isinstance(whom, Person) else (None, whom.id)
    ends = now + (limits or Limits()).longest if isinstance(whom, Person) else ends_at(whom)
    appdb.sessions.forget(now - KEPT)
    appdb.sessions.add(
        Session(
            key_of(token), PERSON if person else LINK, person, link, now, now, ends, ip,
            agent[:AGENT],
        )
    )  # fmt: skip
    return token


def ends_at(link: Link) -> datetime:
    """Return the moment a link ends: the end of its last day, by UTC."""
    return datetime.combine(link.expires_on + timedelta(days=1), time(), UTC)


def users(
    appdb: AppDatabase,
    keys: Iterable[str],
    now: datetime,
    limits: Limits | None = None,
    used: bool = True,
) -> dict[str, User]:
    """Return who each session is at this moment; a session that has ended is left out.

    A tab that lies open and is only looked after is no use (`used`) of its session.
    """
    users_by_key = {}
    for session, person, link in appdb.sessions.found(keys):
        if _over(session, now, limits or Limits()):
            continue
        user = _person(person) if session.kind == PERSON else partner(link, now) if link else None
        if user is not None:
            users_by_key[session.key] = user
            if used and now - session.seen_at >= TOUCH:
                with suppress(NotWritable):  # who is here stays here
                    appdb.sessions.seen(session.key, now)
    return users_by_key


def user_of(
    appdb: AppDatabase, token: str, now: datetime, limits: Limits | None = None
) -> User | None:
    """Return who has this token at this moment, or None."""
    key = key_of(token)
    return users(appdb, [key], now, limits).get(key)


def end(appdb: AppDatabase, token: str) -> None:
    """End the session of a token."""
    appdb.sessions.end(key_of(token))


def _over(session: Session, now: datetime, limits: Limits) -> bool:
    idle = session.kind == PERSON and now - session.seen_at > limits.idle
    return idle or now >= session.ends_at


def _person(person: Person | None) -> User | None:
    if person is None or person.disabled_at is not None or person.role not in ROLES:
        return None
    return User(person.email, person.role, id=person.id)


def partner(link: Link, now: datetime) -> User | None:
    """Return whoever looks through a link at this moment; None when it has ended."""
    if link.revoked_at is not None or now >= ends_at(link):
        return None
    return User(
        link.label, "partner", Scope.from_text(link.scope), link.pages, link.version,
        link.downloads, link.expires_on, link.sites, id=link.id,
    )  # fmt: skip


def visitor(scope: Scope) -> User:
    """Return whoever comes without an account to a public view."""
    return User("visitor", "partner", scope)
