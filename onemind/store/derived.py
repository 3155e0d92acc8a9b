"""Tables derived from a version's datasets, and the datasets that tables depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onemind.campaign import contract


@dataclass(frozen=True)
class Derived:
    """A table derived from a version's data: the name readers use, and its SELECT.

    It `needs` other derived tables, and `datasets` in memory under their plain names; `streamed`
    datasets are read from the disk once, because nothing else needs them in memory. `days` are the
    values of $dates, and `variant` tells tables of one name apart. With `by_department`, each row
    depends on rows of its own department alone. `at_once` derives the same rows without the needed
    tables: it is used until those are there.
    """

    name: str
    select: str
    datasets: frozenset[str] = frozenset()
    streamed: frozenset[str] = frozenset()
    needs: tuple[Derived, ...] = ()
    days: tuple[Any, ...] = ()
    variant: str = ""
    by_department: bool = False
    at_once: Derived | None = None

    @property
    def table(self) -> str:
        """The name of the table in memory."""
        return f"{self.name}_{self.variant}" if self.variant else self.name

    def rests_on(self) -> frozenset[str]:
        """Return the datasets it depends on, directly or through other tables."""
        return (self.datasets | self.streamed).union(*(item.rests_on() for item in self.needs))


Table = str | Derived  # a dataset by its name, or a table derived from several


def name_of(table: Table) -> str:
    """Return the name of a table in memory."""
    return table if isinstance(table, str) else table.table


def rests_on(table: Table) -> frozenset[str]:
    """Return the datasets that decide what is in a table."""
    return frozenset({table}) if isinstance(table, str) else table.rests_on()


def is_by_department(table: Table) -> bool:
    """Whether each row depends on rows of its own department alone."""
    if isinstance(table, Derived) and not table.by_department:
        return False
    return all("department_id" in contract(name).key for name in rests_on(table))


def needed(table: Table, whole: bool) -> tuple[Table, ...]:
    """Return what must exist before a table is derived, as a whole or for some departments."""
    if isinstance(table, str):
        return ()
    return (*sorted(table.datasets), *table.needs) if whole else table.needs
