"""Sources from the command line: addresses to fetch files from, on a schedule."""

from __future__ import annotations

import argparse
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

from onemind import metrics, settings
from onemind.appdb import AppDatabase, Source
from onemind.cli import activity
from onemind.cli.arguments import opened
from onemind.errors import WrongUse
from onemind.publishing import Allowance, due

FINE, PROBLEMS = 0, 1
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LEAST = 300  # seconds


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `sources` takes."""
    add = command.add_argument
    add("do", choices=("add", "list", "remove", "fetch"), help="what to do")
    add("which", nargs="?", help="the https address to add, or the id of a source")
    add("--every", default="1d", metavar="SPAN", help="how often, such as 30m, 12h or 1d (default)")
    add("--reading", default="", metavar="NAME", help="read its files as this remembered reading")
    add("--author", help="who (default: the user of this computer)")


def sources(args: argparse.Namespace) -> int:
    """Add, list, remove or fetch sources."""
    if args.do in ("add", "remove") and not args.which:
        raise WrongUse(f"Say what to {args.do}.")
    with closing(AppDatabase(settings.load().state)) as appdb:
        match args.do:
            case "add":
                _added(args, appdb)
            case "remove":
                appdb.sources.remove(args.which)
                print(f"The source {args.which} is removed. What was published stays as it is.")
            case "fetch":
                return _fetched(args, appdb)
            case _:
                _listed(args, appdb.sources.all())
    return FINE


def _added(args: argparse.Namespace, appdb: AppDatabase) -> None:
    Allowance(settings.load().source_hosts).prove(args.which)
    if args.reading:
        appdb.readings.named(args.reading)
    who, now = activity.author(args), datetime.now(UTC)
    source = appdb.sources.add(args.which, _span(args.every), args.reading, who, now)
    appdb.activity.add(now, who, "source added", source.url, activity.HERE, {"id": source.id})
    print(metrics.export.to_json(_record(source)) if args.json else f"Source {source.id} is added.")


def _fetched(args: argparse.Namespace, appdb: AppDatabase) -> int:
    with opened() as store:
        came = list(due(store, appdb, only=args.which))
    if args.which and not came:
        raise WrongUse(f"There is no source '{args.which}'. `sources list` has them.")
    if args.json:
        print(metrics.export.to_json([{"id": item.source.id, "version": item.version,
                                       "failed": item.failed, "message": item.message}
                                      for item in came]))  # fmt: skip
    else:
        print(*(item.message for item in came) if came else ("No source is due.",), sep="\n")
    return PROBLEMS if any(item.failed for item in came) else FINE


def _listed(args: argparse.Namespace, known: list[Source]) -> None:
    if args.json:
        print(metrics.export.to_json([_record(item) for item in known]))
        return
    for item in known:
        asked = f"{item.asked_at:%Y-%m-%d %H:%M}" if item.asked_at else "not asked yet"
        print(f"{item.id}  every {timedelta(seconds=item.every)}  {asked}  {item.url}")
        if item.message:
            print(f"  {'failed: ' if item.failed else ''}{item.message}")
    if not known:
        print("There are no sources yet. `sources add https://…` adds one.")


def _record(source: Source) -> dict[str, object]:
    return {name: f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
            for name, value in vars(source).items()}  # fmt: skip


def _span(text: str) -> int:
    """Read 30m, 12h or 1d as seconds."""
    found = re.fullmatch(r"(\d{1,4})([mhd])", text)
    seconds = timedelta(**{UNITS[found[2]]: int(found[1])}).total_seconds() if found else 0
    if seconds < LEAST:
        raise WrongUse(f"'{text}' is no span such as 30m, 12h or 1d, of five minutes or more.")
    return int(seconds)
