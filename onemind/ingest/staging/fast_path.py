"""The fast path of staging: a file whose cells already are as they will be stored.

Most large files are written by machines. Such a file is read with typed columns at once. What
`checked_path` asks of each cell is asked of a column's ends, or once of each of its distinct texts.
Where anything is wrong, odd or to be translated, the whole file takes the checked path, which
names it. Both paths stage the same rows and values.

Whole numbers, months and years alone, constants and hints always take the checked path: as a whole
number DuckDB would read 1.5 as 2, and the others are kept differently from how they are written.
"""

from __future__ import annotations

from onemind.campaign import Contract, Field, Rules
from onemind.ingest.matching import Match
from onemind.ingest.reading import Source
from onemind.ingest.readings import Learned
from onemind.ingest.readings.rows import may_decide
from onemind.ingest.staging import arrow
from onemind.ingest.staging.checked_path import differing, text_rows
from onemind.store import (
    Connection,
    DatabaseError,
    Interrupted,
    drop_temporary,
    is_temporary_view,
    quoted,
)

# A day is read by exactly one form; strptime takes the words "infinity" and "epoch" for 1900.
DAYS = ("%Y-%m-%d", "%m/%d/%Y")
DAY_ENDS = ("date '1900-01-01'", "date '2100-01-01'")
READ_AS = {"string": "varchar", "number": "double", "date": "date", "boolean": "boolean"}


def stage(
    con: Connection,
    source: Source,
    parsed: Contract,
    match: Match,
    rules: Rules,
    said: Learned,
    table: str,
) -> bool:
    """Stage a file in a temporary table, or view, of its dataset's columns; False if it can't.

    `said` is what somebody said of the file; nothing is learned from its cells here.
    """
    types = _types(source, parsed, match)
    if types is None or _may_leave_rows_out(source, match, said):
        return False
    columns = ", ".join(_kept(field, match) for field in parsed.fields)
    day = _read(con, source, types, columns, table)
    if day is None:
        return False
    if (
        _within_bounds(con, parsed, match, table)
        and _as_written(con, parsed, match, rules, said, table)
        and (day == DAYS[0] or _proves_month_first(con, parsed, match, said, table))
    ):
        return True
    drop_temporary(con, table)
    arrow.put_away(con, types, _cells(table))
    return False


def _types(source: Source, parsed: Contract, match: Match) -> dict[int, str] | None:
    """Return the type to read each column as, by its place; None where a file is not of the kind.

    DuckDB reads 1_000 as a number, which no person means by it.
    """
    if parsed.partial_dates or match.constants or match.hints:
        return None
    types: dict[int, str] = {}
    for name, place in match.columns.items():
        field = parsed.field(name)
        kind = READ_AS.get(field.type)
        if kind is None or types.setdefault(place, kind) != kind:
            return None
        if kind == "double" and source.underscores:
            return None
    return types if any(parsed.field(name).required for name in match.columns) else None


def _read(
    con: Connection, source: Source, types: dict[int, str], columns: str, table: str
) -> str | None:
    """Stage the columns typed, as a view of what Arrow holds or as a table of DuckDB's.

    Returns the form of its days, None where the file is not of the kind.
    """
    cells = _cells(table)
    if arrow.reads(source) and arrow.register(con, source, types, cells):
        place = arrow.PLACE
        con.execute(f"create temp view {table} as select {columns}, {place} from {cells}")
        return DAYS[0]
    return next((day for day in DAYS if _stage(con, source, types, columns, table, day)), None)


def _may_leave_rows_out(source: Source, match: Match, said: Learned) -> bool:
    """Whether a column may say which rows count: that is learned from all of its words."""
    used = {*match.columns.values(), *match.hints.values()}
    return any(
        label in said.reading.rows or may_decide(label)
        for place, label in enumerate(source.header)
        if place not in used
    )


def _proves_month_first(
    con: Connection, parsed: Contract, match: Match, said: Learned, table: str
) -> bool:
    """Whether each column of days has one above 12; else it is to be said how it was read."""
    names = [name for name in match.columns if parsed.field(name).type == "date"]
    if any(said.reading.order(name) for name in names):
        return False
    tests = [f"coalesce(bool_or(day({name}) > 12), true)" for name in names]
    (proven,) = con.execute(f"select {' and '.join(tests) or 'true'} from {table}").fetchone() or (
        False,
    )
    return bool(proven)


def _cells(table: str) -> str:
    return f"cells_of_{table}"


def _stage(
    con: Connection, source: Source, types: dict[int, str], columns: str, table: str, day: str
) -> bool:
    rows = text_rows(source, types=types, more=f"dateformat = {quoted(day)}")
    try:
        con.execute(f"create temp table {table} as select {columns} from {rows}")
    except Interrupted:
        raise
    except DatabaseError:
        return False  # the first cell that is of another kind ends the reading
    return True


def _kept(field: Field, match: Match) -> str:
    default = f"{quoted(field.default)}::{field.sql_type}" if field.default else ""
    if field.name not in match.columns:
        return f"{default or f'null::{field.sql_type}'} as {field.name}"
    cell = f"c{match.columns[field.name]}"
    return f"{f'coalesce({cell}, {default})' if default else cell} as {field.name}"


def _within_bounds(con: Connection, parsed: Contract, match: Match, table: str) -> bool:
    """Whether nothing needed is blank, no value out of its bounds, and no pair in disorder."""
    tests = ["count(*) > 0"]
    for name in match.columns:
        field = parsed.field(name)
        tests += [f"count({name}) = count(*)"] if field.required else []
        tests += [f"coalesce({test}, true)" for test in _bounds(field)]
    tests += [f"not coalesce(bool_or({o.upper} < {o.lower}), false)" for o in parsed.orders]
    (sound,) = con.execute(f"select {' and '.join(tests)} from {table}").fetchone() or (False,)
    return bool(sound)


def _bounds(field: Field) -> list[str]:
    name = field.name
    tests = [f"min({name}) >= {field.minimum}"] if field.minimum is not None else []
    tests += [f"max({name}) <= {field.maximum}"] if field.maximum is not None else []
    if field.type == "number":
        tests += [f"bool_and(isfinite({name}))"]
    if field.type == "date":
        tests += [f"min({name}) > {DAY_ENDS[0]}", f"max({name}) < {DAY_ENDS[1]}"]
    return tests


def _as_written(
    con: Connection, parsed: Contract, match: Match, rules: Rules, said: Learned, table: str
) -> bool:
    """Whether each text is kept as the file has it and nothing is to be said of it."""
    texts = [name for name in match.columns if parsed.field(name).type == "string"]
    selects = {name: _texts(con, match, name, table) for name in texts}
    return not any(
        con.execute(differing(parsed.field(name), parsed, match, rules, said, select)).fetchone()
        for name, select in selects.items()
    )


def _texts(con: Connection, match: Match, name: str, table: str) -> str:
    """Return the SELECT of the texts of a column, each once."""
    if is_temporary_view(con, table):
        registered = f"{_cells(table)}_c{match.columns[name]}"
        return f"select distinct raw from {registered} where raw is not null"
    return f"select distinct {name} as raw from {table} where {name} is not null"
