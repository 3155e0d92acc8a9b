"""The command that makes a backup."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from onemind import backup as backups
from onemind import metrics, settings
from onemind.appdb import AppDatabase
from onemind.cli import activity
from onemind.cli.arguments import opened
from onemind.errors import OneMindError, WrongUse
from onemind.words import counted

FINE = 0


def makes(command: argparse.ArgumentParser) -> None:
    """Declare what `backup` takes."""
    command.add_argument("file", type=Path, metavar="FILE", help="a new NAME.tar, or a folder")
    command.add_argument(
        "--keep",
        metavar="SPANS",
        help="then remove older backups in the folder but for the newest of each of so many days, "
        "weeks and months, as in 7d,4w,12m",
    )


def backup(args: argparse.Namespace) -> int:
    """Back the store up, note it, and remove what is not to be kept."""
    rule = settings.keeping("--keep", args.keep) if args.keep else ()
    if rule and not args.file.is_dir():
        raise WrongUse(f"--keep goes with a folder, and {args.file} is none.")
    if not args.file.is_dir() and args.file.suffix != ".tar":
        raise WrongUse(f"{args.file} is no folder. The name of a backup ends in .tar.")
    now, begun, who = datetime.now(UTC), time.monotonic(), settings.operating_system_user()
    with opened() as store, closing(AppDatabase(store.settings.state)) as appdb:
        try:
            made = backups.back_up(store, args.file, now)
        except OneMindError as error:
            if not isinstance(error, WrongUse):
                backups.note_failure(appdb, str(args.file), error, who, now, activity.HERE)
            raise
        backups.note(appdb, made, who, now, activity.HERE)
        removed = backups.prune(made, now, rule) if rule else []
    seconds = time.monotonic() - begun
    if args.json:
        print(metrics.export.to_json({
            "file": str(made.path), "bytes": made.size, "seconds": round(seconds, 2),
            "versions": len(made.manifest.versions), "removed": [path.name for path in removed],
        }))  # fmt: skip
        return FINE
    versions = counted(len(made.manifest.versions), "version")
    print(f"{made.path} holds {versions}: {made.size / 1e6:,.1f} MB in {seconds:.1f} seconds.")
    print("Everything in it was read back. It holds secrets: keep it as safe as the store.")
    if removed:
        print(f"Removed {counted(len(removed), 'older backup')}.")
    return FINE
