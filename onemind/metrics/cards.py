"""Many departments on one day, each without its history: what letters are made of.

They are read all together; a dossier of each, one by one, would take minutes.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from onemind.campaign import Filter, contract
from onemind.metrics.department import PARTNERSHIPS, Dossier, Row, Rows, by_then, rows_of
from onemind.metrics.numbers import Source, progress

_READ = ("departments", "officers", "pledges", "partnerships", "partners")


def cards(source: Source, chosen: Filter, today: date) -> tuple[Dossier, ...]:
    """Return a dossier of each department that the filter keeps, in the order of `progress`.

    Months, sessions, ending certificates, totals and outcomes are left empty.
    """
    as_of = chosen.as_of or today
    standing = progress(source, chosen, today).records()
    with source.reading(chosen.version, _READ) as con:
        about = rows_of(con, _about(), {})
        pledges = rows_of(con, _pledges(), {"as_of": as_of})
        partnerships = rows_of(con, PARTNERSHIPS, {"as_of": as_of})
    known = {row["department_id"]: row for row in about}
    pledged, partnered = _each(by_then(pledges, as_of)), _each(by_then(partnerships, as_of))
    return tuple(
        Dossier(
            as_of, row, known[row["department_id"]], pledged.get(row["department_id"], ()),
            partnered.get(row["department_id"], ()), (), (), (), (), (),
        )
        for row in standing
    )  # fmt: skip


def _about() -> str:
    columns = ", ".join(contract("departments").columns)
    rostered = "department_id in (select department_id from officers) as has_roster"
    return f"select {columns}, {rostered} from departments"


def _pledges() -> str:
    columns = ", ".join(contract("pledges").columns)
    return f"select {columns} from pledges where pledged_on <= $as_of order by pledged_on"


def _each(rows: Rows) -> dict[str, Rows]:
    def whose(row: Row) -> Any:
        return row["department_id"]

    return {name: tuple(listed) for name, listed in groupby(sorted(rows, key=whose), whose)}
