"""The brief command: one page of the campaign, or of one department, as a PDF."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import date
from pathlib import Path

from onemind import documents, metrics, settings
from onemind.campaign import Filter
from onemind.cli.arguments import day
from onemind.errors import NotPossibleNow
from onemind.store import Store


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = command.add_argument
    about = command.add_mutually_exclusive_group()
    about.add_argument("--state", help="only this state, by its postal code")
    about.add_argument("--department", metavar="ID", help="one department, by its id")
    add("--as-of", type=day, metavar="DATE", help="as on this day (default: today)")
    add("--version", type=int, help="as published in this version (default: newest)")
    add("-o", "--output", type=Path, required=True, metavar="FILE.pdf", help="the file to write")


def brief(args: argparse.Namespace) -> int:
    """Write the brief to a file."""
    states = (args.state.strip().upper(),) if args.state else ()
    chosen = Filter(state=states, as_of=args.as_of, version=args.version)
    with closing(Store(settings.load())) as store:
        made = documents.brief(store, chosen, date.today(), args.department)
    try:
        args.output.write_bytes(made)
    except OSError as error:
        raise NotPossibleNow(f"{args.output} can't be written: {error.strerror}.") from error
    if args.json:
        print(metrics.export.to_json({"file": str(args.output), "bytes": len(made)}))
    else:
        print(f"One page written to {args.output}.")
    return 0
