"""Subscriptions to the weekly digest: to which address, in which scope, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment

SUBSCRIPTIONS = sa.Table(
    "subscriptions",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("weekday", sa.Integer, nullable=False),
    sa.Column("token_hash", sa.String, nullable=False, unique=True),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("last_at", Moment),
    sa.Column("last_message", sa.String, nullable=False),
    sa.Column("last_version", sa.Integer),
    sa.Column("last_day", sa.Date),
    sa.Column("since_version", sa.Integer),
    sa.Column("since_day", sa.Date),
)


@dataclass(frozen=True)
class Subscription:
    """A subscription's row: `scope` as Scope.text writes it, `weekday` 0 for Monday.

    `last_` is what the newest digest told up to, `since_` what it told from.
    """

    id: str
    address: str
    scope: str
    weekday: int
    token_hash: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    last_at: datetime | None = None
    last_message: str = ""
    last_version: int | None = None
    last_day: date | None = None
    since_version: int | None = None
    since_day: date | None = None


class Subscriptions:
    """The subscriptions in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscription: Subscription) -> None:
        """Keep a new subscription."""
        self._database.change(sa.insert(SUBSCRIPTIONS).values(**vars(subscription)))

    def all(self) -> list[Subscription]:
        """Return the subscriptions that go on, the oldest first."""
        query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.ended_at.is_(None))
        return self._rows(query.order_by(SUBSCRIPTIONS.c.made_at, SUBSCRIPTIONS.c.id))

    def by_id(self, subscription: str) -> Subscription | None:
        """Return a subscription, ended or not, by its id."""
        query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == subscription)
        return next(iter(self._rows(query)), None)

    def by_token(self, token_hash: str) -> Subscription | None:
        """Return a subscription, ended or not, by the hash of the token that ends it."""
        query = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.token_hash == token_hash)
        return next(iter(self._rows(query)), None)

    def end(self, subscription: str, now: datetime) -> bool:
        """End a subscription; False where it had ended before, or there is none such."""
        goes_on = sa.and_(SUBSCRIPTIONS.c.id == subscription, SUBSCRIPTIONS.c.ended_at.is_(None))
        ended = sa.update(SUBSCRIPTIONS).where(goes_on).values(ended_at=now)
        return self._database.change(ended) == 1

    def told(self, before: Subscription, after: Subscription) -> sa.Update:
        """Return the change that notes a digest, if none was noted since `before` was read."""
        same: sa.ColumnElement[bool] = SUBSCRIPTIONS.c.last_at.is_(None)
        if before.last_at is not None:
            same = SUBSCRIPTIONS.c.last_at == before.last_at
        goes_on = sa.and_(SUBSCRIPTIONS.c.id == before.id, SUBSCRIPTIONS.c.ended_at.is_(None))
        names = [name for name in vars(after) if name.startswith(("last_", "since_"))]
        values = {name: getattr(after, name) for name in names}
        return sa.update(SUBSCRIPTIONS).where(goes_on, same).values(**values)

    def _rows(self, query: sa.Select[tuple[object, ...]]) -> list[Subscription]:
        return [Subscription(**row) for row in self._database.rows(query)]
