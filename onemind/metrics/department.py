"""All that is counted about one department: what its own page and its brief rest on.

It is read through a window on that department alone, so that a history of many months costs one
department and not all of them; and only what had happened by the as-of date is among it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from onemind.campaign import DATASETS, WHOLE, Filter, Sight, contract
from onemind.errors import WrongUse
from onemind.metrics.model import datasets, with_models
from onemind.metrics.numbers import PROGRESS, Source, month_ends
from onemind.store import Connection, Window

Row = dict[str, Any]
Rows = tuple[Row, ...]
HISTORY = (
    "as_of", "source", "sworn", "mhfa_trained", "cit_trained", "trained_low", "trained_high",
    "mhfa", "cit", "compliant_today",
)  # fmt: skip
PARTNERSHIPS = """
    select partnerships.department_id, partnerships.partner_id, partners.name,
        partners.kind as organization, partnerships.kind,
        partnerships.signed_on, partnerships.ended_on, partners.website
    from partnerships left join partners using (partner_id)
    where partnerships.signed_on <= $as_of
    order by partnerships.signed_on, partners.name, partnerships.kind"""


@dataclass(frozen=True)
class Dossier:
    """One department on one day: its rows, oldest first, each a dict by column."""

    as_of: date
    row: Row  # of progress
    about: Row  # of departments, with has_roster
    pledges: Rows
    partnerships: Rows
    months: Rows  # HISTORY at each month's end
    sessions: Rows  # month, course, certificates
    ending: Rows  # month, officers
    totals: Rows
    outcomes: Rows


def dossier(source: Source, department_id: str, chosen: Filter, today: date) -> Dossier:
    """Return all about one department; raises WrongUse when there is none such in sight."""
    as_of = chosen.as_of or today
    window = _on(source, department_id)
    if window is None:
        raise _unknown(department_id)
    with window.reading(chosen.version, set(DATASETS) - {"feedback"}) as con:
        rows = _modelled(con, "progress", (as_of,), PROGRESS)
        if not rows:
            raise _unknown(department_id)
        return Dossier(as_of=as_of, row=rows[0], **_kept(con, as_of), **_counted(con, as_of))


def officers(source: Source, department_id: str, chosen: Filter, today: date) -> Rows:
    """Return the department's officers by pseudonym, whose certificate ends first on top."""
    window = _on(source, department_id)
    if window is None:
        raise _unknown(department_id)
    model, as_of = "officer_certificates", chosen.as_of or today
    columns = ("officer_id", "mhfa", "mhfa_until", "cit", "cit_until")
    with window.reading(chosen.version, datasets(model) | {"departments"}) as con:
        return _modelled(con, model, (as_of,), columns, "mhfa_until nulls last, officer_id")


def _on(source: Source, department_id: str) -> Window | None:
    """The source narrowed to one department, never to more than it showed before."""
    store = source.store if isinstance(source, Window) else source
    sight: Sight = source.sight if isinstance(source, Window) else WHOLE
    scope = sight.scope.at(department_id)
    return Window(store, replace(sight, scope=scope)) if scope else None


def _unknown(department_id: str) -> WrongUse:
    return WrongUse(
        f"There is no department '{department_id}' here. The id is that of the departments "
        "file, such as an ORI."
    )


def _kept(con: Connection, as_of: date) -> dict[str, Any]:
    """What the department and its partners put on record."""
    columns = ", ".join(contract("departments").columns)
    about = rows_of(con, f"select {columns} from departments", {})
    rostered = rows_of(con, "select count(*) > 0 as has_roster from officers", {})
    return {
        "about": about[0] | rostered[0],
        "pledges": by_then(_dataset(con, "pledges", "pledged_on", as_of), as_of),
        "partnerships": by_then(rows_of(con, PARTNERSHIPS, {"as_of": as_of}), as_of),
        "totals": _dataset(con, "training_totals", "as_of", as_of),
        "outcomes": _dataset(con, "outcomes", "period_end", as_of, "period_start"),
    }


def _counted(con: Connection, as_of: date) -> dict[str, Any]:
    """What the models make of the department's training."""
    sql = """
        select min(day) as first from (
            select min(pledged_on) as day from pledges
            union all select min(completed_on) from training
            union all select min(as_of) from training_totals)"""
    first = rows_of(con, sql, {})[0]["first"]
    ends = month_ends(first, as_of) if first else []
    return {
        "months": _modelled(con, "progress", tuple(ends), HISTORY, "as_of") if ends else (),
        "sessions": _modelled(
            con, "training_sessions", (as_of,), ("month", "course", "certificates"), "month, course"
        ),
        "ending": _modelled(con, "certificates_ending", (as_of,), ("month", "officers"), "month"),
    }


def _dataset(con: Connection, name: str, day: str, as_of: date, *then: str) -> Rows:
    columns, order = ", ".join(contract(name).columns), ", ".join((day, *then))
    sql = f"select {columns} from {name} where {day} <= $as_of order by {order}"
    return rows_of(con, sql, {"as_of": as_of})


def by_then(rows: Rows, as_of: date) -> Rows:
    """Return the rows with every day to come unknown: it had not happened yet."""
    return tuple(
        {
            name: None if isinstance(value, date) and value > as_of else value
            for name, value in row.items()
        }
        for row in rows
    )


def _modelled(
    con: Connection,
    model: str,
    dates: tuple[date, ...],
    columns: tuple[str, ...],
    order: str = "department_id",
) -> Rows:
    listed = ", ".join(columns)
    sql = f"{with_models(model)} select {listed} from {model} order by {order}"
    return rows_of(con, sql, {"dates": list(dates)})


def rows_of(con: Connection, sql: str, parameters: Row) -> Rows:
    """Return the rows of a query, each a dict by column."""
    answer = con.execute(sql, parameters)
    names = [column[0] for column in answer.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in answer.fetchall())
