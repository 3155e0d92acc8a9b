"""The store as somebody may see it: the one place that narrows data to a scope.

A Window is read like the store. Each dataset asked for is a temporary view over the version in
memory, so the database narrows every model, metric, export and drawing read through it. Counts of
fewer than five people are shown to staff only, and cannot be worked out from other numbers either:
`small_counts` holds the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from onemind.campaign import Contract, Rules, Sight, contract
from onemind.errors import NotPossibleNow, WrongUse
from onemind.settings import Settings
from onemind.store.connection import Connection
from onemind.store.derived import Derived
from onemind.store.diff import Diff
from onemind.store.lake import quoted
from onemind.store.publish import compare
from onemind.store.small_counts import kept_back
from onemind.store.store import Store, Version, relation

# The datasets that decide what a scope shows of a dataset.
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
        version = self.sight.version
        if version is not None and number not in (None, version):
            raise WrongUse(f"There is no version {number} here: this view is fixed at {version}.")
        return self.store.version(number if version is None else version)

    @contextmanager
    def reading(
        self, number: int | None, datasets: Iterable[str], derived: Iterable[Derived] = ()
    ) -> Iterator[Connection]:
        """Lend a connection that sees a version's data and derived tables, narrowed, by name."""
        version, tables = self.version(number), tuple(derived)
        names = set(datasets)
        needed = names.union(*(RESTS_ON.get(name, ("departments",)) for name in names))
        needed |= {"departments"} if tables else set()
        lent = self.store.lending(version.number if version else None, needed, tables)
        with lent as (con, schema):
            for name in sorted(names):
                seen = self._seen(f"{schema}.", contract(name), version)
                con.execute(f"create temp view {name} as {seen}")
            for item in tables:
                con.execute(
                    f"create temp view {item.name} as {self._seen_of_derived(schema, item)}"
                )
            yield con

    def _seen_of_derived(self, schema: str, derived: Derived) -> str:
        """Return a SELECT of the visible rows of a table that all viewers share.

        Each row must depend on rows of one department, and on no count that may be withheld.
        """
        if any(contract(name).counts_people for name in derived.rests_on()):
            raise NotPossibleNow(f"{derived.name} rests on counts that may be kept back.")
        return f"from {schema}.{derived.table} where {self._inside(f'{schema}.')}"

    def only(self, departments: Iterable[str]) -> Window:
        """Return the window narrowed to those of these departments that it shows."""
        mine = self.sight.scope.department_id
        visible = tuple(item for item in departments if not mine or item in set(mine))
        scope = replace(self.sight.scope, department_id=visible or ("",))
        return replace(self, sight=replace(self.sight, scope=scope))

    def changes(
        self, before: int, after: int, datasets: Iterable[str], most: int
    ) -> tuple[Diff, ...]:
        """Return how what is seen of these datasets differs between two versions, each with its
        changes, at most so many.
        """
        old, new, names = self.version(before), self.version(after), tuple(datasets)
        needed = set(names).union(*(RESTS_ON.get(name, ("departments",)) for name in names))
        for version in (old, new):
            self.store.require_sound(version, needed)
        with self.store.cursor() as con:
            for place, version in (("before_", old), ("after_", new)):
                for name in needed:
                    con.execute(f"create temp view {place}{name} as {relation(name, version)}")
            sides = (
                (name, *(self._seen(place, contract(name), version)
                         for place, version in (("before_", old), ("after_", new))))
                for name in names
            )  # fmt: skip
            return tuple(compare(con, *side, shown=most).diff for side in sides)

    def _seen(self, place: str, parsed: Contract, version: Version | None) -> str:
        """Return a SELECT of a dataset's visible rows and columns; `place` goes before a table."""
        rows = f"{place}{parsed.name}"
        columns = ", ".join(
            f"null::{field.sql_type} as {field.name}"
            if field.contact and not self.sight.contacts
            else field.name
            for field in parsed.fields
        )
        visible = f"select {columns} from {rows} where {self._condition(place, parsed)}"
        if self.sight.small_counts or not parsed.counts_people:
            return visible
        if version != self.current():
            return f"{visible} and false"
        return kept_back(parsed, visible, version.published_at.year if version else 0)

    def _condition(self, place: str, parsed: Contract) -> str:
        if parsed.name == "departments":
            return self._fits()
        if parsed.name == "partners" and self.sight.scope.chosen():
            named = f"select partner_id from {place}partnerships where {self._inside(place)}"
            return f"partner_id in ({named})"
        return self._inside(place)

    def _fits(self) -> str:
        """Return the condition that a department is in the scope."""
        fits = (
            f"coalesce({name}, '') in ({', '.join(map(quoted, values))})"
            for name, values in self.sight.scope.chosen().items()
        )
        return " and ".join(fits) or "true"

    def _inside(self, place: str) -> str:
        """Return the condition that a row's department is in the scope."""
        if not self.sight.scope.chosen():
            return "true"
        departments = f"select department_id from {place}departments where {self._fits()}"
        return f"department_id in ({departments})"
