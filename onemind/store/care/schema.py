"""The version of the store's own layout: an older one is migrated, a newer one is refused.

1 is every store before this table was there; 2 keeps checksums of the data files.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from onemind import __version__
from onemind.errors import NotPossibleNow
from onemind.store import lake
from onemind.store.care.copies import copied
from onemind.store.care.files import METADATA
from onemind.store.connection import Connection

FIRST, NEWEST = 1, 2
_KEPT = f"select schema, written_by from {METADATA}.onemind_schema order by schema desc limit 1"


def of(con: Connection) -> tuple[int, str]:
    """Return the store's schema, and the version of the dashboard that wrote it ("" unknown)."""
    try:
        row = con.execute(_KEPT).fetchone()
    except lake.DatabaseError as error:
        if "onemind_schema" not in str(error):
            raise
        row = None
    return (int(row[0]), str(row[1])) if row else (FIRST, "")


def require_known(con: Connection, store: Path) -> int:
    """Return the store's schema; raises NotPossibleNow when a newer dashboard wrote it."""
    schema, writer = of(con)
    if schema > NEWEST:
        raise NotPossibleNow(
            f"The store in {store} was written by version {writer} of the dashboard, and this is "
            f"{__version__}. Update the dashboard, or set ONEMIND_STORE to another folder."
        )
    return schema


def migrate(
    con: Connection, catalog: Path | None, schema: int, now: datetime | None = None
) -> None:
    """Bring a store of an older schema up to date, with a copy of its catalog file first.

    There is none to copy (None) in PostgreSQL. Hold the publish lock meanwhile.
    """
    if catalog and con.execute(f"select 1 from {METADATA}.ducklake_data_file limit 1").fetchone():
        _back_up(catalog, schema, now or datetime.now(UTC))
    con.begin()
    con.execute(f"create table {METADATA}.onemind_checksums (path varchar, sha256 varchar)")
    con.execute(f"create table {METADATA}.onemind_schema (schema integer, written_by varchar)")
    con.execute(f"insert into {METADATA}.onemind_schema values ({NEWEST}, '{__version__}')")
    con.commit()


def _back_up(catalog: Path, schema: int, now: datetime) -> None:
    """Copy the catalog to `catalog-before-schema-2-20260630T120000.sqlite` beside it."""
    moment = f"{now:%Y%m%dT%H%M%S}"
    copied(catalog, catalog.parent / f"catalog-before-schema-{schema + 1}-{moment}.sqlite")
