"""Share links: what each was made for, until when, and how often it was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from onemind.appdb.database import METADATA, Database, Moment

LINKS = sa.Table(
    "links",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("token_hash", sa.String, nullable=False, unique=True),
    sa.Column("label", sa.String, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("pages", sa.JSON(none_as_null=True)),
    sa.Column("downloads", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("passphrase", sa.String),
    sa.Column("sites", sa.JSON, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("used_at", Moment),
    sa.Column("uses", sa.Integer, nullable=False, default=0),
)
USES = sa.Table(
    "link_uses",
    METADATA,
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("link", sa.String, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Link:
    """A share link's row: `scope` as Scope.text writes it, `pages` titles (None: all), `version`
    the one it is held at (None: live), `passphrase` a hash, `sites` those that may embed it.
    """

    id: str
    token_hash: str
    label: str
    scope: str
    pages: tuple[str, ...] | None
    downloads: bool
    version: int | None
    expires_on: date
    passphrase: str | None
    sites: tuple[str, ...]
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    uses: int = 0


class Links:
    """The share links in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, link: Link) -> None:
        """Keep a new link."""
        pages = None if link.pages is None else list(link.pages)
        values = {**vars(link), "pages": pages, "sites": list(link.sites)}
        self.database.change(sa.insert(LINKS).values(**values))

    def all(self) -> list[Link]:
        """Return every link, newest first."""
        return self._found(sa.select(LINKS).order_by(LINKS.c.made_at.desc()))

    def by_token(self, token_hash: str) -> Link | None:
        """Return the link of a token's hash."""
        links = self._found(sa.select(LINKS).where(LINKS.c.token_hash == token_hash))
        return links[0] if links else None

    def by_id(self, link: str) -> Link | None:
        """Return a link by its id."""
        links = self._found(sa.select(LINKS).where(LINKS.c.id == link))
        return links[0] if links else None

    def revoke(self, link: str, now: datetime) -> bool:
        """End a link; False when there is none such, or it was ended before."""
        is_open = sa.and_(LINKS.c.id == link, LINKS.c.revoked_at.is_(None))
        return self.database.change(sa.update(LINKS).where(is_open).values(revoked_at=now)) > 0

    def used(self, link: str, session: str, now: datetime) -> bool:
        """Count a use by a session, once; False when it was counted before."""
        try:
            self.database.change(sa.insert(USES).values(session=session, link=link, at=now))
        except IntegrityError:
            return False
        counted = sa.update(LINKS).where(LINKS.c.id == link)
        self.database.change(counted.values(used_at=now, uses=LINKS.c.uses + 1))
        return True

    def was_used(self, session: str) -> bool:
        """Whether a use by a session was counted before."""
        return bool(self.database.rows(sa.select(USES.c.link).where(USES.c.session == session)))

    def _found(self, query: sa.Select[tuple[object, ...]]) -> list[Link]:
        return [link_of(row) for row in self.database.rows(query)]


def link_of(row: dict[str, object]) -> Link:
    """Return a link from its row, by columns' names; other columns are passed over."""
    values: dict[str, object] = {column.name: row[column.name] for column in LINKS.columns}
    pages, sites = row["pages"], row["sites"]
    values["pages"] = tuple(pages) if isinstance(pages, list) else None
    values["sites"] = tuple(sites) if isinstance(sites, list) else ()
    return Link(**values)  # type: ignore[arg-type]
