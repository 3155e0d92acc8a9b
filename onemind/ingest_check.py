"""Checking: each file into a staged table, every fault into a Problem at the reader's own row.

Faults of a cell or of a row are found as the file is read; keys and foreign keys afterwards, over
all files of the publish together, and only among rows that are sound by themselves.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from onemind import ingest_words as words
from onemind.contract import Contract, contract
from onemind.errors import CheckFailed
from onemind.ingest_match import Match
from onemind.ingest_read import Source, fault
from onemind.ingest_sql import FAULTS, disorders, staged, text_rows
from onemind.ingest_types import vocabulary
from onemind.problem import CODES, Problem
from onemind.rules import Rules
from onemind.store_lake import Connection, DatabaseError, Interrupted

MOST_ROWS = 100_000
ERROR_FAULTS = tuple(
    place for place, code in enumerate(FAULTS) if code and CODES[code][0] == "error"
)


@dataclass(frozen=True)
class Part:
    """One file in its staged table. `refused` are the lines DuckDB could not split into cells."""

    number: int
    source: Source
    match: Match
    refused: tuple[tuple[int, str, str], ...]

    @property
    def table(self) -> str:
        """The temporary table that holds its rows, in the file's order."""
        return f"part_{self.number}"

    @property
    def contract(self) -> Contract:
        """The contract of its dataset."""
        return contract(self.match.dataset)

    def row(self, place: int) -> int:
        """Return the reader's row number of the table's row at `place` (its rowid)."""
        lines = sorted({line for line, *_ in self.refused})
        ahead = [line - nth for nth, line in enumerate(lines)]
        first = place + 2 + self.source.above
        return first + bisect_right(ahead, first)

    def problem(
        self, code: str, row: int | None, column: str | None, value: object, message: str
    ) -> Problem:
        """Return a Problem of this file."""
        text = None if value is None else str(value)
        return Problem(self.source.name, self.match.dataset, row, column, code, text, message)

    def clean(self, columns: Iterable[str] | None) -> str:
        """The condition on its table for rows with no error in these columns (None: anywhere)."""
        listed = ", ".join(map(str, ERROR_FAULTS))
        names = self.match.given if columns is None else set(columns) & set(self.match.given)
        tests = ["not blank", "not totals", *(f"fault_{name} not in ({listed})" for name in names)]
        if columns is None:
            tests += [
                f"not disorder_{number}"
                for number, order in enumerate(self.contract.orders)
                if order.severity == "error"
            ]
        return " and ".join(tests)


def stage(con: Connection, source: Source, found: Match, rules: Rules, number: int) -> Part:
    """Read a file into its staged table; raises CheckFailed when it has no rows to read."""
    parsed, rejects = contract(found.dataset), f"rejects_{number}"
    try:
        con.execute(
            f"create temp table part_{number} as {staged(source, parsed, found, rules, rejects)}"
        )
        refused = con.execute(
            f"select distinct line, error_type, csv_line from {rejects} order by line"
        ).fetchall()
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
    below = source.above
    refused = [(line + below, *rest) for line, *rest in refused]
    part = Part(number, source, found, tuple(refused))
    if not refused and not count(con, part):
        message = f"{source.name} has a header but no rows. Add the rows, then try again."
        raise CheckFailed([part.problem("no-rows", None, None, None, message)])
    return part


def count(con: Connection, part: Part) -> int:
    """Return the rows of one file, blank ones and totals aside."""
    rows = con.execute(f"select count(*) from {part.table} where not blank and not totals")
    (found,) = rows.fetchone() or (0,)
    return int(found)


def faults(con: Connection, part: Part, rules: Rules) -> Iterator[Problem]:
    """Find what is wrong with lines, cells and pairs of cells of one file."""
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
        message = f"Row {row} is a row of totals; it is left out."
        yield part.problem("totals-row", row, None, None, message)


def _ragged(part: Part) -> Iterator[Problem]:
    expected = len(part.source.header)
    seen: set[int] = set()
    for line, error, text in part.refused:
        if line in seen:
            continue
        seen.add(line)
        text = (text or "").strip("\r\n")
        if not text.strip():
            continue  # a blank line: no row, but it counts
        cells = len(next(csv.reader([text], delimiter=part.source.delimiter), []))
        code, said = words.ragged(error, line, cells, expected, text)
        yield part.problem(code, line, None, text, said)


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
        value = words.masked(code, texts.get(name, part.match.constants.get(name)))
        meanings = vocabulary(field, rules)
        offered = words.listed_values(field, meanings)
        said = words.cell(code, field, number, value, offered)
        likely = words.suggestion(code, field, value, meanings)
        yield replace(part.problem(code, number, name, value, said), suggestion=likely)


def _pairs(part: Part, row: tuple[Any, ...], start: int) -> Iterator[Problem]:
    orders = part.contract.orders
    flags, sides = row[start : start + len(orders)], row[start + len(orders) :]
    for place, (order, wrong) in enumerate(zip(orders, flags, strict=True)):
        if wrong:
            low, high = sides[2 * place : 2 * place + 2]
            code = "order" if order.severity == "error" else "order-warning"
            number = part.row(row[0])
            said = words.disorder(part.contract, order.lower, order.upper, number, low, high)
            yield part.problem(code, number, order.upper, high, said)


def sound_rows(con: Connection, parts: Iterable[Part]) -> str:
    """Return a SELECT of the rows of one dataset's files that can be published."""
    return rows_of(con, parts, None)


def rows_of(con: Connection, parts: Iterable[Part], columns: Iterable[str] | None) -> str:
    """Return a SELECT of the rows with no error in these columns, with `part` and `place`.

    With None no column may have one, and rows left out for their keys are not among them.
    """
    return " union all ".join(
        f"""
        select {", ".join(part.contract.columns)}, {part.number} as part, rowid as place
        from {part.table}
        where {part.clean(columns)}{_not_left_out(con, part) if columns is None else ""}"""
        for part in parts
    )


def _not_left_out(con: Connection, part: Part) -> str:
    found = con.execute("select 1 from left_out where part = ? limit 1", [part.number]).fetchone()
    if not found:
        return ""
    return f" and rowid not in (select place from left_out where part = {part.number})"


def leave_out(con: Connection, rows: list[tuple[int, int]]) -> None:
    """Leave rows, given as (part, place), out of what can be published."""
    if rows:
        con.execute(
            "insert into left_out select unnest($parts), unnest($places)",
            {"parts": [row[0] for row in rows], "places": [row[1] for row in rows]},
        )
