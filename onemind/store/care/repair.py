"""Repairing a store: what is missing or damaged is taken from a copy or a backup, and proven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from onemind.store import lake
from onemind.store.care import sources
from onemind.store.care.copies import LOG
from onemind.store.care.depth import UNKNOWN, Fault

ASIDE = "damaged"


@dataclass(frozen=True)
class Repaired:
    """The files that were taken from the source, and those that it does not have as they were."""

    taken: tuple[str, ...]
    lacking: tuple[str, ...]


def repaired(store: Path, faults: Iterable[Fault], place: Path, now: datetime) -> Repaired:
    """Take what is missing or damaged from a copy or a backup; what was damaged is moved aside.

    It goes to `damaged/MOMENT` in the store. Raises WrongUse where there is no copy at the place.
    """
    taken, lacking = [], []
    with sources.opened(place) as source:
        for fault in faults:
            if fault.kind == UNKNOWN:
                continue
            aside = _aside(store, now) / fault.file
            target = store / fault.file
            if sources.bring(source, fault.file, target, fault.sha256, aside):
                taken.append(fault.file)
            else:
                lacking.append(fault.file)
    return Repaired(tuple(taken), tuple(lacking))


def bring_catalog(store: Path, place: Path, now: datetime) -> bool:
    """Take the catalog from a copy or a backup, and return whether there was one.

    What is left of the old one is moved aside. Nobody may have the store open.
    """
    log = f"{lake.CATALOG}{LOG}"
    aside = _aside(store, now)
    store.mkdir(parents=True, exist_ok=True)
    with sources.opened(place) as source:
        if source.sum_of(lake.CATALOG) is None:
            return False
        for ending in (LOG, "-shm"):
            left = store / f"{lake.CATALOG}{ending}"
            if left.exists():
                aside.mkdir(parents=True, exist_ok=True)
                left.replace(aside / left.name)
        sources.bring(source, log, store / log, None, aside / log)
        return sources.bring(source, lake.CATALOG, store / lake.CATALOG, None, aside / lake.CATALOG)


def _aside(store: Path, now: datetime) -> Path:
    return store / ASIDE / f"{now:%Y%m%dT%H%M%S}"
