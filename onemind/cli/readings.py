"""The readings remembered: list them, show one as TOML, remove one."""

from __future__ import annotations

import argparse
from contextlib import closing

from onemind import ingest, metrics, settings
from onemind.appdb import AppDatabase, SavedReading
from onemind.errors import WrongUse

FINE = 0


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `readings` takes."""
    command.add_argument("do", choices=("list", "show", "remove"), help="what to do")
    command.add_argument("name", nargs="?", help="the reading's name, for show and remove")


def readings(args: argparse.Namespace) -> int:
    """List the readings, show one, or forget one."""
    if args.do != "list" and not args.name:
        raise WrongUse(f"Name the reading to {args.do}. `readings list` has them.")
    with closing(AppDatabase(settings.load().state)) as appdb:
        if args.do == "list":
            _listed(args, appdb.readings.all())
        elif args.do == "show":
            _shown(args, appdb.readings.named(args.name))
        else:
            appdb.readings.remove(args.name)
            print(f"The reading '{args.name}' is removed. What was published stays as it is.")
    return FINE


def _listed(args: argparse.Namespace, saved: list[SavedReading]) -> None:
    if args.json:
        print(metrics.export.to_json([_record(item) for item in saved]))
        return
    for item in saved:
        dataset = item.record.get("dataset", "any")
        print(f"{item.name}  {dataset}  {item.saved_at:%Y-%m-%d}  {item.author}")
    if not saved:
        print("No reading is remembered yet. Publishing a file that needs one remembers it.")


def _shown(args: argparse.Namespace, saved: SavedReading) -> None:
    if args.json:
        print(metrics.export.to_json([_record(saved)]))
    else:
        print(ingest.Reading.of(saved.record).toml(), end="")


def _record(saved: SavedReading) -> dict[str, object]:
    return {
        "name": saved.name,
        "headers": list(saved.labels),
        "author": saved.author,
        "saved_at": saved.saved_at.isoformat(timespec="seconds"),
        "reading": saved.record,
    }
