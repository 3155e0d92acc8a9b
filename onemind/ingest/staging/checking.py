"""Checking: each file into a staged table, every fault into a Problem at the reader's own row.

Faults of a cell or of a row are found as the file is read; keys and foreign keys afterwards, over
all files of the publish together, and only among rows that are sound by themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from onemind.campaign import Rules, contract
from onemind.ingest.matching import Match
from onemind.ingest.problem import CheckFailed, Problem
from onemind.ingest.reading import Source, fault
from onemind.ingest.staging import fast_path, wording
from onemind.ingest.staging.checked_path import FAULTS, disorders, staged, text_rows
from onemind.ingest.staging.part import Part
from onemind.ingest.staging.typing import vocabulary
from onemind.store import Connection, DatabaseError, Interrupted

MOST_ROWS = 100_000


def stage(
    con: Connection, source: Source, match: Match, rules: Rules, number: int, short: bool = True
) -> Part:
    """Read a file into its staged table, by the fast path where it can take it and `short` is set.

    Raises CheckFailed when it has no rows to read.
    """
    parsed = contract(match.dataset)
    if short and fast_path.stage(con, source, parsed, match, rules, f"part_{number}"):
        return Part(number, source, match, (), plain=True)
    try:
        refused = _stage_checked(con, source, match, rules, number)
    except Interrupted:
        raise  # somebody cancelled; the file is not to blame
    except DatabaseError as error:
        reason = str(error).splitlines()[0]
        raise fault(
            source.name,
            "file-error",
            f"The file {source.name} can't be split into rows and cells: {reason}. "
            "Open it in a spreadsheet, save it again as CSV UTF-8, and try again.",
        ) from error
    part = Part(number, source, match, refused)
    if not refused and not count(con, part):
        message = f"{source.name} has a header but no rows. Add the rows, then try again."
        raise CheckFailed([part.problem("no-rows", None, None, None, message)])
    return part


def _stage_checked(
    con: Connection, source: Source, match: Match, rules: Rules, number: int
) -> tuple[tuple[int, str, str], ...]:
    """Stage a file with the faults of its cells; returns the lines that are no rows."""
    parsed, rejects = contract(match.dataset), f"rejects_{number}"
    con.execute(
        f"create temp table part_{number} as {staged(source, parsed, match, rules, rejects)}"
    )
    refused = con.execute(
        f"select distinct line, error_type, csv_line from {rejects} order by line"
    ).fetchall()
    return tuple((line + source.above, *rest) for line, *rest in refused)


def count(con: Connection, part: Part) -> int:
    """Return the rows of one file, blank ones and totals aside."""
    counted = "true" if part.plain else "not blank and not totals"
    rows = con.execute(f"select count(*) from {part.table} where {counted}")
    (rows_counted,) = rows.fetchone() or (0,)
    return int(rows_counted)


def faults(con: Connection, part: Part, rules: Rules) -> Iterator[Problem]:
    """Find what is wrong with lines, cells and pairs of cells of one file."""
    if part.plain:
        return
    yield from _ragged(part)
    yield from _totals(con, part)
    names = [f"fault_{name}" for name in part.match.given]
    pairs = disorders(part.contract)
    tests = [f"{name} > 0" for name in names] + [f"disorder_{number}" for number, *_ in pairs]
    flags = ", ".join([*names, *(f"disorder_{number}" for number, *_ in pairs)])
    sides = "".join(f", {lower}, {upper}" for _, lower, upper in pairs)
    rows = con.execute(
        f"""
        select rowid, {flags}{sides} from {part.table}
        where not blank and not totals and ({" or ".join(tests)})
        order by rowid limit {MOST_ROWS}"""
    ).fetchall()
    texts = _texts(con, part, [row[0] for row in rows])
    for row in rows:
        yield from _cells(part, rules, row, texts[row[0]])
        yield from _pairs(part, row, 1 + len(names))


def _totals(con: Connection, part: Part) -> Iterator[Problem]:
    places = con.execute(f"select rowid from {part.table} where totals order by rowid").fetchall()
    for (place,) in places:
        row = part.row(place)
        message = f"Row {row} is a row of totals and is left out."
        yield part.problem("totals-row", row, None, None, message)


def _ragged(part: Part) -> Iterator[Problem]:
    """Say which lines are no rows; not what they hold where that may be a person's name."""
    expected = len(part.source.header)
    people = any(field.personal or field.contact for field in part.contract.fields)
    seen: set[int] = set()
    for line, error, text in part.refused:
        if line in seen:
            continue
        seen.add(line)
        text = (text or "").strip("\r\n")
        if not text.strip():
            continue  # a blank line: no row, but it counts
        cells = len(next(csv.reader([text], delimiter=part.source.delimiter), []))
        shown = "" if people else text
        code, message = wording.ragged(error, line, cells, expected, shown)
        yield part.problem(code, line, None, shown or None, message)


def _texts(con: Connection, part: Part, places: list[int]) -> dict[int, dict[str, str | None]]:
    """Return the cells of the rows at these places as the file has them."""
    if not places:
        return {}
    columns = part.match.columns
    cells = ", ".join(f"c{place}" for place in columns.values())
    rows = con.execute(
        f"""
        with texts as (
            select row_number() over () - 1 as place, {cells}
            from {text_rows(part.source, f"again_{part.number}")}
        )
        select place, {cells} from texts where place in (select unnest($places))""",
        {"places": places},
    ).fetchall()
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def _cells(
    part: Part, rules: Rules, row: tuple[Any, ...], texts: dict[str, str | None]
) -> Iterator[Problem]:
    number = part.row(row[0])
    for name, place in zip(part.match.given, row[1:], strict=False):
        if not place:
            continue
        field, code = part.contract.field(name), FAULTS[place]
        value = wording.masked(code, texts.get(name, part.match.constants.get(name)))
        meanings = vocabulary(field, rules)
        offered = wording.listed_values(field, meanings)
        message = wording.cell(code, field, number, value, offered)
        likely = wording.suggestion(code, field, value, meanings)
        yield replace(part.problem(code, number, name, value, message), suggestion=likely)


def _pairs(part: Part, row: tuple[Any, ...], start: int) -> Iterator[Problem]:
    orders = part.contract.orders
    flags, sides = row[start : start + len(orders)], row[start + len(orders) :]
    for place, (order, wrong) in enumerate(zip(orders, flags, strict=True)):
        if wrong:
            low, high = sides[2 * place : 2 * place + 2]
            code = "order" if order.severity == "error" else "order-warning"
            number = part.row(row[0])
            message = wording.disorder(part.contract, order.lower, order.upper, number, low, high)
            yield part.problem(code, number, order.upper, high, message)
