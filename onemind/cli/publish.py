"""The commands that let files in: check, diff, publish, and restore."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from onemind import ingest, metrics, publishing, settings
from onemind.campaign import DATASETS
from onemind.cli import activity, output
from onemind.cli.activity import author
from onemind.cli.arguments import opened
from onemind.errors import NothingChanged, WrongUse
from onemind.ingest import CheckFailed, Problem, errors, summary
from onemind.publishing import MODES
from onemind.store import publish as store_publish

FINE, PROBLEMS = 0, 1
MOST_PRINTED = 200
Run = Callable[[argparse.Namespace], int]


def files(command: argparse.ArgumentParser) -> None:
    """Declare what `check` and `diff` take."""
    add = command.add_argument
    more: Any = {"action": "append", "default": []}
    add("files", nargs="+", type=Path, metavar="FILE", help="CSV files, of one or several datasets")
    add("--mode", choices=MODES, default="update", help="update adds and changes rows (default); "
        "replace uses the files as the complete datasets")  # fmt: skip
    add("--dataset", choices=DATASETS, help="what the files hold, where the header does not say")
    add("--map", metavar="HEADER=COLUMN", help="use a header as a column; remembered", **more)
    add("--set", metavar="COLUMN=VALUE", help="a value for a column the files lack", **more)
    add("--name", metavar="NAME=ID", help="the department a name stands for; remembered", **more)
    add("--reading", metavar="NAME", help="read the files as this remembered reading says")
    add(
        "--shape",
        choices=ingest.SHAPES,
        default="",
        metavar="SHAPE",
        help="the shape of the "
        f"table, where it is taken for another: {', '.join(ingest.SHAPES)}; remembered",
    )
    add("--dates", choices=ingest.ORDERS, help="the order of days and months, where it is unclear")
    add("--word", metavar="COLUMN:WORD=VALUE", help="what a word means; remembered", **more)
    add("--row", metavar="HEADER:WORD=yes|no", help="whether rows with a word count; remembered",
        **more)  # fmt: skip
    add("--hidden", choices=("yes", "no"), default="", help="whether rows count that a workbook "
        "hides; remembered")  # fmt: skip
    add("--pseudonyms", action="store_true", help="turn names of officers into pseudonyms; the "
        "files are then not kept")  # fmt: skip
    add("--sheet", metavar="SHEET", help="use only this sheet of a workbook", **more)
    add("--allow-shrink", action="store_true", help="let replace remove more than 20%% of the rows")


def publishes(command: argparse.ArgumentParser) -> None:
    """Declare what `publish` takes."""
    files(command)
    _signed(command)
    command.add_argument(
        "--skip-bad-rows", action="store_true", help="publish the rows without errors"
    )


def restores(command: argparse.ArgumentParser) -> None:
    """Declare what `restore` takes."""
    command.add_argument("version", type=int, help="the version to go back to")
    _signed(command)


def _signed(command: argparse.ArgumentParser) -> None:
    command.add_argument("-m", "--message", required=True, help="why, for the list of versions")
    command.add_argument("--author", help="who (default: the user of this computer)")


def _or_problems(run: Run) -> Run:
    """Print why files were refused, where they are."""

    @wraps(run)
    def tried(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except CheckFailed as error:
            print(f"{summary(error.problems)} Nothing was published.", file=sys.stderr)
            _problems(args, tuple(error.problems))
            return PROBLEMS

    return tried


def _options(args: argparse.Namespace) -> publishing.Options:
    return publishing.Options(
        today=date.today(),
        mode=args.mode,
        dataset=args.dataset,
        reading=_reading(args),
        reading_name=args.reading or "",
        pseudonyms=args.pseudonyms,
        sheets=tuple(args.sheet),
        skip_bad_rows=getattr(args, "skip_bad_rows", False),
        allow_shrink=args.allow_shrink,
        say=_say,
    )


def _reading(args: argparse.Namespace) -> ingest.Reading:
    """Return what the line says of how the files are read."""
    reading = ingest.Reading(
        shape=args.shape,
        columns=dict(_pair(text) for text in args.map),
        constants=dict(_pair(text, first=True) for text in args.set),
        dates={ingest.EVERY: args.dates} if args.dates else {},
        words=_words(args.word),
        rows={
            header: {word.lower(): value for word, value in words.items()}
            for header, words in _words(args.row).items()
        },
        names=dict(_pair(text) for text in args.name),
        hidden=args.hidden,
    )
    ingest.prove(reading)
    return reading


def _words(texts: list[str]) -> dict[str, dict[str, str]]:
    """Part COLUMN:WORD=VALUE."""
    words: dict[str, dict[str, str]] = {}
    for text in texts:
        name, value = _pair(text)
        column, sign, word = name.partition(":")
        if not sign:
            raise WrongUse(f"'{text}' is not of the form COLUMN:WORD=VALUE.")
        words.setdefault(column.strip(), {})[word.strip()] = value
    return words


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"{text} …", file=sys.stderr)


def _pair(text: str, *, first: bool = False) -> tuple[str, str]:
    """Part NAME=VALUE at its first sign, or at its last: a header or a name may have one too."""
    name, sign, value = text.partition("=") if first else text.rpartition("=")
    if not sign or not name:
        raise WrongUse(f"'{text}' is not of the form NAME=VALUE.")
    return name.strip(), value.strip()


def _uploads(args: argparse.Namespace) -> list[ingest.Upload]:
    """The files named; looking at them begins at once, before the store is open."""
    for path in args.files:
        publishing.prefetch(path, settings.load().max_upload)
    return [ingest.Upload(path, path.name) for path in args.files]


@_or_problems
def check(args: argparse.Namespace) -> int:
    """Print every problem of the files; 1 when one of them blocks a publish."""
    uploads = _uploads(args)
    with opened() as store, publishing.draft(store, uploads, _options(args)) as (draft, _):
        _problems(args, draft.problems)
        return PROBLEMS if draft.errors else FINE


@_or_problems
def diff(args: argparse.Namespace) -> int:
    """Print what publishing the files would change; 1 when a problem blocks it."""
    from onemind.publishing import (
        effect,  # it loads pandas, which checking and publishing do without
        sentences,
    )

    uploads = _uploads(args)
    with opened() as store, publishing.draft(store, uploads, _options(args)) as (draft, con):
        if args.json:
            print(metrics.export.to_json([item.record() for item in draft.diffs]))
        else:
            output.diffs(draft.diffs)
            if not all(item.empty for item in draft.diffs):
                print(*sentences(effect(store, con, draft, date.today())), sep="\n")
        if draft.errors:
            print(summary(draft.problems), file=sys.stderr)
        return PROBLEMS if draft.errors else FINE


@_or_problems
def publish(args: argparse.Namespace) -> int:
    """Publish the files; a publish that would change nothing is fine and says so."""
    uploads = _uploads(args)
    with opened() as store:
        try:
            version, draft = publishing.publish(
                store, uploads, _options(args), author(args), _message(args)
            )
        except NothingChanged as same:
            return output.unchanged(args, same)
        why = {"why": version.message, "files": len(args.files)}
        activity.note(version.author, "publish", f"version {version.number}", **why)
        warned = summary(draft.problems) if draft.problems else ""
        dropped = "The sample campaign was removed." if draft.drops_sample else ""
        return output.published(args, version, dropped, warned)


def restore(args: argparse.Namespace) -> int:
    """Publish a new version equal to an old one."""
    with opened() as store:
        try:
            version = store_publish.restore(store, args.version, author(args), _message(args))
        except NothingChanged as same:
            return output.unchanged(args, same)
        old = {"of": f"version {args.version}", "why": version.message}
        activity.note(version.author, "restore", f"version {version.number}", **old)
        return output.published(args, version)


def _message(args: argparse.Namespace) -> str:
    text = str(args.message).strip()
    if not text:
        raise WrongUse("Give a reason with -m. It appears in the list of versions.")
    return text


def _problems(args: argparse.Namespace, problems: tuple[Problem, ...]) -> None:
    """Print problems, all of them as JSON or the first as lines."""
    if args.json:
        print(metrics.export.to_json([item.record() for item in problems]))
        return
    for item in problems[:MOST_PRINTED]:
        print(f"{item.file}: {item.severity}: {item.message} [{item.code}]")
    if len(problems) > MOST_PRINTED:
        print(f"… and {len(problems) - MOST_PRINTED:,} more; --json lists all.")
    if args.command == "check":
        print(summary(problems))
        if not errors(problems):
            print("The files can be published.")
