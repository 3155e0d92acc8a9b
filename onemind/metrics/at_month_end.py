"""Each department at the end of a month, from the histories that are made once a version."""

from __future__ import annotations

from datetime import date

from onemind.campaign import Filter
from onemind.metrics.numbers import COUNTED, Result, Source, first_pledge, months_from

ON_MONTH_END = ("name", "municipality", *COUNTED)


def month_end(store: Source, chosen: Filter, until: date) -> Result:
    """Return one row a department as of `chosen`'s day, columns ON_MONTH_END: the end of a month
    before `until`, or `until` itself; it costs no more than looking up.
    """
    first = first_pledge(store, chosen.version) or until
    months = months_from(store, chosen.version, first, until)
    where, parameters = chosen.sql()
    sql = f"""
        select {", ".join(ON_MONTH_END)}
        from (
            select {", ".join(COUNTED)} from {months.rows} where as_of = $day and {where}
        ) counted
        join (select department_id, name, municipality from departments) using (department_id)
        order by state, name, department_id"""
    with store.reading(chosen.version, ("departments",), months.tables) as con:
        values = parameters | months.parameters | {"day": chosen.as_of or until}
        return Result(ON_MONTH_END, tuple(con.execute(sql, values).fetchall()))
