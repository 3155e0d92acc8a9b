"""Rows as Parquet: each column has the type that is declared, also where all of it is unknown."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onemind.metrics.export.columns import Column

ROWS = 50_000  # of a group: a reader that wants few of them reads one group


def to_parquet(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], about: Mapping[str, str]
) -> bytes:
    """Return rows as a Parquet file; `about` is written into the file's own notes."""
    import pyarrow  # a tenth of a second that most commands need not wait for
    from pyarrow import parquet

    kinds = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("us", tz="UTC"),
        "boolean": pyarrow.bool_(),
    }
    fields = [
        pyarrow.field(item.name, kinds[item.type], metadata={"description": item.description})
        for item in columns
    ]
    values = list(zip(*rows, strict=True)) or [()] * len(fields)
    arrays = [
        pyarrow.array(list(column), type=field.type, from_pandas=False)
        for column, field in zip(values, fields, strict=True)
    ]
    table = pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields, dict(about)))
    target = io.BytesIO()
    parquet.write_table(table, target, row_group_size=ROWS, compression="zstd")
    return target.getvalue()
