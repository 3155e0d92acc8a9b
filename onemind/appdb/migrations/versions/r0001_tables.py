"""The tables of release 0.8. Those that an earlier release made are left as they are."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
REFUSED = "the activity log can only be added to"


TABLES = sa.MetaData()
sa.Table(
    "attempts",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
)
sa.Table(
    "flows",
    TABLES,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("browser", sa.String, nullable=False),
    sa.Column("known", sa.JSON, nullable=False),
    sa.Column("begun_at", sa.DateTime, nullable=False, index=True),
)
sa.Table(
    "link_uses",
    TABLES,
    sa.Column("session", sa.String, primary_key=True),
    sa.Column("link", sa.String, nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
)
sa.Table(
    "links",
    TABLES,
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
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("revoked_at", sa.DateTime),
    sa.Column("used_at", sa.DateTime),
    sa.Column("uses", sa.Integer, nullable=False),
)
sa.Table(
    "people",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("email", sa.String, nullable=False, unique=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password", sa.String),
    sa.Column("disabled_at", sa.DateTime),
    sa.Column("added_by", sa.String, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("signed_in_at", sa.DateTime),
)
sa.Table(
    "sessions",
    TABLES,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("person", sa.String, index=True),
    sa.Column("link", sa.String, index=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False, index=True),
    sa.Column("ip", sa.String, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
)
sa.Table(
    "activity",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("actor", sa.String, nullable=False, index=True),
    sa.Column("action", sa.String, nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("ip", sa.String, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
)
sa.Table(
    "readings",
    TABLES,
    sa.Column("header", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("labels", sa.JSON, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", sa.DateTime, nullable=False),
)
sa.Table(
    "secrets",
    TABLES,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
sa.Table(
    "sources",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("url", sa.String, nullable=False, unique=True),
    sa.Column("every", sa.Integer, nullable=False),
    sa.Column("reading", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("etag", sa.String, nullable=False),
    sa.Column("asked_at", sa.DateTime),
    sa.Column("failed", sa.Boolean, nullable=False),
    sa.Column("message", sa.String, nullable=False),
)
sa.Table(
    "staged",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("author", sa.String, nullable=False, index=True),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("staged_at", sa.DateTime, nullable=False),
)


def upgrade() -> None:
    """Make the tables that are missing, and keep the log from being changed."""
    con = op.get_bind()
    TABLES.create_all(con, checkfirst=True)
    for statement in _append_only(con.dialect.name):
        con.execute(statement)


def _append_only(dialect: str) -> Iterator[sa.TextClause]:
    """Yield the statements that make the database refuse to change or delete an event."""
    if dialect == "sqlite":
        for verb in ("update", "delete"):
            yield sa.text(
                f"create trigger if not exists activity_no_{verb} before {verb} on activity "
                f"begin select raise(abort, '{REFUSED}'); end"
            )
    else:
        yield sa.text(_POSTGRESQL)


_POSTGRESQL = f"""
do $once$ begin
    if not exists (select from pg_trigger
        where tgname = 'activity_is_append_only' and tgrelid = 'activity'::regclass) then
        create or replace function activity_refuses() returns trigger language plpgsql as
            $refuse$ begin raise exception '{REFUSED}'; end $refuse$;
        create trigger activity_is_append_only
            before update or delete or truncate on activity
            for each statement execute function activity_refuses();
    end if;
end $once$"""
