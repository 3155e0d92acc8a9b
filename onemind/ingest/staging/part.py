"""A file in its staged table: which of its rows are sound, and which row of the file each is."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from onemind.campaign import Contract, contract
from onemind.ingest.matching import Match
from onemind.ingest.problem import CODES, Problem
from onemind.ingest.reading import Source
from onemind.ingest.readings import Learned
from onemind.ingest.readings.rows import FILLER, NOTE
from onemind.ingest.readings.text import trimmed
from onemind.ingest.staging.checked_path import FAULTS
from onemind.store import Connection

ERROR_FAULTS = tuple(
    place for place, code in enumerate(FAULTS) if code and CODES[code][0] == "error"
)

# Rows that are not published, for their keys; `place` is the rowid in the part's table, and `why`
# REPEAT where an earlier row says the same.
LEFT_OUT = "create temp table if not exists left_out (part integer, place bigint, why varchar)"
REPEAT, WRONG = "repeat", "wrong"


@dataclass(frozen=True)
class Part:
    """One file in its staged table. `refused` are the lines DuckDB could not split into cells.

    One staged by the fast path (`plain`) has no fault, so its table has no columns for them.
    """

    number: int
    source: Source
    match: Match
    refused: tuple[tuple[int, str, str], ...]
    learned: Learned
    plain: bool = False

    @property
    def table(self) -> str:
        """The temporary table that holds its rows, in the file's order."""
        return f"part_{self.number}"

    @property
    def texts(self) -> str:
        """The temporary table of its cells as the file has them; there is none of a plain one."""
        return f"texts_{self.number}"

    @property
    def contract(self) -> Contract:
        """The contract of its dataset."""
        return contract(self.match.dataset)

    @cached_property
    def notes(self) -> frozenset[int]:
        """The lines among `refused` that are no data either, such as "Page 1 of 2"."""
        return frozenset(line for line, _, text in self.refused if _is_note(self, line, text or ""))

    def row(self, place: int) -> int:
        """Return the reader's row number of the table's row at `place` (its rowid)."""
        if self.source.rows is not None:
            return self.source.rows[place] if 0 <= place < len(self.source.rows) else 0
        first = place + 2 + self.source.above
        return first + bisect_right(self._ahead, first)

    @cached_property
    def _ahead(self) -> list[int]:
        """Where each refused line would stand, were there none before it."""
        lines = sorted({line for line, *_ in self.refused})
        return [line - nth for nth, line in enumerate(lines)]

    def written(self, column: int, condition: str = "p.reason is null") -> str:
        """Return a SELECT of a column as the file has it (from 0): place, word, and reason.

        `condition` is on the staged rows (p) that it is of.
        """
        return f"""
            select p.rowid as place, {trimmed(f"t.c{column}")} as word, p.reason
            from {self.table} p join {self.texts} t on p.rowid = t.rowid where {condition}"""

    def problem(
        self, code: str, row: int | None, column: str | None, value: object, message: str
    ) -> Problem:
        """Return a Problem of this file."""
        text = None if value is None else str(value)
        return Problem(self.source.name, self.match.dataset, row, column, code, text, message)

    def clean(self, columns: Iterable[str] | None) -> str:
        """The condition on its table for rows with no error in these columns (None: anywhere)."""
        if self.plain:
            return "true"
        listed = ", ".join(map(str, ERROR_FAULTS))
        names = self.match.given if columns is None else set(columns) & set(self.match.given)
        sure = ["reason is null", *(["not unclear"] if columns is None else [])]
        tests = [*sure, *(f"fault_{name} not in ({listed})" for name in names)]
        if columns is None:
            tests += [
                f"not disorder_{number}"
                for number, order in enumerate(self.contract.orders)
                if order.severity == "error"
            ]
        return " and ".join(tests)


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
    con.execute(LEFT_OUT)
    if not con.execute(f"select 1 from left_out where part = {part.number} limit 1").fetchone():
        return ""
    return f" and rowid not in (select place from left_out where part = {part.number})"


def leave_out(con: Connection, rows: list[tuple[int, int]], why: str = WRONG) -> None:
    """Leave rows, given as (part, place), out of what can be published."""
    if rows:
        con.execute(LEFT_OUT)
        con.execute(
            "insert into left_out select unnest($parts), unnest($places), $why",
            {"parts": [row[0] for row in rows], "places": [row[1] for row in rows], "why": why},
        )


def _is_note(part: Part, line: int, text: str) -> bool:
    cells = next(csv.reader([text.strip("\r\n")], delimiter=part.source.delimiter), [])
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return True
    if len(filled) != 1 or len(part.source.header) < 3 or len(cells) > len(part.source.header):
        return False
    if not any(map(str.isalnum, filled[0])) or re.fullmatch(FILLER, filled[0]):
        return True
    return line > part.row(part.learned.last) and bool(re.fullmatch(NOTE, filled[0]))
