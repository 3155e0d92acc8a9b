"""The command line: everything the pages do, scripted. `python -m onemind --help` lists it.

Exit codes: 0 fine, 1 the data has problems, 2 wrong use, 3 not allowed or not possible now.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from onemind import __version__
from onemind.errors import ContractError, OneMindError, WrongUse
from onemind.store import care

WRONG_USE, NOT_POSSIBLE = 2, 3

ALIASES = {"tidy": "compact"}  # what a command was called before; it still works


class Command(NamedTuple):
    """A command: its module, the function that runs it, the one that declares what it takes, and
    its help. Only the module of the wanted command is loaded: some draw, some open a database.
    """

    module: str
    run: str
    arguments: str
    help: str


COMMANDS = {
    "check": Command("publish", "check", "files", "list problems in files, changing nothing"),
    "diff": Command("publish", "diff", "files", "show what publishing files would change"),
    "publish": Command("publish", "publish", "publishes", "publish files as one version"),
    "watch": Command(
        "watch", "watch", "arguments", "publish files as they are dropped into a folder"
    ),
    "versions": Command(
        "numbers", "versions", "nothing", "list what was published, when, by whom and why"
    ),
    "restore": Command(
        "publish", "restore", "restores", "publish a new version equal to an old one"
    ),
    "compare": Command("numbers", "compare", "compares", "show how two versions differ"),
    "progress": Command(
        "numbers", "progress", "progresses", "one row a department: where it stands"
    ),
    "query": Command("numbers", "query", "queries", "one number, by any dimension"),
    "export": Command(
        "numbers",
        "export",
        "exports",
        "a dataset as CSV, or all as a zip; both pass check",
    ),
    "readings": Command(
        "readings", "readings", "arguments", "how files are read: list, show, remove"
    ),
    "pseudonyms": Command(
        "upkeep", "pseudonyms", "secrets", "the secret behind pseudonyms: back it up"
    ),
    "sources": Command(
        "sources", "sources", "arguments", "addresses that files are fetched from, on a schedule"
    ),
    "boundaries": Command(
        "boundaries", "listed", "arguments", "outlines of cities and towns for the maps"
    ),
    "brief": Command("brief", "brief", "arguments", "a one-page PDF to print or send"),
    "letters": Command(
        "sending.letters",
        "letters",
        "arguments",
        "a one-page letter to each department, on paper or by mail",
    ),
    "digest": Command(
        "sending.digests", "digest", "arguments", "what changed: mailed now, or every week"
    ),
    "mail": Command(
        "sending.outbox", "mail", "arguments", "the outbox: list it, send what waits, send again"
    ),
    "webhook": Command(
        "sending.webhooks", "webhook", "arguments", "tell other programs: add, list, remove, test"
    ),
    "site": Command(
        "hosting.site", "make", "arguments", "the public site as a folder, for any web host"
    ),
    "link": Command("links", "run", "arguments", "share links: create, list or revoke them"),
    "people": Command(
        "people", "people", "arguments", "who may sign in: add, list, change, remove"
    ),
    "activity": Command("activity", "activity", "arguments", "who did what, when and from where"),
    "compact": Command(
        "upkeep", "compact_store", "nothing", "merge the store's small files; keep versions"
    ),
    "migrate": Command(
        "hosting.migrate", "migrate", "migrates", "copy the store, with all versions, elsewhere"
    ),
    "backup": Command("backup", "backup", "makes", "one file of all that the store holds"),
    "restore-backup": Command(
        "backup", "restore_backup", "restores", "bring a backup back into a new folder"
    ),
    "drill": Command(
        "backup",
        "drill",
        "drills",
        "restore a backup aside, compare all numbers, delete it",
    ),
    "serve": Command(
        "hosting.serve", "serve", "arguments", "start the dashboard as several processes"
    ),
    "doctor": Command("upkeep", "doctor", "doctors", "check this installation and its store"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    words[:1] = [ALIASES.get(word, word) for word in words[:1]]
    command = next((word for word in words if not word.startswith("-")), "")
    args = parser(command).parse_args(words)
    try:
        return int(args.run(args))
    except WrongUse as error:
        return _failed(error, WRONG_USE)
    except (OneMindError, ContractError) as error:
        return _failed(error, NOT_POSSIBLE)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        return 0
    except OSError as error:
        if not care.is_of_disk(error):
            raise
        return _failed(care.worded(error), NOT_POSSIBLE)


def _failed(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, each with its help.

    With `wanted`, a command, the others need not know their own arguments.
    """
    root = argparse.ArgumentParser(
        prog="python -m onemind", description="The One Mind Campaign from the command line."
    )
    root.add_argument("--version", action="version", version=f"One Mind Campaign {__version__}")
    verbs = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, item in COMMANDS.items():
        command = verbs.add_parser(name, help=item.help, description=f"{item.help.capitalize()}.")
        command.add_argument("--json", action="store_true", help="answer in JSON")
        if wanted in (None, name):
            module = import_module(f"onemind.cli.{item.module}")
            getattr(module, item.arguments)(command)
            command.set_defaults(run=getattr(module, item.run))
    return root
