"""The rows of a dataset, as somebody sees them: all of them, or one page after the other."""

from __future__ import annotations

from onemind.campaign import contract
from onemind.metrics.numbers import Result, Source


def dataset(
    store: Source,
    name: str,
    version: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Result:
    """Return rows of a dataset at a version, ordered by its key: all, or `limit` from `offset`."""
    parsed = contract(name)
    sql = f"select {', '.join(parsed.columns)} from {name} order by {', '.join(parsed.key)}"
    part = "" if limit is None else " limit $limit offset $offset"
    asked = {} if limit is None else {"limit": limit, "offset": offset}
    with store.reading(version, [name]) as con:
        return Result(parsed.columns, tuple(con.execute(sql + part, asked).fetchall()))


def count(store: Source, name: str, version: int | None = None) -> int:
    """Return how many rows of a dataset may be seen at a version."""
    with store.reading(version, [contract(name).name]) as con:
        (rows,) = con.execute(f"select count(*) from {name}").fetchone() or (0,)
    return int(rows)
