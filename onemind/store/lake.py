"""Opening the lake: DuckDB in this process, DuckLake over SQLite and Parquet in one folder.

The extensions are loaded by path from their PyPI packages, so nothing is downloaded and nothing is
written to the home folder. Inlining is off for good: with it, maintenance can corrupt history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from onemind.campaign import Contract, Rules, contracts
from onemind.errors import NotPossibleNow
from onemind.geography import FILES
from onemind.settings import Settings
from onemind.store import hosted
from onemind.store.connection import Connection

OwnConnection = duckdb.DuckDBPyConnection  # for the store alone: it can be closed
# To others these are errors like any; that they are DuckDB's stays in here.
DatabaseError: type[Exception] = duckdb.Error
Interrupted: type[Exception] = duckdb.InterruptException
CATALOG = "catalog.sqlite"


def connect(settings: Settings, catalog: Path | None = None) -> OwnConnection:
    """Open DuckDB with the lake attached as `lake`; makes its folder if it is new.

    `catalog` is a copy to read instead of the lake's own. Raises NotPossibleNow when the folder
    can't be used.
    """
    try:
        (settings.store / "data").mkdir(parents=True, exist_ok=True)
        con = duckdb.connect(config=_config(settings))
        if settings.catalog:
            _attach_hosted(con, settings)
            return con
        for name in ("ducklake", "sqlite_scanner"):
            con.execute(f"load {quoted(_extension(name))}")
        attach(con, settings, catalog)
    except (OSError, duckdb.Error) as error:
        raise NotPossibleNow(
            f"The store in {settings.store} can't be opened: {error}. "
            "Check the folder's permissions and disk, or set ONEMIND_STORE to another folder."
        ) from error
    return con


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": settings.memory,
        "temp_directory": str(settings.store / "tmp"),
    }


def _extension(name: str) -> Path:
    site = Path(duckdb.__file__).parent.parent
    folder = site / f"duckdb_extension_{name}" / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


def attach(con: Connection, settings: Settings, catalog: Path | None = None) -> None:
    """Attach the lake as `lake`, in place of what is attached; by its own catalog or a copy."""
    detach(con)
    con.execute(_attach(settings.store, catalog or settings.store / CATALOG))


def detach(con: Connection) -> None:
    """Let go of the lake: what is in memory stays, and nothing makes a new catalog by accident."""
    con.execute("detach database if exists lake")


def forget_files(con: Connection) -> None:
    """Forget what is remembered of data files: one that was damaged may be whole again."""
    con.execute("set enable_external_file_cache = false")
    con.execute("set enable_external_file_cache = true")


def _attach_hosted(con: OwnConnection, settings: Settings) -> None:
    """Attach a lake over PostgreSQL; raises NotPossibleNow when it can't be reached."""
    try:
        for name in hosted.EXTENSIONS:
            con.execute(f"load {quoted(_extension(name))}")
    except duckdb.Error as error:
        raise NotPossibleNow(
            "ONEMIND_CATALOG needs more packages: pip install -r requirements-hosted.txt."
        ) from error
    try:
        if settings.bucket:
            con.execute(hosted.secret(settings.bucket, quoted))
        elif settings.data:
            (settings.data / "data").mkdir(parents=True, exist_ok=True)
        con.execute(hosted.attach(settings, quoted))
    except (OSError, duckdb.Error) as error:
        raise hosted.unreachable(error) from error


def _attach(store: Path, catalog: Path) -> str:
    return f"""
        attach {quoted(f"ducklake:sqlite:{catalog}")} as lake (
            data_path {quoted(f"{store / 'data'}/")},
            override_data_path true,
            data_inlining_row_limit 0,
            meta_journal_mode 'WAL',
            meta_busy_timeout 15000
        )"""


def quoted(text: object) -> str:
    """Return a text as an SQL literal, for the few places that take no parameter.

    NUL ends a statement, whatever follows; no text needs one.
    """
    return "'" + str(text).replace("\0", "").replace("'", "''") + "'"


def is_temporary_view(con: Connection, name: str) -> bool:
    """Whether there is a temporary view of this name."""
    views = "select 1 from duckdb_views() where temporary and view_name = "
    return con.execute(views + quoted(name)).fetchone() is not None


def drop_temporary(con: Connection, name: str) -> None:
    """Drop the temporary table or view of this name, if there is one."""
    kind = "view" if is_temporary_view(con, name) else "table"
    con.execute(f"drop {kind} if exists temp.{name}")


def say(con: Connection, extra: Mapping[str, Any], author: str = "", message: str = "") -> None:
    """Say what is kept with the transaction under way: who, why, and further values.

    They are kept as JSON without spaces, as those who look for them in the catalog expect.
    """
    text = json.dumps(extra, separators=(",", ":"))
    arguments = f"{quoted(author)}, {quoted(message)}, extra_info => {quoted(text)}"
    con.execute(
        f"call lake.set_commit_message({arguments})"
    )  # a parameter would import pandas first


def files(con: Connection) -> tuple[int, int]:
    """Return how many tables hold rows, and how many files the newest version is read from."""
    counted = con.execute(
        "select count(*), coalesce(sum(file_count), 0)::bigint"
        " from ducklake_table_info('lake') where file_count > 0"
    ).fetchone()
    assert counted is not None
    return counted[0], counted[1]


def size(con: Connection) -> int:
    """Return how many bytes the files have that the newest version is read from."""
    size = "select coalesce(sum(file_size_bytes), 0)::bigint from ducklake_table_info('lake')"
    (found,) = con.execute(size).fetchone() or (0,)
    return int(found)


def merge_files(con: Connection) -> None:
    """Merge the small files of each table; no version changes. Only while nobody else reads."""
    con.execute("call ducklake_merge_adjacent_files('lake')")


def delete_merged_files(con: Connection) -> None:
    """Delete files that were merged two days ago or before: nobody can still be reading them."""
    con.execute("call ducklake_cleanup_old_files('lake', older_than => now() - interval 2 day)")


def make_tables(con: Connection) -> None:
    """Make the tables, and the columns, that the contracts name and the lake lacks."""
    have = _columns(con)
    statements = [
        statement
        for contract in contracts().values()
        for statement in _ddl(contract, have.get(contract.name))
    ]
    if not statements:
        return
    con.begin()
    for statement in statements:
        con.execute(statement)
    con.commit()
    con.execute("call lake.set_option('data_inlining_row_limit', 0)")


def _columns(con: Connection) -> dict[str, set[str]]:
    rows = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'lake'"
    ).fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in rows:
        columns.setdefault(table, set()).add(column)
    return columns


def _ddl(contract: Contract, have: set[str] | None) -> list[str]:
    if have is not None:
        return [
            f"alter table lake.{contract.name} add column {field.name} {field.sql_type}"
            for field in contract.fields
            if field.name not in have
        ]
    columns = ", ".join(
        f"{field.name} {field.sql_type}{' not null' if field.required else ''}"
        for field in contract.fields
    )
    return [f"create table lake.{contract.name} ({columns})"]


def make_rule_tables(con: Connection, rules: Rules) -> None:
    """Put the rules and the known places beside the data, in memory, under their plain names."""
    ranks = {item.id: item.rank for item in rules.editions}
    _fill(
        con,
        "editions (edition varchar, rank integer, starts_on date)",
        [(item.id, item.rank, item.starts_on) for item in rules.editions],
    )
    _fill(
        con,
        "courses (course varchar, practice varchar, from_rank integer, valid_months integer)",
        [(c.id, c.practice, ranks[c.from_edition], c.valid_months) for c in rules.courses],
    )
    _fill(
        con,
        "needs (practice varchar, edition varchar, measure varchar,"
        " numerator bigint, denominator bigint)",
        [
            (practice.id, need.edition, need.measure, need.numerator, need.denominator)
            for practice in rules.practices
            for need in practice.needs
        ],
    )
    names = ", ".join(f"{name} integer" for name in rules.spans)
    _fill(con, f"spans ({names})", [tuple(rules.spans.values())])
    for name, path in FILES.items():
        con.execute(f"create table {name} as from read_csv({quoted(path)}, header = true)")


def _fill(con: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make a table of our own values; as literals, for the first parameter imports pandas."""
    listed = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    con.execute(f"create table {table}")
    if listed:
        con.execute(f"insert into {table.split()[0]} values {listed}")


def _literal(value: object) -> str:
    if value is None or isinstance(value, int):
        return "null" if value is None else str(int(value))
    return quoted(value)
