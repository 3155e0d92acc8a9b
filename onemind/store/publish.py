"""Publishing by the smallest difference: new rows go in, gone ones go out, as one version."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from onemind import telemetry
from onemind.campaign import Contract, contract, contracts
from onemind.errors import NothingChanged, VersionMoved, WrongUse
from onemind.store import lake
from onemind.store.connection import Connection
from onemind.store.diff import Change, Diff
from onemind.store.lake import drop_temporary
from onemind.store.locks import publish_lock
from onemind.store.store import Store, Version, relation

CHANGES_SHOWN = 200


@dataclass(frozen=True)
class Delta:
    """A dataset's difference, computed into the temporary table `table` (op, then the columns)."""

    diff: Diff
    table: str


def compare(
    con: Connection,
    dataset: str,
    old: str,
    new: str,
    *,
    removes: bool = True,
    given: Iterable[str] | None = None,
    shown: int = CHANGES_SHOWN,
) -> Delta:
    """Compute what turns the rows of `old` into those of `new`, both SELECTs, with so many `shown`.

    With `removes` false, rows that `new` lacks stay (update). Columns outside `given` keep their
    old value in rows that were there; in rows that were not they have what `new` says.
    """
    parsed = contract(dataset)
    table = f"delta_{dataset}"
    unchanged = set(parsed.columns) - set(parsed.columns if given is None else given)
    drop_temporary(con, table)
    if con.execute(f"select 1 from ({old}) limit 1").fetchone():
        con.execute(f"create temp table {table} as {_delta(parsed, old, new, removes, unchanged)}")
    else:  # all is new: no need to compare it, nor to copy it
        columns = ", ".join(parsed.columns)
        con.execute(f"create temp view {table} as select 'added' as op, {columns} from ({new})")
        return Delta(_all_new(con, parsed, table, shown), table)
    return Delta(_diff(con, parsed, table, old, shown), table)


def _all_new(con: Connection, parsed: Contract, table: str, shown: int) -> Diff:
    (added,) = con.execute(f"select count(*) from {table}").fetchone() or (0,)
    values = [name for name in parsed.columns if name not in parsed.key]
    none = [None] * len(values)
    rows = con.execute(
        f"""
        select 'added', {", ".join([*parsed.key, *values])} from {table}
        order by {", ".join(parsed.key)} limit {shown}"""
    ).fetchall()
    changes = tuple(_change(parsed.key, values, (*row, *none)) for row in rows)
    return Diff(parsed.name, 0, added=added, changes=changes)


def _delta(parsed: Contract, old: str, new: str, removes: bool, unchanged: set[str]) -> str:
    key = ", ".join(parsed.key)
    values = [name for name in parsed.columns if name not in parsed.key]
    merged = {
        name: f"case when o.here then o.{name} else n.{name} end"
        if name in unchanged
        else f"n.{name}"
        for name in values
    }
    differs = " or ".join(f"{merged[name]} is distinct from o.{name}" for name in values)
    columns = ", ".join(
        [f"{key}", *(f"{expression} as {name}" for name, expression in merged.items())]
    )
    join = "full" if removes else "left"
    return f"""
        select
            case
                when o.here is null then 'added'
                when n.here is null then 'removed'
                else 'changed'
            end as op,
            {columns}
        from (select *, true as here from ({new})) n
        {join} join (select *, true as here from ({old})) o using ({key})
        where n.here is null or o.here is null or ({differs or "false"})"""


def _diff(con: Connection, parsed: Contract, table: str, old: str, shown: int) -> Diff:
    counts = dict(con.execute(f"select op, count(*) from {table} group by op").fetchall())
    (before,) = con.execute(f"select count(*) from ({old})").fetchone() or (0,)
    changes = _changes(con, parsed, table, old, shown) if counts else ()
    return Diff(parsed.name, before, **counts, changes=changes)


def _changes(
    con: Connection, parsed: Contract, table: str, old: str, shown: int
) -> tuple[Change, ...]:
    key = ", ".join(parsed.key)
    values = [name for name in parsed.columns if name not in parsed.key]
    sides = ", ".join([*(f"d.{name}" for name in values), *(f"o.{name}" for name in values)])
    rows = con.execute(
        f"""
        with d as (select * from {table} order by op = 'added', op, {key} limit {shown})
        select op, {key}{", " + sides if values else ""}
        from d left join ({old}) o using ({key})
        order by op = 'added', op, {key}"""
    ).fetchall()
    return tuple(_change(parsed.key, values, row) for row in rows)


def _change(key: tuple[str, ...], values: list[str], row: tuple[Any, ...]) -> Change:
    op, start, size = row[0], 1 + len(key), len(values)
    after = dict(zip(values, row[start : start + size], strict=True))
    before = dict(zip(values, row[start + size :], strict=True))
    differing = [name for name in values if op != "changed" or before[name] != after[name]]
    return Change(
        op,
        dict(zip(key, row[1:start], strict=True)),
        {} if op == "added" else {name: before[name] for name in differing},
        {} if op == "removed" else {name: after[name] for name in differing},
    )


def commit(
    store: Store,
    con: Connection,
    deltas: list[Delta],
    base: Version | None,
    author: str,
    message: str,
    **known: Any,
) -> Version:
    """Publish deltas, computed against `base`, as one new version; `known` is kept with it.

    Raises NothingChanged when they are empty, VersionMoved when `base` is no longer the newest,
    NotWritable when the store can't be written. Then nothing of it stays behind.
    """
    deltas = [delta for delta in deltas if not delta.diff.empty]
    number = base.number + 1 if base else 1
    counts = {delta.diff.dataset: delta.diff.counts() for delta in deltas}
    extra = {"version": number, "counts": counts, **known}
    store.health.require_writable()
    with publish_lock(store.settings) as said, store.health.writing() as written:
        with _all_or_nothing(con):
            _compare_and_swap(store, con, base, deltas)
            for delta in deltas:
                _apply(con, delta)
            _seal(con, author, message, {**extra, "written": written()})
        said()
    store.changed()
    return _newest(store, number)


def _newest(store: Store, number: int) -> Version:
    version = store.version(number)
    assert version is not None
    return version


@contextmanager
def _all_or_nothing(con: Connection) -> Iterator[None]:
    """Begin a transaction, and roll it back where the work fails."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise


def _seal(con: Connection, author: str, message: str, extra: dict[str, Any]) -> None:
    lake.say(con, extra, author, message)
    os.sync()  # the catalog is synced by DuckLake, the Parquet files are not
    con.commit()


def _compare_and_swap(
    store: Store, con: Connection, base: Version | None, deltas: list[Delta]
) -> None:
    seen = store.versions_seen_by(con)
    newest = seen[-1].number if seen else 0
    if newest != (base.number if base else 0):
        raise VersionMoved(newest)
    if not deltas:
        raise NothingChanged(newest)


def _apply(con: Connection, delta: Delta) -> None:
    name = delta.diff.dataset
    parsed = contract(name)
    columns = ", ".join(parsed.columns)
    if delta.diff.changed or delta.diff.removed:
        match = " and ".join(f"t.{column} = d.{column}" for column in parsed.key)
        con.execute(
            f"delete from lake.{name} t using {delta.table} d where d.op <> 'added' and {match}"
        )
    if delta.diff.added or delta.diff.changed:
        con.execute(
            f"insert into lake.{name} ({columns})"
            f" select {columns} from {delta.table} where op <> 'removed'"
        )


def compare_versions(store: Store, before: int, after: int) -> list[Diff]:
    """Return how each dataset differs between two versions; only those that do."""
    old, new = store.version(before), store.version(after)
    for version in (old, new):
        store.require_sound(version, contracts())
    with store.cursor() as con:
        diffs = [
            compare(con, name, relation(name, old), relation(name, new)).diff
            for name in contracts()
        ]
    return [diff for diff in diffs if not diff.empty]


@telemetry.publishing()
def restore(store: Store, number: int, author: str, message: str) -> Version:
    """Publish a new version equal to an old one.

    Raises WrongUse when there is no such version and NothingChanged when it equals the newest.
    """
    old, base = store.version(number), store.current()
    if old is None or base is None:
        raise WrongUse("Nothing is published yet, so there is nothing to restore.")
    for version in (old, base):
        store.require_sound(version, contracts())
    with store.cursor() as con:
        deltas = [
            compare(con, name, relation(name, base), relation(name, old)) for name in contracts()
        ]
        return commit(
            store,
            con,
            deltas,
            base,
            author,
            message,
            mode="restore",
            sample=old.sample,
            restored=number,
        )
