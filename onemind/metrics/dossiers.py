"""Many departments at once, each as `department.dossier` would tell it alone.

Histories are read from the tables that overviews are made of, so that all departments cost little
more than one. A fingerprint tells whether what a dossier rests on is what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from onemind.campaign import WHOLE, Filter, contract
from onemind.metrics.department import HISTORY, PARTNERSHIPS, Dossier, Row, Rows, by_then, rows_of
from onemind.metrics.model import with_models
from onemind.metrics.numbers import PROGRESS, Source, months_from, progress_on
from onemind.store import Connection, Window

MANY = 400  # departments read together: their months are all in memory for a moment
READ = (
    "departments", "pledges", "officers", "training", "training_totals", "partnerships",
    "outcomes",
)  # fmt: skip
FIRSTS = """
    select department_id, min(day) as first
    from (
        select department_id, pledged_on as day from pledges
        union all select department_id, completed_on from training
        union all select department_id, as_of from training_totals
    )
    group by department_id"""


def dossiers(
    source: Source, departments: Iterable[str], chosen: Filter, today: date
) -> Iterator[Dossier]:
    """Yield all about each of these departments that is in sight, by department id."""
    window = source if isinstance(source, Window) else Window(source, WHOLE)
    ids = sorted(set(departments))
    first = _first(window, chosen.version) or today
    for start in range(0, len(ids), MANY):
        yield from _together(window.only(ids[start : start + MANY]), chosen, today, first)


def _first(window: Window, version: int | None) -> date | None:
    with window.reading(version, ("pledges", "training", "training_totals")) as con:
        (first,) = con.execute(f"select min(first) from ({FIRSTS})").fetchone() or (None,)
    return first if isinstance(first, date) else None


def _together(window: Window, chosen: Filter, today: date, first: date) -> Iterator[Dossier]:
    as_of = chosen.as_of or today
    months = months_from(window, chosen.version, min(first, as_of), as_of)
    tables = {item.name: item for item in (*months.tables, progress_on(as_of))}
    with window.reading(chosen.version, (*READ, "partners"), tables.values()) as con:
        rows = _by_department(con, f"select {', '.join(PROGRESS)} from progress", {})
        rostered = _by_department(con, "select distinct department_id from officers", {})
        about = _by_department(con, _dataset("departments", "true", ()), {})
        kept = _kept(con, as_of)
        counted = _counted(con, as_of) | {"months": _months(con, months.rows, months.parameters)}
    for name, (row,) in sorted(rows.items()):
        yield Dossier(
            as_of=as_of, row=row, about=about[name][0] | {"has_roster": name in rostered},
            **{kind: by_then(found.get(name, ()), as_of) for kind, found in kept.items()},
            **{kind: found.get(name, ()) for kind, found in counted.items()},
        )  # fmt: skip


def _kept(con: Connection, as_of: date) -> dict[str, dict[str, Rows]]:
    """What departments and partners put on record by that day."""
    listed = {
        "pledges": _dataset("pledges", "pledged_on <= $as_of", ("pledged_on",)),
        "partnerships": PARTNERSHIPS,
        "totals": _dataset("training_totals", "as_of <= $as_of", ("as_of",)),
        "outcomes": _dataset("outcomes", "period_end <= $as_of", ("period_end", "period_start")),
    }
    return {kind: _by_department(con, sql, {"as_of": as_of}) for kind, sql in listed.items()}


def _counted(con: Connection, as_of: date) -> dict[str, dict[str, Rows]]:
    """What the models make of training on that day."""
    return {
        "sessions": _modelled(con, "training_sessions", as_of, "month, course, certificates"),
        "ending": _modelled(con, "certificates_ending", as_of, "month, officers"),
    }


def _modelled(con: Connection, model: str, as_of: date, columns: str) -> dict[str, Rows]:
    sql = f"{with_models(model)} select department_id, {columns} from {model} order by all"
    found = _by_department(con, sql, {"dates": [as_of]})
    return {name: tuple(map(_without_id, rows)) for name, rows in found.items()}


def _months(con: Connection, rows: str, parameters: Mapping[str, Any]) -> dict[str, Rows]:
    """HISTORY at each month's end from the month of a department's first day on record."""
    sql = f"""
        select department_id, {", ".join(HISTORY)}
        from {rows} months
        join ({FIRSTS}) firsts using (department_id)
        where as_of >= firsts.first
        order by department_id, as_of"""
    found = _by_department(con, sql, dict(parameters))
    return {name: tuple(map(_without_id, listed)) for name, listed in found.items()}


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "department_id"}


def _dataset(name: str, condition: str, order: tuple[str, ...]) -> str:
    columns = ", ".join(contract(name).columns)
    by = ", ".join(("department_id", *order))
    return f"select {columns} from {name} where {condition} order by {by}"


def _by_department(con: Connection, sql: str, parameters: Row) -> dict[str, Rows]:
    rows = sorted(rows_of(con, sql, parameters), key=_id)
    return {name: tuple(listed) for name, listed in groupby(rows, key=_id)}


def _id(row: Row) -> str:
    return str(row["department_id"])


def fingerprints(source: Source, version: int | None) -> dict[str, str]:
    """Return for each department in sight a digest of all rows that its dossier rests on.

    Who may not see contacts or small counts has them in no digest either.
    """
    parts = " union all ".join(map(_digests, (name for name in READ if name != "partnerships")))
    packed, partners = (_packed(name) for name in ("partnerships", "partners"))
    sql = f"""
        select department_id, md5(string_agg(digest, '' order by digest))
        from (
            {parts}
            union all
            select department_id, md5({packed} || coalesce({partners}, ''))
            from partnerships left join partners using (partner_id)
        ) as digests (department_id, digest)
        group by department_id"""
    with source.reading(version, (*READ, "partners")) as con:
        return dict(con.execute(sql).fetchall())


def _digests(name: str) -> str:
    return f"select department_id, md5({_packed(name)}) from {name}"


def _packed(name: str) -> str:
    """Return an expression for a row of a dataset as one text that no other row has."""
    values = (f"{name}.{column}::varchar" for column in contract(name).columns)
    return f"cast(to_json(['{name}', {', '.join(values)}]) as varchar)"
