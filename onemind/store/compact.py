"""Compacting: many small files become few, so that a thousand publishes read like one.

Every version stays as it was: files are merged, and no snapshot expires. Nobody may read meanwhile,
because a reader of the lake could find a table empty while its files are merged.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from onemind.store import lake
from onemind.store.locks import gate, publish_lock
from onemind.store.store import Store

EVERY = 100  # files beyond one a table: about one comes with each publish
WAIT = 60.0  # seconds


@dataclass(frozen=True)
class Compacted:
    """How many files the newest version was read from, before and after."""

    before: int
    after: int


def due(store: Store) -> bool:
    """Whether the newest version is read from so many files that compacting pays."""
    with store.cursor() as con:
        tables, files = lake.files(con)
    return files > tables + EVERY


def compact(store: Store, seconds: float = WAIT) -> Compacted:
    """Merge the files; raises NotPossibleNow if readers or a publish hold it up that long."""
    chosen = store.settings
    store.health.require_writable()
    with gate(chosen, alone=True, seconds=seconds), publish_lock(chosen, seconds):
        con = store.alone()
        try:
            _, before = lake.files(con)
            with store.health.writing() as written:
                con.begin()
                lake.merge_files(con)
                lake.say(con, {"written": written()})
                os.sync()  # the catalog is synced by DuckLake, the Parquet files are not
                con.commit()
            lake.delete_merged_files(con)
            _, after = lake.files(con)
        finally:
            con.close()
    return Compacted(before, after)
