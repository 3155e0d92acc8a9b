"""Carrying a table over from another version: only the departments that differ are derived again.

This works for tables in which each row depends on rows of its own department alone, and on the
rules, which stay the same while the store is open. A large table is not copied: it becomes a view
on the other version's table without those departments, plus their new rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onemind.store.connection import Connection
from onemind.store.derived import Derived

Place = Callable[[str], str]  # the place of a table of the version, by its name
Select = Callable[[str], str]  # the SELECT that reads a dataset of the version from the disk

SMALL = 20_000  # rows: a smaller table is derived again just as fast
DEPARTMENTS = 4_000  # that differ: with more, carrying over does not pay
STEPS = 24  # publishes between: beyond this the table is copied, so that old ones can be dropped
VIEWED = 500  # departments that differ: beyond this the table is copied, for a view would get slow


@dataclass(frozen=True)
class Carried:
    """The other version's table, the departments that differ, and whether it becomes a view."""

    table: str
    departments: frozenset[str]
    is_view: bool


def rows(con: Connection, table: str) -> int:
    """Return how many rows a table has."""
    (number,) = con.execute(f"select count(*) from {table}").fetchone() or (0,)
    return int(number)


def derive(con: Connection, place: Place, derived: Derived, select: Select) -> None:
    """Derive a whole table of a version; `place` returns where each of its tables is."""
    for dataset in sorted(derived.streamed):
        con.execute(f"create temp view {dataset} as {select(dataset)}")
    con.execute(f"create table {place(derived.table)} as {derived.select}", _parameters(derived))
    for dataset in sorted(derived.streamed):
        con.execute(f"drop view temp.{dataset}")


def derive_touched(
    con: Connection, place: Place, derived: Derived, select: Select, carried: Carried
) -> None:
    """Derive the departments that differ; with what is carried over they are a table or a view."""
    con.execute("create temp table touched (department_id varchar)")
    if carried.departments:
        ids = {"departments": sorted(carried.departments)}
        con.execute("insert into touched select unnest($departments)", ids)
    inputs = {item: select(item) for item in sorted(derived.datasets | derived.streamed)}
    inputs |= {item.name: f"from {place(item.table)}" for item in derived.needs}
    for name, whole in inputs.items():
        con.execute(f"create temp view {name} as {_of_touched(whole)}")
    fresh = derived.select if inputs else _of_touched(derived.select)
    _put_together(con, place(derived.table), fresh, carried, _parameters(derived))
    for name in inputs:
        con.execute(f"drop view temp.{name}")
    con.execute("drop table temp.touched")


def _of_touched(rows: str) -> str:
    return f"from ({rows}) semi join temp.touched using (department_id)"


def _put_together(
    con: Connection, place: str, fresh: str, carried: Carried, parameters: dict[str, Any]
) -> None:
    old = f"from {carried.table} anti join {{}} using (department_id)"
    if not carried.is_view:
        both = f"{old.format('temp.touched')} union all from ({fresh})"
        con.execute(f"create table {place} as {both}", parameters)
        return
    con.execute(f"create table {place}_new as {fresh}", parameters)
    con.execute(f"create table {place}_touched as from temp.touched")
    both = f"{old.format(f'{place}_touched')} union all from {place}_new"
    con.execute(f"create view {place} as {both}")


def _parameters(derived: Derived) -> dict[str, Any]:
    return {"dates": list(derived.days)} if derived.days else {}


def drop(con: Connection, place: str, is_view: bool) -> None:
    """Drop a table, or a view with its own two tables."""
    if is_view:
        con.execute(f"drop view {place}")
    for table in (f"{place}_new", f"{place}_touched") if is_view else (place,):
        con.execute(f"drop table {table}")
