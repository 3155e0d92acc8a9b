"""What a version holds, as a few numbers that differ when any cell does."""

from __future__ import annotations

from onemind.campaign import contracts
from onemind.store.store import Store, relation


def content(store: Store, number: int) -> dict[str, tuple[int, int, int]]:
    """Return of each dataset of a version: its rows, and two sums over a hash of each whole row.

    The order of the rows does not matter. Two stores hold the same when these are the same.
    """
    version, found = store.version(number), {}
    with store.cursor() as con:
        for name, parsed in contracts().items():
            columns = ", ".join(parsed.columns)
            rows, mixed, total = con.execute(
                f"""
                select count(*), coalesce(bit_xor(mark), 0), coalesce(sum(mark::hugeint), 0)
                from (select hash({columns}) as mark from ({relation(name, version)}))"""
            ).fetchone() or (0, 0, 0)
            found[name] = (int(rows), int(mixed), int(total))
    return found
