"""Webhooks: which addresses hear of what, and up to where they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment

WEBHOOKS = sa.Table(
    "webhooks",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("scope", sa.Text),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("version", sa.Integer),
    sa.Column("day", sa.Date),
)


@dataclass(frozen=True)
class Hook:
    """A webhook's row: `kind` slack, teams or json; `scope` None: what the public sees.

    `version` and `day` say up to where it was told.
    """

    id: str
    name: str
    kind: str
    url: str
    scope: str | None
    events: tuple[str, ...]
    made_by: str
    made_at: datetime
    version: int | None = None
    day: date | None = None


class Hooks:
    """The webhooks in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, hook: Hook) -> None:
        """Keep a new webhook."""
        values = {**vars(hook), "events": list(hook.events)}
        self._database.change(sa.insert(WEBHOOKS).values(**values))

    def all(self) -> list[Hook]:
        """Return all webhooks, the oldest first."""
        rows = self._database.rows(sa.select(WEBHOOKS).order_by(WEBHOOKS.c.made_at))
        return [Hook(**{**row, "events": tuple(row["events"])}) for row in rows]

    def remove(self, hook: str) -> bool:
        """Forget a webhook; False where there is none of that id."""
        return self._database.change(sa.delete(WEBHOOKS).where(WEBHOOKS.c.id == hook)) == 1

    def told(self, hook: Hook, version: int, day: date) -> sa.Update:
        """Return the change that notes up to where it was told, if nobody noted more meanwhile."""
        same = [
            column.is_(None) if value is None else column == value
            for column, value in ((WEBHOOKS.c.version, hook.version), (WEBHOOKS.c.day, hook.day))
        ]
        update = sa.update(WEBHOOKS).where(WEBHOOKS.c.id == hook.id, *same)
        return update.values(version=version, day=day)
