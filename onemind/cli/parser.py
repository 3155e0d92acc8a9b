"""The command line: everything the pages do, scripted. `python -m onemind --help` lists it.

Exit codes: 0 fine, 1 the data has problems, 2 wrong use, 3 not allowed or not possible now.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from onemind import __version__
from onemind.campaign import DATASETS
from onemind.cli import commands, watch
from onemind.cli.arguments import day
from onemind.errors import ContractError, OneMindError, WrongUse
from onemind.ingest import CheckFailed
from onemind.metrics import BY
from onemind.publishing import MODES

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

WRONG_USE, NOT_POSSIBLE = 2, 3

ALIASES = {"tidy": "compact"}  # what a command was called before; it still works

# The commands beside the data: name -> (module, function, help). A brief draws with Typst, outlines
# are read with libraries of their own: each module is loaded only when its command is wanted.
BESIDE = {
    "boundaries": ("boundaries", "listed", "outlines of cities and towns for the maps"),
    "brief": ("brief", "brief", "a one-page PDF to print or send"),
    "link": ("links", "run", "share links: create, list or revoke them"),
    "people": ("people", "people", "who may sign in: add, list, change, remove"),
    "activity": ("activity", "activity", "who did what, when and from where"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    words[:1] = [ALIASES.get(word, word) for word in words[:1]]
    command = next((word for word in words if not word.startswith("-")), None)
    args = parser(command).parse_args(words)
    try:
        return int(args.run(args))
    except WrongUse as error:
        return _failed(error, WRONG_USE)
    except CheckFailed as error:
        return commands.refused(args, error)
    except (OneMindError, ContractError) as error:
        return _failed(error, NOT_POSSIBLE)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        return 0


def _failed(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, each with its help.

    With a `command`, the others need not know their own arguments.
    """
    root = argparse.ArgumentParser(
        prog="python -m onemind", description="The One Mind Campaign from the command line."
    )
    root.add_argument("--version", action="version", version=f"One Mind Campaign {__version__}")
    verbs = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _publishing(verbs)
    _reading(verbs)
    _beside(verbs, command)
    _add(verbs, "compact", commands.compact_store, "merge the store's small files; keep versions")
    _add(verbs, "doctor", commands.doctor, "check this installation and its store")
    return root


def _publishing(verbs: Verbs) -> None:
    _files(_add(verbs, "check", commands.check, "list problems in files, changing nothing"))
    _files(_add(verbs, "diff", commands.diff, "show what publishing files would change"))
    publish = _files(_add(verbs, "publish", commands.publish, "publish files as one version"))
    _signed(publish)
    publish.add_argument(
        "--skip-bad-rows", action="store_true", help="publish the rows without errors"
    )
    watch.arguments(
        _add(verbs, "watch", watch.watch, "publish files as they are dropped into a folder")
    )
    _add(verbs, "versions", commands.versions, "list what was published, when, by whom and why")
    restore = _add(verbs, "restore", commands.restore, "publish a new version equal to an old one")
    restore.add_argument("version", type=int, help="the version to go back to")
    _signed(restore)
    compare = _add(verbs, "compare", commands.compare, "show how two versions differ")
    compare.add_argument("before", type=int, help="a version number")
    compare.add_argument("after", type=int, help="a version number")


def _beside(verbs: Verbs, wanted: str | None) -> None:
    """Add the commands beside the data; their libraries are loaded only for the one wanted."""
    for name, (module, run, help_text) in BESIDE.items():
        command = verbs.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
        command.add_argument("--json", action="store_true", help="answer in JSON")
        if wanted in (None, name):
            imported = import_module(f"onemind.cli.{module}")
            imported.arguments(command)
            command.set_defaults(run=getattr(imported, run))


def _reading(verbs: Verbs) -> None:
    progress = _add(verbs, "progress", commands.progress, "one row a department: where it stands")
    _looking(progress)
    progress.add_argument("--state", help="only this state, by its postal code")
    query = _add(verbs, "query", commands.query, "one number, by any dimension")
    query.add_argument("metric", help="the number to count, such as pledged or mhfa_share")
    query.add_argument("--by", action="append", default=[], help=f"split by: {', '.join(BY)}")
    _looking(query)
    for command in (progress, query):
        command.add_argument(
            "--where", action="append", default=[], metavar="DIMENSION=VALUE", help="only these"
        )
    export = _add(verbs, "export", commands.export, "a dataset as CSV that passes check unchanged")
    export.add_argument("dataset", help=f"one of: {', '.join(DATASETS)}")
    export.add_argument("--version", type=int, help="as it was at this version")
    export.add_argument("-o", "--output", type=Path, help="the file to write (default: print it)")


def _add(
    verbs: Verbs,
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
) -> argparse.ArgumentParser:
    command = verbs.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=run)
    return command


def _files(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    add = command.add_argument
    more: Any = {"action": "append", "default": []}
    add("files", nargs="+", type=Path, metavar="FILE", help="CSV files, of one or several datasets")
    add("--mode", choices=MODES, default="update", help="update adds and changes rows (default); "
        "replace uses the files as the complete datasets")  # fmt: skip
    add("--dataset", choices=DATASETS, help="what the files hold, where the header does not say")
    add("--map", metavar="HEADER=COLUMN", help="use a header as a column; remembered", **more)
    add("--set", metavar="COLUMN=VALUE", help="a value for a column the files lack", **more)
    add("--name", metavar="NAME=ID", help="the department a name stands for; remembered", **more)
    add("--sheet", metavar="SHEET", help="use only this sheet of a workbook", **more)
    add("--allow-shrink", action="store_true", help="let replace remove more than 20%% of the rows")
    return command


def _signed(command: argparse.ArgumentParser) -> None:
    command.add_argument("-m", "--message", required=True, help="why, for the list of versions")
    command.add_argument("--author", help="who (default: the user of this computer)")


def _looking(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--as-of", type=day, metavar="DATE", help="as on this day (default: today)"
    )
    command.add_argument(
        "--version", type=int, help="as published in this version (default: newest)"
    )
    command.add_argument("--csv", action="store_true", help="answer in CSV")
