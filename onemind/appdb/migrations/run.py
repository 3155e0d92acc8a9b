"""Bringing a database to the newest revision, once, whichever process comes first."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from onemind.errors import NotPossibleNow

HEAD = "0002"
SCHEMA = "onemind"  # in PostgreSQL; the catalog's own tables lie beside it
LOCK = 0x6F6E6531  # while one process upgrades, others wait
_REVISION = sa.text("select version_num from alembic_version")


def upgrade(engine: sa.Engine) -> bool:
    """Bring the tables up to HEAD; returns whether there was anything to do.

    Raises NotPossibleNow where a later release made them.
    """
    known = revision(engine)
    if known == HEAD:
        return False
    if known is not None and known > HEAD:
        raise NotPossibleNow(
            "A newer release of the dashboard has changed the state's tables. "
            "Start that release, or restore a backup made with this one."
        )
    with engine.begin() as con:
        if engine.dialect.name == "sqlite":
            con.exec_driver_sql("begin immediate")
        else:
            con.execute(sa.text(f"select pg_advisory_xact_lock({LOCK})"))
            con.execute(sa.text(f"create schema if not exists {SCHEMA}"))
        _run(con)
    return True


def revision(engine: sa.Engine) -> str | None:
    """Return the revision of the tables, None where there are none yet."""
    with engine.connect() as con:
        try:
            return con.execute(_REVISION).scalar()
        except sa.exc.DatabaseError:
            return None


def _run(con: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = con
    command.upgrade(config, "head")
