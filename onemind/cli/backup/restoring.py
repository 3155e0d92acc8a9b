"""The commands that restore a backup: for good, or aside as a drill that proves it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from onemind import backup as backups
from onemind import metrics, settings
from onemind.cli import activity
from onemind.cli.arguments import opened
from onemind.errors import WrongUse
from onemind.words import counted

FINE, DIFFERS = 0, 1


def restores(command: argparse.ArgumentParser) -> None:
    """Declare what `restore-backup` takes."""
    command.add_argument(
        "file", metavar="FILE", help="the backup, or a folder: the newest in it; s3://..., too"
    )
    command.add_argument(
        "--to", type=Path, metavar="FOLDER", help="a new or empty folder (default: ONEMIND_STORE)"
    )


def drills(command: argparse.ArgumentParser) -> None:
    """Declare what `drill` takes."""
    command.add_argument(
        "file", metavar="FILE", help="the backup, or a folder: the newest in it; s3://..., too"
    )


def restore_backup(args: argparse.Namespace) -> int:
    """Restore a backup into a new or empty store folder."""
    chosen = settings.load()
    if chosen.catalog and not args.to:
        raise WrongUse(
            "A backup is restored into a folder: add --to FOLDER. Then move it: "
            "python -m onemind migrate --to POSTGRESQL."
        )
    chosen = chosen.alone(args.to.resolve() if args.to else chosen.store)
    try:
        manifest = backups.restore(settings.place_of_backups("FILE", args.file), chosen)
    except backups.BackupRefused as error:
        print(f"{error} Nothing was restored.", file=sys.stderr)
        return DIFFERS
    if args.json:
        print(metrics.export.to_json({
            "store": str(chosen.store), "versions": len(manifest.versions),
            "made_at": f"{manifest.made_at:%Y-%m-%dT%H:%M:%SZ}",
        }))  # fmt: skip
        return FINE
    versions = counted(len(manifest.versions), "version")
    print(f"{chosen.store} holds {versions}, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    print("People sign in again; share links work as before. Uploads that waited are not in it.")
    if (chosen.store / "rules").is_dir():
        print(f"Rules of your own came along: set ONEMIND_RULES={chosen.store / 'rules'}.")
    return FINE


def drill(args: argparse.Namespace) -> int:
    """Restore a backup aside and compare all numbers, and note it; 1 when anything differs."""
    who = settings.operating_system_user()
    place = settings.place_of_backups("FILE", args.file)
    try:
        with opened() as store:
            result = backups.drill(place, store, date.today())
    except backups.BackupRefused as error:
        activity.note(who, "drill failed", args.file, why=str(error))
        print(error, file=sys.stderr)
        return DIFFERS
    action = "drill failed" if result.differences else "drill"
    activity.note(who, action, result.name, says=result.says())
    record = asdict(result) | {"seconds": round(result.seconds, 2)}
    print(metrics.export.to_json(record) if args.json else result.says())
    return DIFFERS if result.differences else FINE
