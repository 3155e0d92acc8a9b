"""Versions in memory: each dataset is copied, and each table derived, once for all readers.

The first reader who needs a table fills it; readers of the same table wait, others do not. Rows
that another version in memory already has are carried over (`carry`), and what takes long may come
from another process (`shared`). When there are too many, the oldest versions and the days longest
unused are dropped, unless other tables depend on them. A reader keeps what it began with, because
its transaction still sees it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Lock, RLock

from onemind.store import carry
from onemind.store.carry import Carried
from onemind.store.connection import Connection
from onemind.store.derived import Derived, Table, is_by_department, name_of, needed, rests_on
from onemind.store.shared import Place, Shared
from onemind.store.touched import Touched

VERSIONS = 4
DAYS = 24  # tables of one version that were derived for a day, or for several


@dataclass
class _Copy:
    """One version in memory; `guard` is held for moments, `making` for as long as a table takes.

    `carried` are views on tables of other copies; `pins` counts the views on tables of this one.
    """

    number: int
    schema: str
    tables: set[str] = field(default_factory=set)
    days: OrderedDict[str, None] = field(default_factory=OrderedDict)
    making: dict[str, Lock] = field(default_factory=dict)
    carried: dict[str, _Copy] = field(default_factory=dict)
    pins: Counter[str] = field(default_factory=Counter)
    holders: int = 0
    guard: RLock = field(default_factory=RLock)

    def place(self, name: str) -> str:
        """Return the full name of one of its tables."""
        return f"memory.{self.schema}.{name}"


class Memory:
    """The copies of the latest versions; `lend` lends a connection of the store."""

    def __init__(
        self,
        lend: Callable[[], AbstractContextManager[Connection]],
        touched: Touched,
        shared: Shared,
    ) -> None:
        self._lend, self._touched, self._shared = lend, touched, shared
        self._copies: OrderedDict[int, _Copy] = OrderedDict()
        self._guard, self._pinning = Lock(), Lock()
        self._serial = count()

    def newest(self) -> int:
        """Return the greatest number of a version that has tables here, 0 while none has."""
        with self._guard:
            return max((number for number, copy in self._copies.items() if copy.tables), default=0)

    def open(
        self, con: Connection, number: int, tables: Iterable[Table], select: Callable[[str], str]
    ) -> str:
        """Begin a transaction that sees these tables of a version; return their schema.

        `select` returns the SELECT that reads a dataset of the version from the disk.
        """
        names = tuple(tables)
        with self._held(number) as copy:
            while True:
                for table in names:
                    self._make(copy, table, select)
                with copy.guard:
                    if copy.tables.issuperset(map(name_of, names)):
                        self._begin(con, copy)
                        for name in copy.days.keys() & set(map(name_of, names)):
                            copy.days.move_to_end(name)
                        return copy.schema

    @contextmanager
    def _held(self, number: int) -> Iterator[_Copy]:
        """Lend a version's copy; it is not dropped meanwhile."""
        with self._guard:
            copy = self._copies.get(number)
            if copy is None:
                copy = _Copy(number, f"v{number}_{next(self._serial)}")
                self._copies[number] = copy
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
        idle = [
            number
            for number, copy in self._copies.items()
            if not copy.holders and not copy.pins.total()
        ]
        for number in idle[: max(len(self._copies) - VERSIONS, 0)]:
            copy = self._copies.pop(number)
            for name, base in copy.carried.items():
                self._pin(base, name, -1)
            with self._lend() as con:
                con.execute(f"drop schema {copy.schema} cascade")

    @staticmethod
    def _begin(con: Connection, copy: _Copy) -> None:
        con.begin()  # from here on, dropping a table can't take it away
        con.execute(f"set search_path = 'memory.{copy.schema},memory.main'")

    def _make(self, copy: _Copy, table: Table, select: Callable[[str], str]) -> None:
        name = name_of(table)
        with copy.guard:
            if name in copy.tables:
                return
            making = copy.making.setdefault(name, Lock())
        with making:
            if name in copy.tables:
                return
            with self._base(copy, table) as base:
                carried = self._carried(copy, table, base) if base else None
                if carried or isinstance(table, str):
                    self._derive(copy, table, select, base, carried)
                    return
                with self._shared.place(copy.number, table) as place:
                    if place and place.is_sound() and self._loaded(copy, table, place):
                        for item in needed(_shortcut(copy, table), whole=True):
                            self._make(copy, item, select)  # a later version is carried over
                        return
                    self._derive(copy, table, select)
                    if place:
                        with self._lend() as con:
                            place.keep(con, copy.place(name))

    def _derive(
        self,
        copy: _Copy,
        table: Table,
        select: Callable[[str], str],
        base: _Copy | None = None,
        carried: Carried | None = None,
    ) -> None:
        """Fill a table, after those that it needs, and let readers have it."""
        table = _shortcut(copy, table)
        for item in needed(table, whole=carried is None):
            self._make(copy, item, select)
        self._fill(copy, table, select, carried)
        with copy.guard:
            if base and carried and carried.is_view:
                self._pin(base, name_of(table), 1)
                copy.carried[name_of(table)] = base
            self._done(copy, table)

    def _loaded(self, copy: _Copy, table: Derived, place: Place) -> bool:
        """Whether another process derived the table, and it could be taken from there."""
        with self._lend() as con:
            if not place.load(con, copy.place(table.table)):
                return False
        with copy.guard:
            self._done(copy, table)
        return True

    def _done(self, copy: _Copy, table: Table) -> None:
        copy.tables.add(name_of(table))
        if isinstance(table, Derived) and table.days:
            self._forget_days(copy, table.table)

    @contextmanager
    def _base(self, copy: _Copy, table: Table) -> Iterator[_Copy | None]:
        """Lend the nearest version that has the table itself; it is not dropped meanwhile."""
        name = name_of(table)
        base = self._pinned(copy, name) if copy.number and is_by_department(table) else None
        try:
            yield base
        finally:
            if base:
                self._pin(base, name, -1)

    def _pinned(self, copy: _Copy, name: str) -> _Copy | None:
        with self._guard:
            copies = sorted(self._copies.values(), key=lambda item: abs(item.number - copy.number))
            for base in copies:
                with base.guard:
                    if base.number and name in base.tables and name not in base.carried:
                        self._pin(base, name, 1)
                        return base
        return None

    def _pin(self, base: _Copy, name: str, number: int) -> None:
        with self._pinning:
            base.pins[name] += number

    def _carried(self, copy: _Copy, table: Table, base: _Copy) -> Carried | None:
        """Return what to carry over from a version; None if deriving it again is as good."""
        place = base.place(name_of(table))
        with self._lend() as con:
            if carry.rows(con, place) < carry.SMALL:
                return None
        differ = self._touched.between(base.number, copy.number, rests_on(table))
        if differ is None or len(differ) > carry.DEPARTMENTS:
            return None
        steps = abs(base.number - copy.number)
        is_view = steps <= carry.STEPS and len(differ) <= carry.VIEWED
        return Carried(place, differ, is_view)

    def _fill(
        self, copy: _Copy, table: Table, select: Callable[[str], str], carried: Carried | None
    ) -> None:
        name = name_of(table)
        with self._lend() as con:
            with copy.guard:
                self._begin(con, copy)
            derived = table if isinstance(table, Derived) else Derived(name, select(name))
            if carried:
                carry.derive_touched(con, copy.place, derived, select, carried)
            else:
                carry.derive(con, copy.place, derived, select)
            con.commit()

    def _forget_days(self, copy: _Copy, newest: str) -> None:
        copy.days[newest] = None
        free = [name for name in copy.days if not copy.pins[name]]
        for old in free[: max(len(copy.days) - DAYS, 0)]:
            copy.days.pop(old)
            copy.tables.discard(old)
            base = copy.carried.pop(old, None)
            with self._lend() as con:
                carry.drop(con, copy.place(old), base is not None)
            if base:
                self._pin(base, old, -1)


def _shortcut(copy: _Copy, table: Table) -> Table:
    """Return the table, or how to derive it `at_once` while a table it needs is not there.

    This is the switch between the index of officers and its definition
    (onemind/metrics/models/officer_counts/README.md).
    """
    if isinstance(table, str) or table.at_once is None:
        return table
    is_ready = copy.tables.issuperset(item.table for item in table.needs)
    return table if is_ready else table.at_once
