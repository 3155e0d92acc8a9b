"""The store as somebody may see it: the one place that narrows data to a scope.

A Window is read like the store. Each dataset asked for is a temporary view over the version in
memory, so every model, metric, export and drawing made through it is narrowed by the database.

Counts of people under five are kept from whoever is not staff, and from arithmetic too: outcomes
and ratings are given as whole calendar years of a department, and what is too small there is gone
before anything is added up. Every total is then made of cells that could be shown one by one, so
taking one total from another, under any filter or as-of date, gives nothing more. A count that a
department did not give for every period of the year is not given for the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from onemind.contract import Contract, contract
from onemind.errors import NotPossibleNow, WrongUse
from onemind.rules import Rules
from onemind.scope import SMALL, Sight
from onemind.settings import Settings
from onemind.store import Store, Version
from onemind.store_lake import Connection, quoted

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
                con.execute(f"create temp view {name} as {self._seen(schema, contract(name))}")
            yield con

    def _seen(self, schema: str, parsed: Contract) -> str:
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
        if parsed.name == "outcomes":
            return _whole_years(parsed, kept)
        if parsed.name == "feedback":
            return _whole_years_of_ratings(kept)
        raise NotPossibleNow(f"Small counts in {parsed.name} can't be kept back.")

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


def _whole_years(parsed: Contract, rows: str) -> str:
    """Outcomes as whole years of a department; small counts, and counts with gaps, unknown."""
    counts = [field.name for field in parsed.fields if field.type == "integer"]
    listed = ", ".join(
        f"case when count({name}) = count(*) and not sum({name}) between 1 and {SMALL - 1}"
        f" then sum({name})::bigint end as {name}"
        for name in counts
    )
    return f"""
        select department_id, make_date(year(period_end), 1, 1) as period_start,
            make_date(year(period_end), 12, 31) as period_end, {listed}
        from ({rows}) group by department_id, year(period_end)"""


def _whole_years_of_ratings(rows: str) -> str:
    """Ratings as whole years of a department and course, dated at the year's end; a year in which
    few answered, or few were pleased, or few were not, is left out.
    """
    few = " or ".join(
        f"{count} between 1 and {SMALL - 1}"
        for count in ("responses", "rated_beneficial", "responses - rated_beneficial")
    )
    return f"""
        select department_id, course, period_start, responses, rated_beneficial from (
            select department_id, course, make_date(year(period_start), 12, 31) as period_start,
                sum(responses)::bigint as responses,
                sum(rated_beneficial)::bigint as rated_beneficial
            from ({rows}) group by department_id, course, year(period_start)
        ) where not ({few})"""
