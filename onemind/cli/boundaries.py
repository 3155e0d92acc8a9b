"""Outlines of cities and towns from the command line: add, download, list, remove."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from onemind import geography, metrics, settings
from onemind.errors import WrongUse
from onemind.geography import CENSUS, FILE, Atlas, OutlinesRefused, atlas_of, download, state_number
from onemind.geography.add import LEVEL, Draft
from onemind.metrics import towns
from onemind.store import Store

FINE, PROBLEMS = 0, 1
Verb = Callable[[argparse.Namespace], int]


def arguments(command: argparse.ArgumentParser) -> None:
    """Give the command its verbs."""
    verbs = command.add_subparsers(
        dest="verb", required=True, metavar="VERB", help="what to do with outlines"
    )
    adding = _verb(verbs, "add", add, "check a file of outlines and draw maps with it")
    adding.add_argument("file", type=Path, help="GeoJSON in WGS 84, or a zipped shapefile")
    fetching = _verb(verbs, "download", fetch, "fetch outlines from the US Census Bureau")
    fetching.add_argument(
        "--from",
        dest="base",
        default=CENSUS,
        metavar="URL",
        help="another address, such as a mirror",
    )
    for one in (adding, fetching):
        one.add_argument(
            "--level", choices=[LEVEL], default=LEVEL, help="what they are outlines of"
        )
        one.add_argument("--name-property", metavar="NAME", help="which property holds the name")
        one.add_argument(
            "--check", action="store_true", help="show what would be added, without adding it"
        )
    removing = _verb(verbs, "remove", remove, "go back to points for a state's cities and towns")
    for one in (adding, fetching, removing):
        one.add_argument("--state", required=True, help="the state, by its postal code")
    _verb(verbs, "list", listed, "say which outlines were added")


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Verb, text: str
) -> argparse.ArgumentParser:
    command = verbs.add_parser(name, help=text, description=text.capitalize() + ".")
    command.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="answer in JSON"
    )
    command.set_defaults(run=run)
    return command


def add(args: argparse.Namespace) -> int:
    """Check a file and keep its outlines; 1 when it has faults."""
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{args.file} can't be read: {error.strerror}.") from error
    return _added(args, content, args.file.name)


def fetch(args: argparse.Namespace) -> int:
    """Fetch a state's outlines and keep them."""
    content = download(args.state, args.base)
    return _added(args, content, FILE.format(number=state_number(args.state)))


def _added(args: argparse.Namespace, content: bytes, source: str) -> int:
    atlas = _atlas()
    try:
        draft = geography.add.draft(atlas, content, args.state, source, args.name_property)
    except OutlinesRefused as error:
        print(f"{source} was refused; nothing was added.\n{error}", file=sys.stderr)
        return PROBLEMS
    towns = _towns(args.state)
    if not args.check:
        geography.add.keep(atlas, draft)
    if args.json:
        print(metrics.export.to_json(_record(draft, towns) | {"added": not args.check}))
    else:
        print(*draft.sentences(towns), sep="\n")
        print(
            "Nothing was added." if args.check else "Added: maps are drawn with them from now on."
        )
    return FINE


def _record(draft: Draft, towns: list[geography.add.Town]) -> dict[str, object]:
    return {
        "state": draft.state,
        "outlines": len(draft.outlines),
        "size": len(draft.content),
        "strangers": list(draft.strangers),
        "missing": list(draft.missing),
        "towns_without": draft.without(towns),
    }


def _towns(state: str) -> list[geography.add.Town]:
    store = Store(settings.load())
    try:
        return towns(store, state)
    finally:
        store.close()


def remove(args: argparse.Namespace) -> int:
    """Remove a state's outlines."""
    geography.add.remove(_atlas(), args.state)
    record = {"state": args.state, "removed": True}
    print(metrics.export.to_json(record) if args.json else f"Removed the outlines of {args.state}.")
    return FINE


def listed(args: argparse.Namespace) -> int:
    """Print which outlines were added."""
    outlines = _atlas().kept()
    if args.json:
        print(metrics.export.to_json([item.record() for item in outlines]))
        return FINE
    for item in outlines:
        print(
            f"{item.state}  {item.level}  {item.count:,} outlines  {item.size / 1e3:,.0f} KB  "
            f"{item.source}  added {item.added_at.astimezone():%Y-%m-%d %H:%M}"
        )
    if not outlines:
        print("No outlines have been added, so cities and towns appear as points.")
    return FINE


def _atlas() -> Atlas:
    return atlas_of(settings.load())
