"""Texts that staff edit: what a letter says around its report card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database, Moment

TEXTS = sa.Table(
    "texts",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class SavedText:
    """A text's row, as it was typed."""

    name: str
    subject: str
    body: str
    author: str
    saved_at: datetime


class Texts:
    """The edited texts; one that is not here is as the product ships it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> SavedText | None:
        """Return an edited text."""
        rows = self._database.rows(sa.select(TEXTS).where(TEXTS.c.name == name))
        return SavedText(**rows[0]) if rows else None

    def save(self, text: SavedText) -> None:
        """Keep a text in place of the one before."""
        self._database.put(TEXTS, **vars(text))

    def forget(self, name: str) -> bool:
        """Go back to the text as the product ships it; False where it was that already."""
        return self._database.change(sa.delete(TEXTS).where(TEXTS.c.name == name)) == 1
