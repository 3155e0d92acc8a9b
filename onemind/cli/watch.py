"""The watch command: a folder whose files are published as they are dropped into it."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import FrameType

from onemind import metrics, settings
from onemind.cli import activity
from onemind.errors import NotPossibleNow, WrongUse
from onemind.publishing import FAILED, MODES, PUBLISHED, WAITING, Inbox, Outcome, Watch
from onemind.store import Store

FINE, PROBLEMS, NOT_NOW = 0, 1, 3
A_DAY = 86_400.0


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = command.add_argument
    add("folder", type=Path, metavar="FOLDER", help="where files are dropped; created if missing")
    add(
        "--once",
        action="store_true",
        help="process the files that are there, then end: exit code 1 if one failed",
    )
    add("--every", type=_seconds, default=5, metavar="SECONDS", help="between checks (default 5)")
    add(
        "--settle",
        type=_seconds,
        default=2,
        metavar="SECONDS",
        help="how long a file must be unchanged, since it may still be copying (default 2)",
    )
    add("--mode", choices=MODES, default="update", help="update adds and changes rows (default); "
        "replace uses files that arrive together as the complete datasets")  # fmt: skip
    add("--reading", metavar="NAME", help="read the files as this remembered reading says")
    add("--author", help="who (default: the user of this computer)")


def watch(args: argparse.Namespace) -> int:
    """Publish what is dropped into a folder, until a signal ends it; or, once, what lies there."""
    chosen = settings.load()
    inbox = Inbox(_folder(args.folder.resolve(), chosen), args.settle)
    by = activity.author(args)
    with closing(Store(chosen)) as store, _stopped_by_signals() as stop:
        watching = Watch(
            store, inbox, by, args.mode, stopping=stop.is_set, reading_name=args.reading or ""
        )
        report = partial(_report, _print_json if args.json else _print_line, by)
        if args.once:
            return _once(args, watching, stop, by)
        print(f"Watching {inbox.folder}. Ctrl+C ends it.", file=sys.stderr, flush=True)
        watching.run(args.every, time.monotonic, stop.wait, report)
    return FINE


def _once(args: argparse.Namespace, watching: Watch, stop: threading.Event, author: str) -> int:
    outcomes = []
    for outcome in watching.once(stop.wait):
        outcomes.append(outcome)
        _note(outcome, author)
        if not args.json:
            _print_line(outcome)
    if args.json:
        print(metrics.export.to_json([asdict(outcome) for outcome in outcomes]))
    became = {outcome.became for outcome in outcomes}
    return PROBLEMS if FAILED in became else NOT_NOW if WAITING in became else FINE


def _report(report: Callable[[Outcome], None], author: str, outcome: Outcome) -> None:
    _note(outcome, author)
    report(outcome)


def _note(outcome: Outcome, author: str) -> None:
    if outcome.became == PUBLISHED:
        activity.note(author, "publish", f"version {outcome.version}", file=outcome.file)


def _print_line(outcome: Outcome) -> None:
    print(outcome.message, flush=True)


def _print_json(outcome: Outcome) -> None:
    print(json.dumps(asdict(outcome), ensure_ascii=False), flush=True)


def _folder(folder: Path, chosen: settings.Settings) -> Path:
    """Return the folder, made; never one whose files are the dashboard's own."""
    own = folder in (settings.ROOT, settings.SAMPLE, settings.BOUNDARIES)
    if own or folder.is_relative_to(chosen.store):
        raise WrongUse(
            f"{folder} holds the dashboard's own files, and watching moves the files "
            "it finds. Choose a folder used only for dropping files."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise WrongUse(f"{folder} is a file. Choose a folder.") from None
    except OSError as error:
        raise NotPossibleNow(f"The folder {folder} can't be created: {error.strerror}.") from error
    return folder


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Lend an event that SIGTERM and Ctrl+C set; sent again, they end the program at once."""
    stop = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in signals}

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    try:
        for number in signals:
            signal.signal(number, ask)
        yield stop
    finally:
        for number in signals:
            signal.signal(number, before[number])


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= A_DAY:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds, such as 5")
    return seconds
