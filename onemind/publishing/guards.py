"""Guards of what is published already: rows left without their parent, files that shrink it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from onemind.campaign import contracts
from onemind.ingest import Part, Problem
from onemind.store import Connection
from onemind.store.publish import Delta

MOST_ROWS = 10_000


def orphans(
    con: Connection, part: Part, delta: Delta, after: Callable[[str, str], str]
) -> Iterator[Problem]:
    """Find rows that would refer to something this publish removes.

    `after(dataset, columns)` returns a SELECT of a dataset as it will be.
    """
    for child in contracts().values():
        for key in child.foreign_keys:
            if key.dataset == delta.diff.dataset and delta.diff.removed:
                gone = f"select {key.field} from {delta.table} where op = 'removed'"
                rows = con.execute(
                    f"""
                    select {key.field}, count(*) from ({after(child.name, key.field)})
                    where {key.field} in ({gone})
                    group by all order by all limit {MOST_ROWS}"""
                ).fetchall()
                for value, count in rows:
                    yield _orphan(part, child.name, key.field, value, count)


def _orphan(part: Part, child: str, column: str, value: str, count: int) -> Problem:
    message = (
        f"{part.source.name} leaves out {value}, but {count:,} published rows of {child} "
        f"refer to it. Keep its row, or include a {child} file that no longer refers to it."
    )
    return part.problem("foreign-key", None, column, value, message)


def silent(con: Connection, part: Part, old: str, new: str) -> Iterator[Problem]:
    """Find departments whose rows a replacing file leaves out altogether."""
    dataset = part.match.dataset
    if dataset == "departments" or "department_id" not in part.contract.columns:
        return
    gone = con.execute(
        f"""
        select department_id, count(*) from ({old}) group by department_id
        having department_id not in (select department_id from ({new}))
        order by all limit {MOST_ROWS}"""
    ).fetchall()
    for department, count in gone:
        message = (
            f"Department {department} has {count:,} published rows in {dataset} and none in "
            f"{part.source.name}. If it did report, its rows are missing from the file."
        )
        yield part.problem("department-silent", None, "department_id", department, message)


def shrinking(part: Part, delta: Delta) -> Problem:
    """Return the problem of a file that would remove many rows."""
    message = (
        f"{part.source.name} would remove {delta.diff.removed:,} of {delta.diff.before:,} "
        f"published rows of {delta.diff.dataset}. If that is intended, allow it; if "
        "the file is only part of the data, publish it as an update."
    )
    return part.problem("shrink", None, None, delta.diff.removed, message)
