"""The activity log from the command line: what commands did is noted, and the log is read."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, time

from onemind import metrics, settings
from onemind.appdb import AppDatabase, words
from onemind.cli.arguments import day

FINE = 0
HERE = "command line"
NAMED = ("at", "actor", "action", "subject", "ip", "details")


def author(args: argparse.Namespace) -> str:
    """Return who does it: as given, else the user of this computer."""
    return str(args.author or settings.operating_system_user())


def note(actor: str, action: str, subject: str, **details: object) -> None:
    """Note what a command did."""
    with closing(AppDatabase(settings.load().state)) as appdb:
        appdb.activity.add(datetime.now(UTC), actor, action, subject, HERE, details)


def activity(args: argparse.Namespace) -> int:
    """Print what was done, by whom, when and from where, newest first."""
    since = datetime.combine(args.since, time(), UTC) if args.since else None
    with closing(AppDatabase(settings.load().state)) as appdb:
        events = appdb.activity.events(tuple(args.action), args.actor, since, args.most)
    records = [asdict(event) | {"at": event.at.isoformat(timespec="seconds")} for event in events]
    if args.json:
        print(metrics.export.to_json(records))
    elif args.csv:
        sys.stdout.write(metrics.export.to_csv(NAMED, map(_row, records)))
    else:
        for record in records:
            print("  ".join(map(str, _row(record))).rstrip())
    return FINE


def _row(record: dict[str, object]) -> list[object]:
    return [*(record[name] for name in NAMED[:-1]), words(record["details"])]


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `activity` takes."""
    add = command.add_argument
    add(
        "--action",
        action="append",
        default=[],
        help="only this kind of event, such as publish or sign-in",
    )
    add("--actor", help="only what this person did")
    add("--since", type=day, metavar="DATE", help="only from this day on")
    add("--most", type=int, default=1000, help="most rows to list (default 1000)")
    add("--csv", action="store_true", help="answer in CSV")
