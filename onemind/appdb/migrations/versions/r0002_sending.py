"""The tables of release 0.9: messages on their way, digests, webhooks, the text of letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


TABLES = sa.MetaData()
sa.Table(
    "outbox",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("about", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", sa.DateTime, nullable=False),
    sa.Column("claimed_at", sa.DateTime),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("outcome", sa.String, nullable=False),
)
sa.Table(
    "subscriptions",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("weekday", sa.Integer, nullable=False),
    sa.Column("token_hash", sa.String, nullable=False, unique=True),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("last_at", sa.DateTime),
    sa.Column("last_message", sa.String, nullable=False),
    sa.Column("last_version", sa.Integer),
    sa.Column("last_day", sa.Date),
    sa.Column("since_version", sa.Integer),
    sa.Column("since_day", sa.Date),
)
sa.Table(
    "webhooks",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("scope", sa.Text),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer),
    sa.Column("day", sa.Date),
)
sa.Table(
    "texts",
    TABLES,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("saved_at", sa.DateTime, nullable=False),
)


def upgrade() -> None:
    """Make the tables that are missing."""
    TABLES.create_all(op.get_bind(), checkfirst=True)
