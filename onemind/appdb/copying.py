"""The whole state from one database into another."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from onemind.appdb.database import METADATA, Database
from onemind.errors import WrongUse


def copy_state(source: Database, target: Database) -> dict[str, int]:
    """Copy all tables at once; returns how many rows each has.

    A target that holds the same already is fine. Raises WrongUse where it holds anything else.
    """
    rows = {table: source.rows(sa.select(table)) for table in METADATA.sorted_tables}
    if _same(rows, target):
        return _counts(rows)
    with target.engine.begin() as con:
        for table, listed in rows.items():
            if con.execute(sa.select(sa.func.count()).select_from(table)).scalar():
                raise WrongUse(
                    f"The target holds {table.name} already. Choose an empty database or folder."
                )
            if listed:
                con.execute(sa.insert(table), listed)
        _count_on(con)
    return _counts(rows)


def _same(rows: dict[sa.Table, list[dict[str, Any]]], target: Database) -> bool:
    return all(_plain(listed) == _plain(target.rows(sa.select(table)))
               for table, listed in rows.items())  # fmt: skip


def _plain(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _counts(rows: dict[sa.Table, list[dict[str, Any]]]) -> dict[str, int]:
    return {table.name: len(listed) for table, listed in rows.items()}


def _count_on(con: sa.Connection) -> None:
    """Let PostgreSQL number the next rows after those that were copied with their numbers."""
    if con.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        for column in table.primary_key:
            if isinstance(column.type, sa.Integer) and len(table.primary_key) == 1:
                newest = sa.select(sa.func.max(column)).scalar_subquery()
                name = sa.func.pg_get_serial_sequence(table.name, column.name)
                con.execute(sa.select(sa.func.setval(name, sa.func.coalesce(newest, 1))))
