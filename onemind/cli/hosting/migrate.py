"""The command that moves a campaign, with all its versions, to another place."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from onemind import settings
from onemind.cli.arguments import opened
from onemind.migration import move
from onemind.store import Store
from onemind.words import counted


def migrates(command: argparse.ArgumentParser) -> None:
    """Declare what `migrate` takes."""
    command.add_argument(
        "--to", required=True, metavar="PLACE", help="a PostgreSQL address, or an empty folder"
    )
    command.add_argument(
        "--data", metavar="PLACE", default="", help="with a PostgreSQL address: where the data "
        "goes, a folder or s3://bucket/prefix",
    )  # fmt: skip


def migrate(args: argparse.Namespace) -> int:
    """Copy all versions, files and the state, compare every number, and say so."""
    chosen = settings.elsewhere(args.to, args.data)
    with tempfile.TemporaryDirectory() as scratch, opened() as source:
        if chosen.catalog and not chosen.data and not chosen.bucket:
            chosen = replace(chosen, data=source.settings.store)
        if chosen.catalog:
            chosen = replace(chosen, store=Path(scratch))
        target = Store(chosen)
        try:
            done = move(source, target, _say)
        finally:
            target.close()
    print(
        f"Done: {counted(done.versions, 'version')}, {counted(done.files, 'file')} and "
        f"{counted(done.rows, 'row')} of state are there, and every number is the same."
    )
    print("This store was not changed. Point the settings to the new place and start again.")
    return 0


def _say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr)
