"""What the Outcomes page counts: how calls ended, over time and beside the training, and ratings.

Every number is a sum over a department's periods that had ended by the as-of date, with the calls
of the same periods beside it, so that a share rests on one and the same calls. Through a window
that keeps small counts back, the periods are whole years and what is small is not among them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from onemind.campaign import Filter, contract
from onemind.metrics import model
from onemind.metrics.numbers import Result, Source, months_from, progress_on
from onemind.store import Window

COUNTS = tuple(
    item.name
    for item in contract("outcomes").fields
    if item.type == "integer" and item.name != "mh_calls"
)
SHARES = ("referred_to_care", "arrests", "force_used")
SPANS = ("month", "quarter", "year")
BEHIND = "sum(number)::bigint, sum(mh_calls)::bigint, count(distinct department_id)"


def totals(source: Source, chosen: Filter, today: date) -> Result:
    """Return a row a kind of count ("mh_calls" and COUNTS): kind, number, calls, n departments."""
    columns, rest = ("kind", "number", "calls", "n"), "group by kind order by kind"
    return _counted(source, chosen, today, columns, f"kind, {BEHIND}", rest)


def by_department(source: Source, chosen: Filter, today: date) -> Result:
    """Return a row a department and kind of count: department_id, kind, number, calls."""
    columns = ("department_id", "kind", "number", "calls")
    select = "department_id, kind, sum(number)::bigint, sum(mh_calls)::bigint"
    return _counted(source, chosen, today, columns, select, "group by all order by all")


def over_time(
    source: Source, chosen: Filter, today: date, span: str, department: str | None = None
) -> Result:
    """Return a row a span (of SPANS, in which the periods end) and kind of count: since (its first
    day), kind, number, calls, n departments; of one department only, if asked.
    """
    columns = ("since", "kind", "number", "calls", "n")
    select = f"date_trunc($span, period_end)::date as since, kind, {BEHIND}"
    rest = "and ($department is null or department_id = $department) group by all order by all"
    parameters = {"span": span, "department": department}
    return _counted(source, chosen, today, columns, select, rest, parameters)


def _counted(
    source: Source,
    chosen: Filter,
    today: date,
    columns: tuple[str, ...],
    select: str,
    rest: str,
    given: dict[str, Any] | None = None,
) -> Result:
    day = chosen.as_of or today
    where, parameters = chosen.sql()
    parameters |= {"dates": [day]} | (given or {})
    sql = f"""
        {model.with_models("outcome_counts")}
        select {select}
        from outcome_counts
        join progress using (as_of, department_id)
        where {where} {rest}"""
    with source.reading(chosen.version, ("outcomes",), (progress_on(day),)) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))


def ratings(source: Source, chosen: Filter, today: date, span: str) -> Result:
    """Return a row a span and course: since, course, responses, rated_beneficial, n departments."""
    columns = ("since", "course", "responses", "rated_beneficial", "n")
    day = chosen.as_of or today
    where, parameters = chosen.sql()
    parameters |= {"dates": [day], "span": span}
    sql = f"""
        {model.with_models("feedback_periods")}
        select
            date_trunc($span, period_start)::date as since,
            course,
            sum(responses)::bigint,
            sum(rated_beneficial)::bigint,
            count(distinct department_id)
        from feedback_periods
        join progress using (as_of, department_id)
        where {where}
        group by all
        order by all"""
    with source.reading(chosen.version, ("feedback",), (progress_on(day),)) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))


def reached(window: Window, chosen: Filter, today: date) -> dict[str, date]:
    """Return, for each department with outcomes, the first month's end by the as-of date on which
    its records showed as many officers trained in MHFA as it had sworn; others are left out.
    """
    day = chosen.as_of or today
    with window.reading(chosen.version, (), (model.derived("report_spans"),)) as con:
        (first,) = con.execute("select min(reported_on) from report_spans").fetchone() or (None,)
    if first is None or first > day:
        return {}
    months = months_from(window, chosen.version, first, day)
    sql = f"""
        select department_id, min(as_of)
        from {months.rows}
        where
            source = 'records'
            and mhfa_trained >= sworn
            and as_of = last_day(as_of)
            and department_id in (select department_id from outcomes)
        group by department_id"""
    with window.reading(chosen.version, ("outcomes",), months.tables) as con:
        return dict(con.execute(sql, months.parameters).fetchall())


def sides(window: Window, chosen: Filter, today: date) -> Result:
    """Return a row a kind of count and side, "before" and "after" the day of `reached`: kind, side,
    number, calls, n departments.

    Only departments that gave the count on both sides are in it, so that both are about the same
    ones; the period in which the day falls is on neither side.
    """
    days = reached(window, chosen, today)
    columns = ("kind", "side", "number", "calls", "n")
    day = chosen.as_of or today
    where, parameters = chosen.sql()
    parameters |= {"dates": [day], "departments": list(days), "days": list(days.values())}
    sql = f"""
        {model.with_models("outcome_sides")},
        fitting as (
            select department_id, kind, side, number, mh_calls
            from outcome_sides
            join progress using (as_of, department_id)
            where side is not null and {where}
            qualify count(distinct side) over (partition by department_id, kind) = 2
        )
        select kind, side, {BEHIND}
        from fitting
        group by kind, side
        order by kind, side desc"""
    with window.reading(chosen.version, ("outcomes",), (progress_on(day),)) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))
