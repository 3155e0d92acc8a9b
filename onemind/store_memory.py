"""Versions in memory: each dataset copied, and each table made of datasets, once for all readers.

A table is copied or made by the first who needs it; whoever needs the same one waits, whoever needs
another does not. The oldest versions, and the days longest unused, are dropped when there are too
many; a reader keeps what it began with, for its transaction still sees it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Lock, RLock
from typing import Any

from onemind.store_lake import Connection

VERSIONS = 4
DAYS = 24  # tables of one version that were made for a day, or for days


@dataclass(frozen=True)
class Made:
    """A table made of a version's data: the name it is read by and its SELECT.

    It needs `datasets`, in memory under their plain names, and other tables; `streamed` datasets
    are read from the disk once, for nobody needs them in memory. `days` are the dates it is made
    for, as the parameter $dates, and `kept_as` tells one such table from another.
    """

    name: str
    select: str
    datasets: frozenset[str] = frozenset()
    streamed: frozenset[str] = frozenset()
    needs: tuple[Made, ...] = ()
    days: tuple[Any, ...] = ()
    kept_as: str = ""

    @property
    def table(self) -> str:
        """The name it is kept under."""
        return f"{self.name}_{self.kept_as}" if self.kept_as else self.name

    def rests_on(self) -> frozenset[str]:
        """Return all the datasets it rests on, directly or through others."""
        return (self.datasets | self.streamed).union(*(item.rests_on() for item in self.needs))


Table = str | Made  # a dataset by its name, or a table made of several


@dataclass
class _Copy:
    """What is in memory of one version; `guard` is held for moments, `making` for each table."""

    schema: str
    tables: set[str] = field(default_factory=set)
    days: OrderedDict[str, None] = field(default_factory=OrderedDict)
    making: dict[str, Lock] = field(default_factory=dict)
    holders: int = 0
    guard: RLock = field(default_factory=RLock)


class Memory:
    """The copies of the latest versions; `lend` lends a connection of the store."""

    def __init__(self, lend: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._lend = lend
        self._copies: OrderedDict[int, _Copy] = OrderedDict()
        self._guard = Lock()
        self._serial = count()

    def open(
        self, con: Connection, number: int, tables: Iterable[Table], select: Callable[[str], str]
    ) -> str:
        """Begin a transaction that sees these tables of a version; return their schema.

        `select` returns the SELECT that reads a dataset of the version from the disk.
        """
        wanted = tuple(tables)
        with self._held(number) as copy:
            while True:
                for table in wanted:
                    self._make(copy, table, select)
                with copy.guard:
                    if copy.tables.issuperset(map(_name, wanted)):
                        self._begin(con, copy)
                        for name in copy.days.keys() & set(map(_name, wanted)):
                            copy.days.move_to_end(name)
                        return copy.schema

    @contextmanager
    def _held(self, number: int) -> Iterator[_Copy]:
        """Lend a version's copy, which stays as long as it is held."""
        with self._guard:
            copy = self._copies.get(number)
            if copy is None:
                copy = self._copies[number] = _Copy(f"v{number}_{next(self._serial)}")
                with self._lend() as con:
                    con.execute(f"create schema {copy.schema}")
            self._copies.move_to_end(number)
            copy.holders += 1
        try:
            yield copy
        finally:
            with self._guard:
                copy.holders -= 1
                self._drop_old()

    def _drop_old(self) -> None:
        idle = [number for number, copy in self._copies.items() if not copy.holders]
        for number in idle[: max(len(self._copies) - VERSIONS, 0)]:
            with self._lend() as con:
                con.execute(f"drop schema {self._copies.pop(number).schema} cascade")

    @staticmethod
    def _begin(con: Connection, copy: _Copy) -> None:
        con.begin()  # from here on, dropping a table can't take it away
        con.execute(f"set search_path = 'memory.{copy.schema},memory.main'")

    def _make(self, copy: _Copy, table: Table, select: Callable[[str], str]) -> None:
        name = _name(table)
        with copy.guard:
            if name in copy.tables:
                return
            making = copy.making.setdefault(name, Lock())
        with making:
            if name in copy.tables:
                return
            if isinstance(table, Made):
                needed: tuple[Table, ...] = (*sorted(table.datasets), *table.needs)
                for item in needed:
                    self._make(copy, item, select)
            self._fill(copy, table, select)

    def _fill(self, copy: _Copy, table: Table, select: Callable[[str], str]) -> None:
        name = _name(table)
        with self._lend() as con:
            with copy.guard:
                self._begin(con, copy)
            if isinstance(table, Made):
                for dataset in sorted(table.streamed):
                    con.execute(f"create temp view {dataset} as {select(dataset)}")
                parameters = {"dates": list(table.days)} if table.days else {}
                con.execute(f"create table {copy.schema}.{name} as {table.select}", parameters)
                for dataset in sorted(table.streamed):
                    con.execute(f"drop view {dataset}")
            else:
                con.execute(f"create table {copy.schema}.{name} as {select(table)}")
            con.commit()
            with copy.guard:
                copy.tables.add(name)
                if isinstance(table, Made) and table.days:
                    self._forget_days(con, copy, name)

    @staticmethod
    def _forget_days(con: Connection, copy: _Copy, newest: str) -> None:
        copy.days[newest] = None
        while len(copy.days) > DAYS:
            old, _ = copy.days.popitem(last=False)
            copy.tables.discard(old)
            con.execute(f"drop table {copy.schema}.{old}")


def _name(table: Table) -> str:
    return table if isinstance(table, str) else table.table
