"""What a staged upload, or going back to a version, does to the numbers before it is published.

`progress` is worked out as it is and as it would be, in a transaction that is always rolled back,
and the two are compared in SQL. Where a department stands rests on rows that name it and on no
others: only departments that the difference names are worked out anew, the rest are taken over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any

from onemind import metrics as metrics_
from onemind.campaign import STAGES, contract
from onemind.metrics import PROGRESS, MetricName, model
from onemind.publishing.options import Draft
from onemind.store import Connection, Store, relation

METRICS = (
    MetricName.PLEDGED,
    MetricName.COMPLETED,
    MetricName.OVERDUE,
    MetricName.DUE_SOON,
    MetricName.COMPLIANT,
    MetricName.MHFA_SHARE,
    MetricName.CIT_SHARE,
    MetricName.REPORTED,
)
_COLUMNS = ", ".join(PROGRESS)
_DATASETS = model.datasets("progress")


@dataclass(frozen=True)
class Standing:
    """Where a department stands; its shares in whole percent, rounded down, None if unknown."""

    stage: str
    partnership: str
    policy: str
    mhfa: str
    cit: str
    mhfa_share: int | None
    cit_share: int | None


@dataclass(frozen=True)
class MetricEffect:
    """A number of the campaign that changes; a share runs from 0 to 1, None is unknown."""

    metric: MetricName
    before: float | None
    after: float | None


@dataclass(frozen=True)
class DepartmentEffect:
    """A department that will stand elsewhere; None before: it is new, None after: it goes."""

    department_id: str
    name: str
    before: Standing | None
    after: Standing | None

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Return what differs, each with its old and new value; {} when it is new or goes."""
        if self.before is None or self.after is None:
            return {}
        names = [item.name for item in fields(Standing)]
        pairs = zip(names, astuple(self.before), astuple(self.after), strict=True)
        return {name: (old, new) for name, old, new in pairs if old != new}


@dataclass(frozen=True)
class StageEffect:
    """How many departments that were there before come to a stage they were not at."""

    stage: str
    departments: int


@dataclass(frozen=True)
class Effect:
    """What a publish does to the numbers of a day; only what changes."""

    metrics: tuple[MetricEffect, ...] = ()
    departments: tuple[DepartmentEffect, ...] = ()
    stages: tuple[StageEffect, ...] = ()

    @property
    def new(self) -> int:
        """Departments that were not there before."""
        return sum(item.before is None for item in self.departments)

    @property
    def gone(self) -> int:
        """Departments that will not be there any more."""
        return sum(item.after is None for item in self.departments)


def effect(store: Store, con: Connection, draft: Draft, today: date) -> Effect:
    """Return what publishing the draft does to the numbers; `con` is the one lent with it."""
    deltas = {
        delta.diff.dataset: delta.table
        for delta in draft.deltas
        if delta.diff.dataset in _DATASETS and not delta.diff.empty
    }
    if not deltas:
        return Effect()
    old = {name: relation(name, draft.base) for name in _DATASETS}
    new = {name: _touched(_after(name, old[name], deltas.get(name))) for name in _DATASETS}
    named = " union ".join(f"select department_id from {table}" for table in deltas.values())
    with _undone(con):
        con.execute(f"create temp table touched as {named}")
        _work_out(con, "standing_before", old, today)
        _work_out(con, "standing_after", new, today)
        con.execute(
            f"insert into standing_after select {_COLUMNS} from standing_before"
            " anti join touched using (department_id)"
        )
        return _difference(con)


def effect_of_restore(store: Store, version_number: int, today: date) -> Effect:
    """Return what going back to a version does to the numbers.

    Raises WrongUse when there is no such version.
    """
    target, newest = store.version(version_number), store.current()
    with store.cursor() as con, _undone(con):
        for table, version in (("standing_before", newest), ("standing_after", target)):
            _work_out(con, table, {name: relation(name, version) for name in _DATASETS}, today)
        return _difference(con)


@contextmanager
def _undone(con: Connection) -> Iterator[None]:
    """Undo whatever is done inside."""
    con.begin()
    try:
        yield
    finally:
        con.rollback()


def _after(dataset: str, old: str, delta: str | None) -> str:
    """Return a SELECT of a dataset as it would be: what is in the delta replaces or removes."""
    if delta is None:
        return old
    parsed = contract(dataset)
    columns, key = ", ".join(parsed.columns), ", ".join(parsed.key)
    return f"""
        select {columns} from ({old}) anti join {delta} using ({key})
        union all
        select {columns} from {delta} where op <> 'removed'"""


def _touched(rows: str) -> str:
    return f"from ({rows}) semi join touched using (department_id)"


def _work_out(con: Connection, table: str, datasets: Mapping[str, str], today: date) -> None:
    """Make a table of `progress` over datasets, each given as a SELECT."""
    named = ",\n".join(f"{name} as ({rows})" for name, rows in sorted(datasets.items()))
    rest = model.with_models_at_once("progress").removeprefix("with ")
    con.execute(
        f"create temp table {table} as with {named},\n{rest}\nselect {_COLUMNS} from progress",
        {"dates": [today]},
    )


def _difference(con: Connection) -> Effect:
    numbers = (_numbers(con, table) for table in ("standing_before", "standing_after"))
    departments = tuple(_departments(con))
    reached = Counter(
        item.after.stage for item in departments if item.after and "stage" in item.changes()
    )
    return Effect(
        tuple(
            MetricEffect(name, before, after)
            for name, before, after in zip(METRICS, *numbers, strict=True)
            if before != after
        ),
        departments,
        tuple(StageEffect(stage, reached[stage]) for stage in STAGES if reached[stage]),
    )


def _numbers(con: Connection, table: str) -> tuple[Any, ...]:
    expressions = ", ".join(metrics_.metric(name).expression for name in METRICS)
    return con.execute(f"select {expressions} from {table}").fetchone() or ()


def _departments(con: Connection) -> Iterator[DepartmentEffect]:
    shared = {
        f"{name}_share": f"{name}_trained * 100 // nullif(sworn, 0)" for name in ("mhfa", "cit")
    }
    names = [item.name for item in fields(Standing)]
    columns = ", ".join(f"{shared.get(name, name)} as {name}" for name in names)
    sides = [", ".join(f"{side}.{name}" for name in names) for side in ("b", "a")]
    rows = con.execute(
        f"""
        with b as (select department_id, name, {columns} from standing_before),
        a as (select department_id, name, {columns} from standing_after)
        select department_id, coalesce(a.name, b.name), {", ".join(sides)}
        from b full join a using (department_id)
        where ({sides[0]}) is distinct from ({sides[1]})
        order by department_id"""
    ).fetchall()
    size = len(names)
    for row in rows:
        before, after = _standing(row[2 : 2 + size]), _standing(row[2 + size :])
        yield DepartmentEffect(row[0], row[1], before, after)


def _standing(values: tuple[Any, ...]) -> Standing | None:
    return Standing(*values) if values[0] is not None else None
