"""How the command line answers: JSON for programs, CSV, or lines for people."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from onemind import metrics, store
from onemind.errors import NothingChanged
from onemind.store import Version


def published(args: argparse.Namespace, version: Version, *notes: str) -> int:
    """Print a version just made, and notes; return exit code 0."""
    if args.json:
        print(metrics.export.to_json(version.record() | {"changed": True}))
        return 0
    print(f"Published version {version.number}.")
    for name, counts in version.counts.items():
        print(f"  {name}: {store.diff.tally(counts)}")
    for note in filter(None, notes):
        print(note)
    return 0


def unchanged(args: argparse.Namespace, same: NothingChanged) -> int:
    """Print that nothing changed; return exit code 0."""
    record = {"version": same.current, "changed": False, "message": str(same)}
    print(metrics.export.to_json(record) if args.json else same)
    return 0


def diffs(diffs: list[store.diff.Diff]) -> None:
    """Print differences and the first changes of each."""
    for item in diffs:
        print(store.diff.sentence(item))
        for change in item.changes[:20]:
            key = " ".join(str(value) for value in change.key.values())
            print(f"  {change.kind} {key}{_changed(change)}")
    if not diffs:
        print("Nothing differs.")


def _changed(change: store.diff.Change) -> str:
    if change.kind != "changed":
        return ""
    parts = [f"{name} {change.before[name]} -> {after}" for name, after in change.after.items()]
    return ": " + "; ".join(parts)


def result(args: argparse.Namespace, result: metrics.Result) -> None:
    """Print a result as JSON, CSV or an aligned table."""
    if args.json:
        print(metrics.export.to_json(result.records()))
    elif args.csv:
        sys.stdout.write(metrics.export.to_csv(result.columns, result.rows))
    else:
        rows = [result.columns, *([_shown(value) for value in row] for row in result.rows)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(result.columns))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
