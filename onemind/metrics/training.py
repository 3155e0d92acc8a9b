"""What the Training page counts beside the metrics: certificates ending, and lines of departments.

An officer's certificates end on the last day any valid one does; who is counted is as for trained
officers (`models/mhfa_holders.sql`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from onemind.campaign import Filter
from onemind.metrics import model
from onemind.metrics.numbers import Result, Source, first_pledge, months_from, progress_on
from onemind.store import Window

MONTHS_AHEAD = 24


def expiries(source: Source, chosen: Filter, today: date) -> Result:
    """Return a row a month from the as-of date on, 24 in all: month (its first day), the officers
    whose MHFA certificates all end in it, and their departments; months without any are left out.
    """
    as_of = chosen.as_of or today
    columns = ("month", "officers", "departments")
    select = """
        date_trunc('month', valid_until)::date as month,
        count(*) as officers,
        count(distinct department_id) as departments"""
    ending = "group by all order by month"
    return _ending(source, chosen, as_of, columns, select, add_months(as_of, MONTHS_AHEAD), ending)


def expiring(source: Source, chosen: Filter, today: date, month: date) -> Result:
    """Return a row a department with officers whose MHFA certificates all end in that month:
    department_id, name, county, state, officers, and the first of the days; most officers first.
    """
    as_of = chosen.as_of or today
    columns = ("department_id", "name", "county", "state", "officers", "first_on")
    select = "department_id, name, county, state, count(*) as officers, min(valid_until) as first"
    ending = "group by all order by officers desc, first, name"
    until = add_months(month, 1)
    return _ending(source, chosen, as_of, columns, select, until, ending, max(month, as_of))


def _ending(
    source: Source,
    chosen: Filter,
    as_of: date,
    columns: tuple[str, ...],
    select: str,
    until: date,
    ending: str,
    since: date | None = None,
) -> Result:
    where, parameters = chosen.sql()
    parameters |= {"since": since or as_of, "until": until}
    sql = f"""
        select {select}
        from mhfa_holders
        join progress using (as_of, department_id)
        where valid_until >= $since and valid_until < $until and {where}
        {ending}"""
    tables = (progress_on(as_of), model.derived("mhfa_holders", days=(as_of,)))
    with source.reading(chosen.version, (), tables) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))


def ending(source: Source, chosen: Filter, today: date, days_before: int = 0) -> Result:
    """Return a row a department and month from the as-of date on: department_id, name, month (its
    first day), and the officers whose MHFA certificates all end in it; or those whose are so many
    days before their end in it.
    """
    as_of = chosen.as_of or today
    columns = ("department_id", "name", "month", "officers")
    select = f"""
        department_id,
        name,
        date_trunc('month', valid_until - {int(days_before)})::date as month,
        count(*) as officers"""
    order = "group by all order by month, name, department_id"
    since = as_of + timedelta(days=days_before)
    until = add_months(as_of, MONTHS_AHEAD) + timedelta(days=days_before)
    return _ending(source, chosen, as_of, columns, select, until, order, since)


def histories(window: Window, departments: Iterable[str], chosen: Filter, today: date) -> Result:
    """Return each department's MHFA and CIT share at month ends from its first pledge, or five
    years back, on: department_id, name, month ("2019-06"), mhfa_share, cit_share (of sworn).
    """
    as_of = chosen.as_of or today
    columns = ("department_id", "name", "month", "mhfa_share", "cit_share")
    narrowed = window.only(departments)
    first = first_pledge(narrowed, chosen.version) or add_months(as_of, -60)
    months = months_from(narrowed, chosen.version, first, as_of)
    sql = f"""
        select
            department_id,
            departments.name,
            strftime(months.as_of, '%Y-%m') as month,
            months.mhfa_trained / nullif(months.sworn, 0) as mhfa_share,
            months.cit_trained / nullif(months.sworn, 0) as cit_share
        from {months.rows} months
        join departments using (department_id)
        order by departments.name, department_id, month"""
    with narrowed.reading(chosen.version, ("departments",), months.tables) as con:
        return Result(columns, tuple(con.execute(sql, months.parameters).fetchall()))


def add_months(day: date, months: int) -> date:
    """Return the first day of the month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
