"""Repairing a store: what is missing or damaged is taken from a copy or a backup, and proven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from onemind.store import lake
from onemind.store.care.copies import LOG
from onemind.store.care.data import Data, FolderData
from onemind.store.care.depth import UNKNOWN, Fault
from onemind.store.care.sources import Source, bring

ASIDE = "damaged"


@dataclass(frozen=True)
class Repaired:
    """The files that were taken from the source, and those that it does not have as they were."""

    taken: tuple[str, ...]
    lacking: tuple[str, ...]


def repaired(data: Data, faults: Iterable[Fault], source: Source, now: datetime) -> Repaired:
    """Take what is missing or damaged from a copy or a backup; what was damaged is moved aside.

    It goes to `damaged/MOMENT` in the store.
    """
    taken, lacking = [], []
    for fault in faults:
        if fault.kind == UNKNOWN:
            continue
        if bring(source, fault.file, data, fault.sha256, f"{_aside(now)}/{fault.file}"):
            taken.append(fault.file)
        else:
            lacking.append(fault.file)
    return Repaired(tuple(taken), tuple(lacking))


def bring_catalog(store: Path, source: Source, now: datetime) -> bool:
    """Take the catalog from a copy or a backup, and return whether there was one.

    What is left of the old one is moved aside. Nobody may have the store open.
    """
    log, aside, data = f"{lake.CATALOG}{LOG}", _aside(now), FolderData(store)
    store.mkdir(parents=True, exist_ok=True)
    if source.sum_of(lake.CATALOG) is None:
        return False
    for ending in (LOG, "-shm"):
        left = store / f"{lake.CATALOG}{ending}"
        if left.exists():
            (store / aside).mkdir(parents=True, exist_ok=True)
            left.replace(store / aside / left.name)
    bring(source, log, data, None, f"{aside}/{log}")
    return bring(source, lake.CATALOG, data, None, f"{aside}/{lake.CATALOG}")


def _aside(now: datetime) -> str:
    return f"{ASIDE}/{now:%Y%m%dT%H%M%S}"
