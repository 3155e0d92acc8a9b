"""A copy of a DuckLake catalog, read as the SQLite database that it is.

Copies come from archives of any origin too: `prove` refuses what could lead outside the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from onemind.backup.archive.manifest import NAME, BackupRefused

DOOMED = "ducklake_files_scheduled_for_deletion"  # merged files, which no backup holds
NONE_OF = ("ducklake_view", "ducklake_macro", "ducklake_inlined_data_tables", DOOMED)
STATE_TRIGGERS = {"activity_no_update", "activity_no_delete"}
_PATHS = """
    select
        s.path || t.path || f.path,
        s.path_is_relative and t.path_is_relative and f.path_is_relative
    from (
        select table_id, path, path_is_relative from ducklake_data_file
        union
        select table_id, path, path_is_relative from ducklake_delete_file
    ) f
    join (select distinct table_id, schema_id, path, path_is_relative from ducklake_table) t
        using (table_id)
    join (select distinct schema_id, path, path_is_relative from ducklake_schema) s
        using (schema_id)
    order by 1"""
_COUNT = "select (select count(*) from ducklake_data_file) + count(*) from ducklake_delete_file"


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as con:
        con.execute("pragma trusted_schema = off")
        yield con


def files(catalog: Path) -> list[str]:
    """Return the files that any version is read from, below the folder `data`.

    Raises BackupRefused where one lies elsewhere.
    """
    with _opened(catalog) as con:
        rows = con.execute(_PATHS).fetchall()
        (count,) = con.execute(_COUNT).fetchone()
    names = [str(path) for path, is_relative in rows if is_relative]
    sound = all(NAME.fullmatch(f"data/{name}") for name in names)
    if not sound or len(set(names)) != count:
        raise BackupRefused("The store's catalog names a file outside the store's folder.")
    return names


def identity(catalog: Path) -> str:
    """Return what tells one store from another, made with its catalog."""
    with _opened(catalog) as con:
        (name,) = con.execute(
            "select schema_uuid from ducklake_schema order by schema_id limit 1"
        ).fetchone()
    return str(name)


def snapshot(catalog: Path) -> int:
    """Return the newest snapshot that the copy holds."""
    with _opened(catalog) as con:
        (newest,) = con.execute("select max(snapshot_id) from ducklake_snapshot").fetchone()
    return int(newest)


def prove(folder: Path, held: set[str]) -> None:
    """Raise BackupRefused where the databases in a folder are damaged or not as we write them.

    `held` are the files of the archive below `data`: the catalog must name these, and no others.
    """
    try:
        _prove(folder / "state.sqlite", STATE_TRIGGERS)
        _prove(folder / "catalog.sqlite", set())
        if set(files(folder / "catalog.sqlite")) != held:
            raise BackupRefused("The backup does not hold the files that its catalog names.")
        with _opened(folder / "catalog.sqlite") as con:
            if any(con.execute(f"select 1 from {table} limit 1").fetchone() for table in NONE_OF):
                raise BackupRefused("The backup's catalog has parts that no store of ours has.")
    except sqlite3.Error as error:
        raise BackupRefused(f"A database in the backup can't be read: {error}.") from error


def _prove(database: Path, triggers: set[str]) -> None:
    if not database.exists():
        if triggers:
            return  # the state: a store that nobody has used has none
        raise BackupRefused("The backup holds no catalog.")
    with _opened(database) as con:
        sound = con.execute("pragma quick_check").fetchall() == [("ok",)]
        active = con.execute("select name from sqlite_master where type in ('trigger', 'view')")
        if not sound or not {name for (name,) in active} <= triggers:
            raise BackupRefused(f"{database.name} in the backup is not as we write it.")
