"""Counting: the progress of each department, and every metric by any dimension, under a Filter.

A Query says what is asked; a Result is the answer as plain rows, or as a pandas DataFrame. All is
read through a Source: the whole store, or a Window on the part of it that somebody sees.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from onemind import models
from onemind.errors import ContractError, WrongUse
from onemind.filters import DIMENSIONS, Filter
from onemind.store import Store
from onemind.store_window import Window

FILE = Path(__file__).parent / "metrics.toml"
BY = (*DIMENSIONS, "month")
Source = Store | Window  # a store, or the part of it that somebody sees
PROGRESS = (
    "department_id", "name", "type", "municipality", "county", "state", "edition", "pledged_on",
    "deadline_on", "stage", "sworn", "source", "reported_on", "mhfa_trained", "cit_trained",
    "trained_low", "trained_high", "partnership", "policy", "mhfa", "cit", "compliant_today",
    "check_counts", "expiring_90d", "lapsed", "pace_per_month", "projected_on",
)  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """One number: its label, unit, the model and SQL expression that count it, and its caveat."""

    name: str
    label: str
    unit: str
    expression: str
    description: str
    caveat: str
    model: str = "progress"
    known: str = "true"

    @property
    def is_state(self) -> bool:
        """Whether it says how things stand on a day, rather than what happened in a period."""
        return self.model in ("progress", "stages")

    @property
    def is_share(self) -> bool:
        """Whether it is a share from 0 to 1."""
        return self.unit == "%"


@dataclass(frozen=True)
class Query:
    """A metric, the dimensions to split it by, and the filter that narrows it."""

    metric: str
    by: tuple[str, ...] = ()
    filter: Filter = field(default_factory=Filter)


@dataclass(frozen=True)
class Result:
    """Rows of an answer, each a tuple in the order of `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def frame(self) -> pd.DataFrame:
        """Return the rows as a DataFrame; unknown is None."""
        return pd.DataFrame(list(self.rows), columns=list(self.columns))


@cache
def metrics() -> dict[str, Metric]:
    """Return all metrics by name; raises ContractError when one is declared wrongly."""
    try:
        raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
        return {name: Metric(name, **item) for name, item in raw.items()}
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ContractError(f"The metrics can't be read: {error}.") from error


def metric(name: str) -> Metric:
    """Return one metric; raises WrongUse when there is none of that name."""
    if name not in metrics():
        raise WrongUse(f"There is no metric called '{name}'. There are: {', '.join(metrics())}.")
    return metrics()[name]


def progress(store: Source, chosen: Filter, today: date) -> Result:
    """Return one row a department, columns PROGRESS, ordered by state, name and id."""
    where, parameters = chosen.sql()
    sql = f"""
        {models.with_models("progress")}
        select {", ".join(PROGRESS)} from progress where {where}
        order by state, name, department_id"""
    parameters["dates"] = [chosen.as_of or today]
    return _run(store, sql, parameters, chosen.version, models.datasets("progress"), PROGRESS)


def query(store: Source, asked: Query, today: date) -> Result:
    """Return the metric's value for each group, with n of m departments behind it.

    Raises WrongUse for an unknown metric or dimension.
    """
    wanted = metric(asked.metric)
    for name in asked.by:
        if name not in BY:
            raise WrongUse(f"'{name}' is no dimension. There are: {', '.join(BY)}.")
    if wanted.model == "stages" and ("source" in asked.by or asked.filter.source):
        wanted = replace(wanted, model="progress")
    as_of = asked.filter.as_of or today
    over_months = "month" in asked.by and wanted.is_state
    dates = _month_ends(store, asked.filter, as_of) if over_months else [as_of]
    where, parameters = asked.filter.sql()
    parameters["dates"] = dates
    needed = models.datasets(wanted.model)
    if not wanted.is_state:
        needed |= models.datasets("progress")
    columns = (*asked.by, "value", "n", "m")
    if not dates:
        return Result(columns, ())
    sql = _grouped(wanted, asked.by, where)
    return _run(store, sql, parameters, asked.filter.version, needed, columns)


def _grouped(wanted: Metric, by: tuple[str, ...], where: str) -> str:
    """Count a model's rows in each group of the departments of `progress`."""
    month = "strftime(as_of, '%Y-%m')" if wanted.is_state else "month"
    keys = [f"{month if name == 'month' else name} as {name}" for name in by]
    groups = f"group by {', '.join(by)} order by {', '.join(by)}" if by else ""
    listed = "".join(f"{key}, " for key in keys)
    if wanted.is_state:
        definitions, rows = models.with_models(wanted.model), f"{wanted.model} where {where}"
        known, all_of = f"count(*) filter (where {wanted.known})", "count(*)"
    else:
        definitions = models.with_models("progress", wanted.model)
        months = f" cross join (select distinct month from {wanted.model})" if "month" in by else ""
        same = "as_of, department_id, month" if months else "as_of, department_id"
        rows = f"progress{months} left join {wanted.model} using ({same}) where {where}"
        known = f"count(distinct department_id) filter (where {wanted.known})"
        all_of = "count(distinct department_id)"
    return f"""
        {definitions}
        select {listed}{wanted.expression} as value, {known} as n, {all_of} as m
        from {rows} {groups}"""


def _month_ends(store: Source, chosen: Filter, until: date) -> list[date]:
    """The month ends from the first pledge on."""
    sql = "select min(pledged_on) from pledges"
    first = _run(store, sql, {}, chosen.version, frozenset({"pledges"}), ("first",)).rows[0][0]
    return month_ends(first, until) if first else []


def month_ends(first: date, until: date) -> list[date]:
    """Return the last day of each month from `first` on; for the last month, `until` itself."""
    found = []
    year, month = first.year, first.month
    while date(year, month, 1) <= until:
        found.append(min(date(year, month, monthrange(year, month)[1]), until))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _run(
    store: Source,
    sql: str,
    parameters: dict[str, Any],
    version: int | None,
    datasets: frozenset[str],
    columns: tuple[str, ...],
) -> Result:
    with store.reading(version, datasets) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))


def at(asked: Query, as_of: date) -> Query:
    """Return the query as of another date."""
    return replace(asked, filter=replace(asked.filter, as_of=as_of))


def department_points(store: Source, version: int | None) -> Result:
    """Return where each department is drawn: its town, its coordinates, else its county."""
    model, columns = "department_points", ("department_id", "latitude", "longitude", "placed_by")
    sql = f"{models.with_models(model)} select {', '.join(columns)} from {model}"
    return _run(store, sql, {}, version, models.datasets(model), columns)
