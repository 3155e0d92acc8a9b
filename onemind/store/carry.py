"""Carrying a table over from another version: only departments that differ are made anew.

It is for tables of which each row rests on rows of its own department, and on the rules, which are
the same as long as the store is open. What was large is not copied: the table is then a view on the
other version's, without the departments that were made anew, and the new rows of those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onemind.store.derived import Made
from onemind.store.lake import Connection

Place = Callable[[str], str]  # where a table of the version is, by its name
Select = Callable[[str], str]  # the SELECT that reads a dataset of the version from the disk

SMALL = 20_000  # rows: a table that is smaller is made anew as fast
DEPARTMENTS = 4_000  # that differ: more are not worth sorting out
STEPS = 24  # publishes between: with more the table is copied, so that old ones can be dropped
VIEWED = 500  # departments that differ: with more the table is copied, for a view would grow slow


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


def make_anew(con: Connection, place: Place, made: Made, select: Select) -> None:
    """Make a table of a version as a whole; `place` tells where each of its tables is."""
    for dataset in sorted(made.streamed):
        con.execute(f"create temp view {dataset} as {select(dataset)}")
    con.execute(f"create table {place(made.table)} as {made.select}", _parameters(made))
    for dataset in sorted(made.streamed):
        con.execute(f"drop view temp.{dataset}")


def make(con: Connection, place: Place, made: Made, select: Select, carried: Carried) -> None:
    """Make a table, or a view, of what is carried over and of the departments that differ."""
    con.execute("create temp table touched (department_id varchar)")
    if carried.departments:
        ids = {"departments": sorted(carried.departments)}
        con.execute("insert into touched select unnest($departments)", ids)
    inputs = {item: select(item) for item in sorted(made.datasets | made.streamed)}
    inputs |= {item.name: f"from {place(item.table)}" for item in made.needs}
    for name, whole in inputs.items():
        con.execute(f"create temp view {name} as {_of_touched(whole)}")
    fresh = made.select if inputs else _of_touched(made.select)
    _put_together(con, place(made.table), fresh, carried, _parameters(made))
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


def _parameters(made: Made) -> dict[str, Any]:
    return {"dates": list(made.days)} if made.days else {}


def drop(con: Connection, place: str, is_view: bool) -> None:
    """Drop a table, or a view with what is its own."""
    if is_view:
        con.execute(f"drop view {place}")
    for table in (f"{place}_new", f"{place}_touched") if is_view else (place,):
        con.execute(f"drop table {table}")
