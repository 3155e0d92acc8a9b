"""The numbers of every version: how many rows each dataset has, counted by reading them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onemind.backup.archive.manifest import Numbers
from onemind.campaign import contracts
from onemind.store import Connection, Version, relation


def numbers(con: Connection, versions: Iterable[Version]) -> Iterator[Numbers]:
    """Yield the row counts of versions, oldest first, from the first one on.

    A dataset is read again at each version that changed it, and at the last one. A count alone
    comes from metadata and hides a missing file, so a column is read with it. Raises DatabaseError
    where a file is missing or damaged.
    """
    listed, rows = list(versions), dict.fromkeys(contracts(), 0)
    for version in listed:
        for name in contracts():
            if name in version.counts or version is listed[-1]:
                rows[name] = _counted(con, name, version)
        moment = version.published_at.isoformat(timespec="microseconds")
        yield Numbers(version.number, moment, dict(rows))


def _counted(con: Connection, name: str, version: Version) -> int:
    column = contracts()[name].key[0]
    query = f"select count(*), max({column}) from ({relation(name, version)})"
    (count, _) = con.execute(query).fetchone() or (0, None)
    return int(count)
