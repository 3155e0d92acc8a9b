"""The store as somebody may see it: the one place that narrows data to a scope.

A Window is read like the store. Each dataset asked for is a temporary view over the version in
memory, so every model, metric, export and drawing made through it is narrowed by the database.
Counts of people under five are kept from whoever is not staff, and from arithmetic too: the rule
is in `store_small`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from onemind.contract import Contract, contract
from onemind.errors import WrongUse
from onemind.rules import Rules
from onemind.scope import Sight
from onemind.settings import Settings
from onemind.store import Store, Version
from onemind.store_lake import Connection, quoted
from onemind.store_small import kept_back

# What a scope rests on, beside the dataset itself.
RESTS_ON = {"departments": (), "partners": ("departments", "partnerships")}


@dataclass(frozen=True)
class Window:
    """A store seen through a Sight; `reading` and the versions are those of the store."""

    store: Store
    sight: Sight

    @property
    def settings(self) -> Settings:
        """The store's settings."""
        return self.store.settings

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.store.rules

    def current(self) -> Version | None:
        """Return the newest version, or the one the sight is held at."""
        return self.version(None)

    def version(self, number: int | None) -> Version | None:
        """Return a version by number (None = newest); raises WrongUse when there is none such."""
        held = self.sight.version
        if held is not None and number not in (None, held):
            raise WrongUse(f"There is no version {number} here: this view is held at {held}.")
        return self.store.version(number if held is None else held)

    @contextmanager
    def reading(self, number: int | None, datasets: Iterable[str]) -> Iterator[Connection]:
        """Lend a connection that sees the datasets at a version, narrowed, under plain names."""
        version = self.version(number)
        wanted = set(datasets)
        needed = wanted.union(*(RESTS_ON.get(name, ("departments",)) for name in wanted))
        with self.store.reading(version.number if version else None, needed) as con:
            schema = f"memory.v{version.number if version else 0}"
            for name in sorted(wanted):
                seen = self._seen(schema, contract(name), version)
                con.execute(f"create temp view {name} as {seen}")
            yield con

    def only(self, departments: Iterable[str]) -> Window:
        """Return the window narrowed to those of these departments that it shows."""
        mine = self.sight.scope.department_id
        kept = tuple(item for item in departments if not mine or item in set(mine))
        scope = replace(self.sight.scope, department_id=kept or ("",))
        return replace(self, sight=replace(self.sight, scope=scope))

    def _seen(self, schema: str, parsed: Contract, version: Version | None) -> str:
        """Return a SELECT of a dataset's rows and columns as they are seen."""
        rows = f"{schema}.{parsed.name}"
        columns = ", ".join(
            f"null::{field.sql_type} as {field.name}"
            if field.contact and not self.sight.contacts
            else field.name
            for field in parsed.fields
        )
        kept = f"select {columns} from {rows} where {self._condition(schema, parsed)}"
        if self.sight.small_counts or not parsed.counts_people:
            return kept
        if version != self.current():
            return f"{kept} and false"
        return kept_back(parsed, kept, version.published_at.year if version else 0)

    def _condition(self, schema: str, parsed: Contract) -> str:
        chosen = self.sight.scope.chosen()
        if not chosen:
            return "true"
        fits = " and ".join(
            f"coalesce({name}, '') in ({', '.join(map(quoted, values))})"
            for name, values in chosen.items()
        )
        if parsed.name == "departments":
            return fits
        inside = f"department_id in (select department_id from {schema}.departments where {fits})"
        if parsed.name == "partners":
            return f"partner_id in (select partner_id from {schema}.partnerships where {inside})"
        return inside
