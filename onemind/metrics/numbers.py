"""Counting: the progress of each department, and every metric by any dimension, under a Filter.

A Query says what is asked; a Result is the answer as plain rows, or as a pandas DataFrame. All is
read through a Source: the whole store, or a Window on the part of it that somebody sees.

`progress` of a day is worked out once for all who ask, and so are the ends of all months up to a
year's end, which histories are made of; what is asked is then counted over those tables.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onemind.campaign import DIMENSIONS, Filter
from onemind.errors import ContractError, WrongUse
from onemind.metrics import model as models
from onemind.metrics.model import datasets, with_models
from onemind.store import Derived, Store, Window

if TYPE_CHECKING:
    import pandas as pd  # a third of a second that most commands need not wait for

FILE = Path(__file__).parent / "metrics.toml"
BY = (*DIMENSIONS, "month")
KEYS = (*BY, "department_id")  # what drawings may split by as well
Source = Store | Window  # a store, or the part of it that somebody sees
PROGRESS = (
    "department_id", "name", "type", "municipality", "county", "state", "edition", "pledged_on",
    "deadline_on", "stage", "sworn", "source", "reported_on", "mhfa_trained", "cit_trained",
    "trained_low", "trained_high", "partnership", "policy", "mhfa", "cit", "compliant_today",
    "check_counts", "expiring_90d", "lapsed", "pace_per_month", "projected_on",
)  # fmt: skip
COUNTED = ("as_of", *(name for name in PROGRESS if name not in ("name", "municipality")))
_MONTHS = range(1, 13)


class MetricName(StrEnum):
    """The metrics that metrics.toml declares, in its order."""

    PLEDGED = "pledged"
    DEPARTMENTS = "departments"
    PLEDGED_SHARE = "pledged_share"
    IN_PROGRESS = "in_progress"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    COMPLETED = "completed"
    COMPLIANT = "compliant"
    SWORN = "sworn"
    REPORTED = "reported"
    MHFA_TRAINED = "mhfa_trained"
    MHFA_SHARE = "mhfa_share"
    CIT_TRAINED = "cit_trained"
    CIT_SHARE = "cit_share"
    TRAINED_SHARE_LOW = "trained_share_low"
    TRAINED_SHARE_HIGH = "trained_share_high"
    PARTNERSHIPS = "partnerships"
    POLICIES = "policies"
    EXPIRING_90D = "expiring_90d"
    LAPSED = "lapsed"
    MH_CALLS = "mh_calls"
    REFERRAL_SHARE = "referral_share"
    ARREST_SHARE = "arrest_share"
    FORCE_SHARE = "force_share"
    RATED_BENEFICIAL_SHARE = "rated_beneficial_share"


OVERVIEW = (
    MetricName.PLEDGED,
    MetricName.COMPLETED,
    MetricName.OVERDUE,
    MetricName.MHFA_SHARE,
    MetricName.COMPLIANT,
)


@dataclass(frozen=True)
class Metric:
    """One number: its label, unit, the model and SQL expression that count it, and its caveat."""

    name: MetricName
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
        return self.model == "progress"

    @property
    def is_share(self) -> bool:
        """Whether it is a share from 0 to 1."""
        return self.unit == "%"


@dataclass(frozen=True)
class Query:
    """A metric, the dimensions to split it by, and the filter that narrows it."""

    metric: MetricName
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
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))


@cache
def metrics() -> dict[MetricName, Metric]:
    """Return all metrics by name; raises ContractError when one is declared wrongly."""
    try:
        raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
        found = {MetricName(name): Metric(MetricName(name), **raw[name]) for name in raw}
    except (OSError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise ContractError(f"The metrics can't be read: {error}.") from error
    if missing := ", ".join(name for name in MetricName if name not in found):
        raise ContractError(f"The metrics can't be read: {FILE.name} has no {missing}.")
    return found


def metric(name: MetricName) -> Metric:
    """Return one metric."""
    return metrics()[name]


def metric_name(text: str) -> MetricName:
    """Return the metric that somebody named; raises WrongUse when there is none of that name."""
    try:
        return MetricName(text)
    except ValueError as error:
        known = ", ".join(MetricName)
        raise WrongUse(f"Unknown metric '{text}'. Choose one of: {known}.") from error


def progress(store: Source, chosen: Filter, today: date) -> Result:
    """Return one row a department, columns PROGRESS, ordered by state, name and id."""
    where, parameters = chosen.sql()
    sql = f"""
        select {", ".join(PROGRESS)} from progress where {where}
        order by state, name, department_id"""
    tables = (progress_on(chosen.as_of or today),)
    with store.reading(chosen.version, (), tables) as con:
        return Result(PROGRESS, tuple(con.execute(sql, parameters).fetchall()))


def progress_on(day: date) -> Derived:
    """Return `progress` as of a day, as the table that is made of it once a version."""
    return models.derived("progress", ("as_of", *PROGRESS), (day,))


def history(first: int, last: int) -> Derived:
    """Return `progress` at the end of each month of these years, as a table like `progress_on`."""
    ends = tuple(_month_end(year, month) for year in range(first, last + 1) for month in _MONTHS)
    return replace(models.derived("progress", COUNTED, ends), name="history")


def query(store: Source, asked: Query, today: date) -> Result:
    """Return the metric's value for each group, with n of m departments behind it.

    Raises WrongUse for an unknown dimension.
    """
    declared, day = metric(asked.metric), asked.filter.as_of or today
    for name in asked.by:
        if name not in KEYS:
            raise WrongUse(f"Unknown dimension '{name}'. Choose one of: {', '.join(BY)}.")
    if declared.is_state and "month" in asked.by:
        return _by_month(store, declared, asked, day)
    where, parameters = asked.filter.sql()
    needed, sql = datasets(declared.model), _grouped(declared, asked.by, "progress", where)
    if declared.is_state:
        needed = frozenset()
    else:
        parameters["dates"] = [day]
    with store.reading(asked.filter.version, needed, (progress_on(day),)) as con:
        rows = con.execute(sql, parameters).fetchall()
    return Result((*asked.by, "value", "n", "m"), tuple(rows))


def _by_month(store: Source, metric: Metric, asked: Query, day: date) -> Result:
    """Count at the end of each month from the first pledge on; of the last month, on the day."""
    columns, version = (*asked.by, "value", "n", "m"), asked.filter.version
    first = first_pledge(store, version)
    if first is None or first > day:
        return Result(columns, ())
    where, parameters = asked.filter.sql()
    months = months_from(store, version, first, day)
    with store.reading(version, (), months.tables) as con:
        sql = _grouped(metric, asked.by, months.rows, where)
        return Result(columns, tuple(con.execute(sql, parameters | months.parameters).fetchall()))


@dataclass(frozen=True)
class Months:
    """Rows of COUNTED at the end of each month, and of the last month on its day: a SELECT in
    brackets, its parameters, and the tables it is read from.
    """

    rows: str
    parameters: dict[str, Any]
    tables: tuple[Derived, ...]


def months_from(store: Source, version: int | None, first: date, day: date) -> Months:
    """Return the months from that of `first` on until a day."""
    whole = store.store if isinstance(store, Window) else store
    first_of_all = first_pledge(whole, version) or first
    counted = ", ".join(COUNTED)
    rows = f"""(
        select {counted} from history where as_of >= $first and as_of < $this_month
        union all
        select {counted} from progress)"""
    year = min(first_of_all.year, first.year)
    return Months(
        rows,
        {"first": first, "this_month": day.replace(day=1)},
        (history(year, day.year), progress_on(day)),
    )


def first_pledge(store: Source, version: int | None) -> date | None:
    """Return the day of the first pledge there is."""
    with store.reading(version, ("pledges",)) as con:
        (first,) = con.execute("select min(pledged_on) from pledges").fetchone() or (None,)
    return first if isinstance(first, date) else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _grouped(metric: Metric, by: tuple[str, ...], rows: str, where: str) -> str:
    """Count a model's rows in each group of the departments of `progress`."""
    month = "strftime(as_of, '%Y-%m')" if metric.is_state else "month"
    keys = [f"{month if name == 'month' else name} as {name}" for name in by]
    groups = f"group by {', '.join(by)} order by {', '.join(by)}" if by else ""
    listed = "".join(f"{key}, " for key in keys)
    if metric.is_state:
        definitions, known, all_of = "", f"count(*) filter (where {metric.known})", "count(*)"
    else:
        definitions = with_models(metric.model)
        months = f" cross join (select distinct month from {metric.model})" if "month" in by else ""
        same = "as_of, department_id, month" if months else "as_of, department_id"
        rows = f"{rows}{months} left join {metric.model} using ({same})"
        known = f"count(distinct department_id) filter (where {metric.known})"
        all_of = "count(distinct department_id)"
    return f"""
        {definitions}
        select {listed}{metric.expression} as value, {known} as n, {all_of} as m
        from {rows} where {where} {groups}"""


def month_ends(first: date, until: date) -> list[date]:
    """Return the last day of each month from `first` on; for the last month, `until` itself."""
    days = []
    year, month = first.year, first.month
    while date(year, month, 1) <= until:
        days.append(min(_month_end(year, month), until))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return days


def at(asked: Query, as_of: date) -> Query:
    """Return the query as of another date."""
    return replace(asked, filter=replace(asked.filter, as_of=as_of))


def department_points(store: Source, version: int | None) -> Result:
    """Return where each department is drawn: its town, its coordinates, else its county."""
    model, columns = "department_points", ("department_id", "latitude", "longitude", "placed_by")
    sql = f"{with_models(model)} select {', '.join(columns)} from {model}"
    with store.reading(version, datasets(model)) as con:
        return Result(columns, tuple(con.execute(sql).fetchall()))
