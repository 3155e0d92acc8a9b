"""People who may sign in: an email address, a role, and perhaps a password's hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment
from onemind.store import Mark

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("email", sa.String, nullable=False, unique=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password", sa.String),
    sa.Column("disabled_at", Moment),
    sa.Column("added_by", sa.String, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("signed_in_at", Moment),
)


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `email` is in lower case, `password` a hash or None."""

    id: str
    email: str
    role: str
    password: str | None
    disabled_at: datetime | None
    added_by: str
    added_at: datetime
    signed_in_at: datetime | None


class People:
    """The people in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._any: tuple[Mark | None, bool] | None = None

    def add(self, person: Person) -> None:
        """Add somebody; the email address must be new."""
        self.database.change(sa.insert(PEOPLE).values(**vars(person)))

    def all(self) -> list[Person]:
        """Return everybody, by email address."""
        return [Person(**row) for row in self.database.rows(sa.select(PEOPLE).order_by("email"))]

    def any(self) -> bool:
        """Whether there is anybody; asked again only once the database has changed."""
        mark, known = self.database.mark(), self._any
        if mark is None or known is None or known[0] != mark:
            known = (mark, bool(self.database.rows(sa.select(PEOPLE.c.id).limit(1))))
            self._any = known
        return known[1]

    def by_email(self, email: str) -> Person | None:
        """Return whoever has that email address, in whichever case it is written."""
        people = self.database.rows(
            sa.select(PEOPLE).where(PEOPLE.c.email == email.strip().lower())
        )
        return Person(**people[0]) if people else None

    def change(self, person: str, **values: Any) -> None:
        """Change columns of somebody, by id."""
        self.database.change(sa.update(PEOPLE).where(PEOPLE.c.id == person).values(**values))

    def remove(self, person: str) -> None:
        """Remove somebody, by id."""
        self.database.change(sa.delete(PEOPLE).where(PEOPLE.c.id == person))
