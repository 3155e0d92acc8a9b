"""Secrets of this installation: made once, kept in its state, shown nowhere."""

from __future__ import annotations

import secrets
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from onemind.appdb.database import METADATA, Database
from onemind.errors import NotPossibleNow

SECRETS = sa.Table(
    "secrets",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
BYTES = 32


class Secrets:
    """Secrets by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes:
        """Return a secret; it is made when it is asked for first."""
        known = self._known(name)
        if known is None:
            insert = sa.insert(SECRETS).values(name=name, value=secrets.token_bytes(BYTES))
            with suppress(IntegrityError):  # another process made it at the same moment
                self._database.change(insert)
            known = self._known(name)
        assert known
        return known

    def put(self, name: str, value: bytes) -> None:
        """Put a secret back from a backup.

        Raises NotPossibleNow where there is another one: what was made with it would be lost.
        """
        known = self._known(name)
        if known == value:
            return
        if known is not None:
            raise NotPossibleNow(
                "This store has made pseudonyms with another secret. Restore the backup into a new "
                "store, or the same officers would get other pseudonyms."
            )
        self._database.put(SECRETS, name=name, value=value)

    def _known(self, name: str) -> bytes | None:
        rows = self._database.rows(sa.select(SECRETS.c.value).where(SECRETS.c.name == name))
        return bytes(rows[0]["value"]) if rows else None
