"""The command that makes a backup."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from datetime import UTC, datetime

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
    command.add_argument(
        "file", metavar="FILE", help="a new NAME.tar, or a folder; s3://bucket/prefix, too"
    )
    command.add_argument(
        "--keep",
        metavar="SPANS",
        help="then remove older backups in the folder but for the newest of each of so many days, "
        "weeks and months, as in 7d,4w,12m",
    )


def backup(args: argparse.Namespace) -> int:
    """Back the store up, note it, and remove what is not to be kept."""
    rule = settings.keeping("--keep", args.keep) if args.keep else ()
    place = _place(args.file, bool(rule))
    now, begun, who = datetime.now(UTC), time.monotonic(), settings.operating_system_user()
    with opened() as store, closing(AppDatabase(store.settings.state)) as appdb:
        try:
            made = backups.back_up(store, place, now)
        except OneMindError as error:
            if not isinstance(error, WrongUse):
                backups.note_failure(appdb, str(place), error, who, now, activity.HERE)
            raise
        backups.note(appdb, made, who, now, activity.HERE)
        removed = backups.prune(made, now, rule) if rule else []
    seconds = time.monotonic() - begun
    if args.json:
        print(metrics.export.to_json({
            "file": str(made.target), "bytes": made.size, "seconds": round(seconds, 2),
            "versions": len(made.manifest.versions), "removed": removed,
        }))  # fmt: skip
        return FINE
    versions = counted(len(made.manifest.versions), "version")
    print(f"{made.target} holds {versions}: {made.size / 1e6:,.1f} MB in {seconds:.1f} seconds.")
    print("Everything in it was read back. It holds secrets: keep it as safe as the store.")
    if removed:
        print(f"Removed {counted(len(removed), 'older backup')}.")
    return FINE


def _place(text: str, prunes: bool) -> backups.Place:
    """Return the file or folder that somebody wrote; raises WrongUse for what is neither."""
    place = settings.place_of_backups("FILE", text)
    if prunes and not backups.is_folder(place):
        raise WrongUse(f"--keep goes with a folder, and {text} is none.")
    if not backups.is_folder(place) and not text.endswith(".tar"):
        raise WrongUse(f"{text} is no folder. The name of a backup ends in .tar.")
    return place
