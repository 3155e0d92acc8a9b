"""Tidying: many small files become few, so that a thousand publishes read like one.

Versions stay, each as it was: files are merged, snapshots never expired. It is done alone: while
files are merged, a reader of the same lake could find a table empty.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from onemind.store import lake
from onemind.store.locks import gate, publish_lock
from onemind.store.store import Store

EVERY = 100  # files more than tables: about as many publishes
WAIT = 60.0  # seconds


@dataclass(frozen=True)
class Tidied:
    """How many files the newest version was read from, before and after."""

    before: int
    after: int


def due(store: Store) -> bool:
    """Whether the newest version is read from so many files that tidying pays."""
    with store.cursor() as con:
        tables, files = lake.files(con)
    return files > tables + EVERY


def tidy(store: Store, seconds: float = WAIT) -> Tidied:
    """Merge the files; raises NotPossibleNow when readers or a publish stay in the way so long."""
    place = store.settings.store
    with gate(place, alone=True, seconds=seconds), publish_lock(place, seconds):
        con = store.alone()
        try:
            _, before = lake.files(con)
            con.begin()
            lake.merge_files(con)
            os.sync()  # the catalog is synced by DuckLake, the Parquet files are not
            con.commit()
            lake.delete_merged_files(con)
            _, after = lake.files(con)
        finally:
            con.close()
    return Tidied(before, after)
