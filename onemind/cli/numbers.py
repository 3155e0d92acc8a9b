"""The commands that read what is published: versions, compare, progress, query, export."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from onemind import metrics, settings
from onemind.campaign import DATASETS, Filter
from onemind.cli import output
from onemind.cli.arguments import day, opened
from onemind.errors import NotPossibleNow, WrongUse
from onemind.metrics import BY
from onemind.store.publish import compare_versions

FINE = 0


def nothing(command: argparse.ArgumentParser) -> None:
    """Declare that a command takes nothing of its own."""


def compares(command: argparse.ArgumentParser) -> None:
    """Declare what `compare` takes."""
    command.add_argument("before", type=int, help="a version number")
    command.add_argument("after", type=int, help="a version number")


def progresses(command: argparse.ArgumentParser) -> None:
    """Declare what `progress` takes."""
    _looking(command)
    command.add_argument("--state", help="only this state, by its postal code")


def queries(command: argparse.ArgumentParser) -> None:
    """Declare what `query` takes."""
    add = command.add_argument
    add("metric", help="the number to count, such as pledged or mhfa_share")
    add("--by", action="append", default=[], help=f"split by: {', '.join(BY)}")
    _looking(command)


def exports(command: argparse.ArgumentParser) -> None:
    """Declare what `export` takes."""
    command.add_argument("dataset", nargs="?", help=f"one of: {', '.join(DATASETS)}")
    command.add_argument("--all", action="store_true", help="all datasets, as a zip for publish")
    command.add_argument("--version", type=int, help="as it was at this version")
    command.add_argument("-o", "--output", type=Path, help="the file to write (default: print it)")


def _looking(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--as-of", type=day, metavar="DATE", help="as on this day (default: today)")
    add("--version", type=int, help="as published in this version (default: newest)")
    add("--csv", action="store_true", help="answer in CSV")
    add("--where", action="append", default=[], metavar="DIMENSION=VALUE", help="only these")


def versions(args: argparse.Namespace) -> int:
    """Print all versions, newest first."""
    with opened() as store:
        newest_first = store.versions()[::-1]
    if args.json:
        print(metrics.export.to_json([version.record() for version in newest_first]))
    for version in () if args.json else newest_first:
        when = f"{version.published_at.astimezone():%Y-%m-%d %H:%M}"
        print(f"{version.number:>5}  {when}  {version.author}  {version.message}")
    return FINE


def compare(args: argparse.Namespace) -> int:
    """Print how two versions differ."""
    with opened() as store:
        diffs = compare_versions(store, args.before, args.after)
    if args.json:
        print(metrics.export.to_json([item.record() for item in diffs]))
    else:
        output.diffs(diffs)
    return FINE


def progress(args: argparse.Namespace) -> int:
    """Print where each department stands."""
    chosen = _filter(args)
    if args.state:
        chosen = replace(chosen, state=(args.state,))
    with opened() as store:
        output.result(args, metrics.progress(store, chosen, date.today()))
    return FINE


def query(args: argparse.Namespace) -> int:
    """Print one number for each group asked for."""
    by = tuple(name for part in args.by for name in part.split(","))
    asked = metrics.Query(metrics.metric_name(args.metric), by, _filter(args))
    with opened() as store:
        output.result(args, metrics.query(store, asked, date.today()))
    return FINE


def export(args: argparse.Namespace) -> int:
    """Print a dataset as CSV, or write it to a file; or write all of them into a zip."""
    if args.all == bool(args.dataset) or (args.all and not args.output):
        raise WrongUse("Name one dataset, or write all of them: export --all -o FILE.zip.")
    return _all_of_them(args) if args.all else _one_of_them(args)


def _all_of_them(args: argparse.Namespace) -> int:
    from onemind import documents  # which draws, and takes a while to load

    with opened() as store:
        content = documents.archive(store, args.version)
    _note(args.output.name)
    try:
        args.output.write_bytes(content)
    except OSError as error:
        raise NotPossibleNow(f"{args.output} can't be written: {error.strerror}.") from error
    if args.json:
        print(metrics.export.to_json({"file": str(args.output), "bytes": len(content)}))
    else:
        print(f"All datasets written to {args.output}.", file=sys.stderr)
    return FINE


def _note(subject: str) -> None:
    from onemind.cli import activity  # the small database, which reading does without

    activity.note(settings.operating_system_user(), "export", subject)


def _one_of_them(args: argparse.Namespace) -> int:
    with opened() as store:
        table = metrics.export.dataset(store, args.dataset, args.version)
    _note(f"{args.dataset}.csv")
    text = (
        metrics.export.to_json(table.records())
        if args.json
        else metrics.export.to_csv(table.columns, table.rows)
    )
    if args.output:
        args.output.write_text(text, encoding="utf-8", newline="")
        print(f"{len(table.rows):,} rows written to {args.output}.", file=sys.stderr)
    else:
        sys.stdout.write(text)
    return FINE


def _filter(args: argparse.Namespace) -> Filter:
    return replace(Filter.from_pairs(args.where), as_of=args.as_of, version=args.version)
