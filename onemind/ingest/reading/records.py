"""Records of other programs as rows: Parquet, and JSON as a list or line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

LISTS = ("data", "records", "rows", "items", "results", "features", "value")


def parquet_rows(path: Path) -> Iterator[list[str]]:
    """Yield the header and the rows of a Parquet file, as text; raises ValueError when it is
    damaged.
    """
    import pyarrow as pa  # a tenth of a second that other files need not wait for
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            yield list(file.schema_arrow.names)
            for batch in file.iter_batches():
                columns = [column.to_pylist() for column in batch.columns]
                yield from ([_text(value) for value in row] for row in zip(*columns, strict=True))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error


def json_rows(text: str) -> Iterator[list[str]]:
    """Yield the header and the rows of JSON records; raises ValueError where it holds none.

    A record's own records become columns such as `officer.id`. A key that some lack is blank there.
    """
    records = [_flat(record) for record in _records(text)]
    header = list(dict.fromkeys(name for record in records for name in record))
    yield header
    yield from ([record.get(name, "") for name in header] for record in records)


def _records(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(found, dict):
        inner = [found[name] for name in LISTS if isinstance(found.get(name), list)]
        found = inner[0] if inner else [found]
    if not isinstance(found, list) or not found or not all(isinstance(x, dict) for x in found):
        raise ValueError("it holds no list of records")
    return found


def _flat(record: dict[str, Any], start: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{start}{name}.")
        else:
            flat[f"{start}{name}"] = _text(value)
    return flat


def _text(value: Any) -> str:
    """A value as a cell has it: a day or a moment as in ISO 8601, yes or no, nothing as blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if _is_day(value) else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _is_day(value: datetime) -> bool:
    return not (value.hour or value.minute or value.second or value.microsecond)
