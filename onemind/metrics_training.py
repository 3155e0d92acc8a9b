"""What the Training page counts beside the metrics: certificates ending, and lines of departments.

An officer's certificates end on the last day any valid one does; who is counted is as for trained
officers (`models/mhfa_holders.sql`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from onemind import models
from onemind.filters import Filter
from onemind.metrics import Result, Source
from onemind.store_window import Window

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
    parameters |= {"dates": [as_of], "since": since or as_of, "until": until}
    sql = f"""
        {models.with_models("progress", "mhfa_holders")}
        select {select}
        from mhfa_holders
        join progress using (as_of, department_id)
        where valid_until >= $since and valid_until < $until and {where}
        {ending}"""
    needed = models.datasets("mhfa_holders") | models.datasets("progress")
    with source.reading(chosen.version, needed) as con:
        return Result(columns, tuple(con.execute(sql, parameters).fetchall()))


def histories(window: Window, departments: Iterable[str], chosen: Filter, today: date) -> Result:
    """Return each department's MHFA and CIT share at month ends from its first pledge, or five
    years back, on: department_id, name, month ("2019-06"), mhfa_share, cit_share (of sworn).
    """
    as_of = chosen.as_of or today
    columns = ("department_id", "name", "month", "mhfa_share", "cit_share")
    sql = f"""
        {models.with_models("progress")}
        select
            department_id,
            name,
            strftime(as_of, '%Y-%m') as month,
            mhfa_trained / nullif(sworn, 0) as mhfa_share,
            cit_trained / nullif(sworn, 0) as cit_share
        from progress
        order by name, department_id, month"""
    narrowed, needed = window.only(departments), models.datasets("progress")
    with narrowed.reading(chosen.version, needed) as con:
        (first,) = con.execute("select min(pledged_on) from pledges").fetchone() or (None,)
        dates = month_ends(first or add_months(as_of, -60), as_of)
        return Result(columns, tuple(con.execute(sql, {"dates": dates}).fetchall()))


def add_months(day: date, months: int) -> date:
    """Return the first day of the month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def month_ends(first: date, until: date) -> list[date]:
    """Return the last day of each month from `first` on; for the last month, `until` itself."""
    found, month = [], date(first.year, first.month, 1)
    while month <= until:
        found.append(min(month.replace(day=monthrange(month.year, month.month)[1]), until))
        month = add_months(month, 1)
    return found
