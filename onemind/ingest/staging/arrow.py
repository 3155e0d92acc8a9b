"""Reading the columns of a large file with Apache Arrow, in half the time DuckDB takes for it.

Arrow splits a line wherever a delimiter stands, and knows one way to write a day (2017-09-20). So
only files without a quotation mark are read with it; a line or a cell that it does not know ends
the reading, and DuckDB, which knows more, begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from onemind.ingest.reading import Source
from onemind.ingest.staging.typing import BOOLEANS
from onemind.store import Connection, is_temporary_view

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 8_000_000  # bytes; a smaller file is read by the time that Arrow is there
BLOCK = 1 << 21  # bytes split at a time; the texts of each are held once
PLACE = "rowid"  # where DuckDB's own tables have it


def reads(source: Source) -> bool:
    """Whether a file is worth it and of the kind that Arrow takes as DuckDB does."""
    return not source.quotes and (source.body or source.path).stat().st_size >= LARGE


def register(con: Connection, source: Source, types: Mapping[int, str], table: str) -> bool:
    """Let a connection read columns of a file (c0, c1, …) and PLACE as `table`; False if it can't.

    `types` names those columns by their place, with their SQL types: varchar, double, date or
    boolean. The texts that a column c0 holds, each at least once, are the column `raw` of a table
    of their own, `table`_c0.
    """
    import pyarrow as pa  # a tenth of a second that other files need not wait for

    try:
        cells = _cells(source, types)
    except pa.ArrowInvalid:
        return False
    for name in _texts(types):
        texts = pa.concat_arrays([chunk.dictionary for chunk in cells.column(name).chunks])
        con.register(f"{table}_{name}", pa.table({"raw": texts}))
    con.register(table, cells.append_column(PLACE, pa.arange(0, len(cells))))
    return True


def _cells(source: Source, types: Mapping[int, str]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    known = {
        "varchar": pa.dictionary(pa.int32(), pa.string()),
        "double": pa.float64(),
        "date": pa.date32(),
        "boolean": pa.bool_(),
    }
    columns = {f"c{place}": known[kind] for place, kind in types.items()}
    names = [f"c{place}" for place in range(len(source.header))]
    return csv.read_csv(
        source.body or source.path,
        csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK),
        csv.ParseOptions(delimiter=source.delimiter, quote_char=False, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=columns, include_columns=list(columns), null_values=[""],
            strings_can_be_null=True, true_values=_words("true"), false_values=_words("false"),
        ),
    )  # fmt: skip


def put_away(con: Connection, types: Mapping[int, str], table: str) -> None:
    """Forget the columns that were laid open as `table`, if any were."""
    for name in (table, *(f"{table}_{name}" for name in _texts(types))):
        con.unregister(name)


def settle(con: Connection, table: str) -> None:
    """Make a table of DuckDB's own of a temporary view, so that it can be changed."""
    if is_temporary_view(con, table):
        con.execute(f"create temp table settled as from {table} order by {PLACE}")
        con.execute(f"alter table settled drop column {PLACE}")
        con.execute(f"drop view {table}")
        con.execute(f"alter table settled rename to {table}")


def _texts(types: Mapping[int, str]) -> list[str]:
    return [f"c{place}" for place, kind in types.items() if kind == "varchar"]


def _words(truth: str) -> list[str]:
    words = [word for word, said in BOOLEANS.items() if said == truth]
    return [cased for word in words for cased in (word, word.upper(), word.capitalize())]
