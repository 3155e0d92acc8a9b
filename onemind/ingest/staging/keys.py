"""Keys: rows that appear twice, and rows that refer to something that isn't there.

They are looked for over all files of a publish together; what is found is left out of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from onemind.campaign import Contract
from onemind.ingest.problem import Problem
from onemind.ingest.staging.checking import MOST_ROWS
from onemind.ingest.staging.part import REPEAT, Part, leave_out, rows_of
from onemind.store import Connection


def duplicates(con: Connection, parts: list[Part], sound_only: bool) -> Iterator[Problem]:
    """Find rows that repeat the key of an earlier row, and leave them out.

    One that says the same in all its columns is kept once; one that differs is an error.
    """
    rows = rows_of(con, parts, None if sound_only else parts[0].contract.key)
    if _all_differ(con, ", ".join(parts[0].contract.key), rows):
        return
    twice = _repeats(con, parts[0].contract, rows)
    by_number = {part.number: part for part in parts}
    alike = {part.number for part in parts if _names_all(part)}
    leave_out(con, [row[:2] for row in twice if row[4] and row[0] not in alike], REPEAT)
    leave_out(con, [row[:2] for row in twice if not row[4] or row[0] in alike])
    same: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, place, first_part, first_place, is_same, whole, first_whole in twice:
        part, first = by_number[number], by_number[first_part]
        where = f"row {first.row(first_place)}"
        where += "" if first == part else f" of {first.source.name}"
        if number in alike:
            yield _alike(part, part.row(place), where)
        elif is_same:
            same[number].append((part.row(place), where))
        else:
            yield _repeated(part, part.row(place), where, whole, first_whole)
    for number, repeats in same.items():
        yield _kept_once(by_number[number], repeats)


def _repeats(con: Connection, parsed: Contract, rows: str) -> list[tuple[Any, ...]]:
    """Return part and place of each repeating row and of the first one, whether they are the same,
    and both rows whole.
    """
    key, columns = ", ".join(parsed.key), ", ".join(parsed.columns)
    return con.execute(
        f"""
        with hashed as (select hash({key}) as mark from ({rows})),
        doubled as (select mark from hashed group by mark having count(*) > 1),
        numbered as (
            select part, place, row({columns}) as whole,
                first(part) over same as first_part, first(place) over same as first_place,
                first(row({columns})) over same as first_whole, row_number() over same as nth
            from ({rows}) where hash({key}) in (select mark from doubled)
            window same as (partition by {key} order by part, place)
        )
        select part, place, first_part, first_place, whole is not distinct from first_whole,
            whole, first_whole
        from numbered where nth > 1
        order by part, place limit {MOST_ROWS}"""
    ).fetchall()


def _names_all(part: Part) -> bool:
    """Whether a file is a list of officers by name, where each name stands once."""
    return part.source.nameless and part.match.dataset == "officers"


def _alike(part: Part, row: int, where: str) -> Problem:
    message = (
        f"Row {row} names the same officer of the same department as {where}. "
        "If they are two, add a column with their dates of hire; if one, delete a row."
    )
    return part.problem("alike", row, "officer_id", None, message)


def _kept_once(part: Part, repeats: list[tuple[int, str]]) -> Problem:
    """Say how many rows are there already, exactly as they are."""
    row, where = repeats[0]
    if len(repeats) == 1:
        message = f"Row {row} says the same as {where}. It is kept once."
    else:
        message = (
            f"{len(repeats):,} rows say the same as earlier rows. The first is {row}, like "
            f"{where}. Each is kept once."
        )
    return part.problem("repeat", row, None, None, message)


def _all_differ(con: Connection, key: str, rows: str) -> bool:
    """Whether no two rows even have the same hash, as in most files: sorted, no two are alike.

    NumPy sorts five million numbers in a tenth of the time that DuckDB takes to group them.
    """
    import numpy as np  # a tenth of a second that reading commands need not wait for

    hashes = con.execute(f"select hash({key}) as mark from ({rows})").fetchnumpy()["mark"]
    marks = np.asarray(hashes)
    marks.sort()
    return not bool(np.any(marks[1:] == marks[:-1]))


def _repeated(part: Part, row: int, where: str, whole: Any, first: Any) -> Problem:
    columns, key = part.contract.columns, part.contract.key
    mine, theirs = (dict(zip(columns, _values(item), strict=True)) for item in (whole, first))
    shown = ", ".join(str(mine[name]) for name in key)
    differ = [name for name in columns if mine[name] != theirs[name]]
    sides = "; ".join(
        f"{name}: {_shown(theirs[name])} there, {_shown(mine[name])} here" for name in differ
    )
    message = (
        f"Row {row} repeats {where}: both are {shown} ({', '.join(key)}), but they differ "
        f"({sides}). Keep the right one."
    )
    return part.problem("primary-key", row, key[-1], shown, message)


def _shown(value: Any) -> str:
    return {None: "blank", True: "yes", False: "no"}.get(value, str(value))


def _values(whole: Any) -> list[Any]:
    return list(whole.values() if isinstance(whole, dict) else whole)


def strangers(
    con: Connection, parts: list[Part], column: str, dataset: str, parents: str
) -> Iterator[Problem]:
    """Find rows that refer to something not among `parents` (a SELECT), and leave them out."""
    lost = con.execute(
        f"""
        select part, place, {column} from ({rows_of(con, parts, [column])})
        where {column} is not null and {column} not in (select {column} from ({parents}))
        order by part, place limit {MOST_ROWS}"""
    ).fetchall()
    leave_out(con, [row[:2] for row in lost])
    by_number = {part.number: part for part in parts}
    for number, place, value in lost:
        part = by_number[number]
        row = part.row(place)
        message = (
            f"Row {row}, '{column}' has '{value}', which is not in {dataset}. "
            f"Correct it, or include a {dataset} file that has it."
        )
        yield part.problem("foreign-key", row, column, value, message)
