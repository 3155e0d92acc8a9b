"""One version from one store into another, by its difference from the version before."""

from __future__ import annotations

import tempfile
from pathlib import Path

from onemind.campaign import contracts
from onemind.store.lake import drop_temporary, quoted
from onemind.store.publish import Delta, commit, compare
from onemind.store.store import Store, Version, relation


def copy_version(source: Store, target: Store, version: Version, before: Version | None) -> None:
    """Publish a version of `source` into `target`, whose newest is a copy of the one before.

    All that is known of it stays: number, author, moment, message, files. Raises VersionMoved when
    another publish came into `target` meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder, target.cursor() as con:
        base, deltas = target.current(), []
        for delta, path in _written(source, version, before, Path(folder)):
            drop_temporary(con, delta.table)
            con.execute(f"create temp table {delta.table} as from read_parquet({quoted(path)})")
            deltas.append(delta)
        commit(
            target, con, deltas, base, version.author, version.message, mode=version.mode,
            files=version.files, originals=version.originals, sample=version.sample,
            restored=version.restored, published_at=version.published_at.isoformat(),
        )  # fmt: skip


def _written(
    source: Store, version: Version, before: Version | None, folder: Path
) -> list[tuple[Delta, Path]]:
    """Write what a version changed, each dataset a file; returns them with their differences."""
    found = []
    with source.cursor() as con:
        for name in contracts():
            if name not in version.counts:
                continue
            delta = compare(con, name, relation(name, before), relation(name, version))
            path = folder / f"{name}.parquet"
            con.execute(f"copy (from {delta.table}) to {quoted(path)} (format parquet)")
            found.append((delta, path))
    return found
