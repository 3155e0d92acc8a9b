"""The doctor's deeper looks: every file by its checksum, and what is lost taken from a backup."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

from onemind import metrics, settings
from onemind.cli.arguments import opened
from onemind.errors import NotPossibleNow, Unreachable
from onemind.store import Store, care
from onemind.words import counted

FINE, FAULTS = 0, 1


def deep(args: argparse.Namespace) -> int:
    """Name every file of the store that is missing, damaged or of no version; then end with 1."""
    with opened() as store:
        depth = store.looked_into()
    if args.json:
        faults = [asdict(fault) for fault in depth.faults]
        record = {"files": depth.read, "faults": faults, "taken": len(depth.taken)}
        print(metrics.export.to_json(record))
        return FAULTS if faults else FINE
    _say_taken(depth)
    for fault in depth.faults:
        print(fault.says)
    if depth.faults:
        print(f"{counted(len(depth.faults), 'file')} at fault, of {depth.read:,}.")
        return FAULTS
    print(f"{counted(depth.read, 'file')} read: every version is as it was published.")
    return FINE


def _say_taken(depth: care.depth.Depth) -> None:
    if depth.taken:
        print(
            f"{counted(len(depth.taken), 'file')} had no checksum, from an earlier release. "
            "Their checksums were taken now."
        )


def run(args: argparse.Namespace) -> int:
    """Take what is missing or damaged from a source; 1 when something is still at fault."""
    now = datetime.now(UTC)
    with closing(_opened_with_catalog(args, now)) as store:
        place = store.settings.store
        depth = store.looked_into()
        done = care.repair.repaired(place, depth.faults, args.repair, now)
        after = store.looked_into() if done.taken else depth
    faults = [fault for fault in after.faults if fault.file not in done.lacking]
    if args.json:
        record = {"taken": done.taken, "lacking": done.lacking,
                  "faults": [asdict(fault) for fault in after.faults]}  # fmt: skip
        print(metrics.export.to_json(record))
        return FAULTS if after.faults else FINE
    for file in done.taken:
        print(f"Taken: {file}")
    for file in done.lacking:
        print(f"Not found: {file}. {args.repair} does not have it as it was published.")
    for fault in faults:
        print(fault.says)
    if not depth.faults:
        print("Nothing was missing or damaged.")
    return FAULTS if after.faults else FINE


def _opened_with_catalog(args: argparse.Namespace, now: datetime) -> Store:
    """Open the store; where its catalog is lost, take that from the source first."""
    chosen = settings.load()
    try:
        return Store(chosen)
    except Unreachable as error:
        if not care.repair.bring_catalog(chosen.store, args.repair, now):
            raise NotPossibleNow(f"{error} {args.repair} has none.") from error
    if not args.json:
        print(f"Taken: the catalog. Versions published after {args.repair} was made are not in it.")
    return Store(chosen)
