"""Tables that are made of a version's datasets, and what tables rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onemind.campaign import contract


@dataclass(frozen=True)
class Made:
    """A table made of a version's data: the name it is read by and its SELECT.

    It needs `datasets`, in memory under their plain names, and other tables; `streamed` datasets
    are read from the disk once, for nobody needs them in memory. `days` are the dates it is made
    for, as the parameter $dates, and `kept_as` tells one such table from another. `by_department`
    says that each row rests on rows of its own department alone; `at_once` is another way to make
    the same, for as long as what this one needs is not there.
    """

    name: str
    select: str
    datasets: frozenset[str] = frozenset()
    streamed: frozenset[str] = frozenset()
    needs: tuple[Made, ...] = ()
    days: tuple[Any, ...] = ()
    kept_as: str = ""
    by_department: bool = False
    at_once: Made | None = None

    @property
    def table(self) -> str:
        """The name it is kept under."""
        return f"{self.name}_{self.kept_as}" if self.kept_as else self.name

    def rests_on(self) -> frozenset[str]:
        """Return all the datasets it rests on, directly or through others."""
        return (self.datasets | self.streamed).union(*(item.rests_on() for item in self.needs))


Table = str | Made  # a dataset by its name, or a table made of several


def name_of(table: Table) -> str:
    """Return the name under which a table is kept."""
    return table if isinstance(table, str) else table.table


def rests_on(table: Table) -> frozenset[str]:
    """Return all the datasets that decide what is in a table."""
    return frozenset({table}) if isinstance(table, str) else table.rests_on()


def is_by_department(table: Table) -> bool:
    """Whether each of its rows rests on rows of its own department alone."""
    if isinstance(table, Made) and not table.by_department:
        return False
    return all("department_id" in contract(name).key for name in rests_on(table))


def needed(table: Table, whole: bool) -> tuple[Table, ...]:
    """Return what has to be there before a table is made as a whole, or of some departments."""
    if isinstance(table, str):
        return ()
    return (*sorted(table.datasets), *table.needs) if whole else table.needs
