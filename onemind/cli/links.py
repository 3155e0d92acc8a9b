"""Share links from the command line: made, listed, revoked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from onemind import access, metrics, settings
from onemind.access.links import Terms
from onemind.appdb import AppDatabase, Link
from onemind.campaign import Scope
from onemind.cli.activity import author
from onemind.store import Store
from onemind.words import long_day

FINE = 0


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what can be done with links, and the options of each."""
    verbs = command.add_subparsers(dest="verb", required=True, metavar="WHAT", help="what to do")
    make = _add(verbs, "create", create, "create a link; its address is printed once")
    add, more = make.add_argument, dict[str, Any](action="append", default=[])
    add("--label", required=True, help="who or what it is for; anyone who opens it sees this")
    add("--scope", default="all", help="what it shows: all, or as state=MA;county=Worcester,Essex")
    add("--pages", help="titles of the pages it opens, with commas (default: all to explore)")
    add("--downloads", action="store_true", help="let people with the link download data")
    add("--version", type=int, help="fix it at this version (default: always the newest)")
    add("--days", type=int, default=30, help="days until it expires, 1 to 365 (default 30)")
    add("--passphrase-stdin", action="store_true", help="read a passphrase from standard input")
    add("--site", help="a site that may embed it, such as https://www.example.org", **more)
    add("--author", help="who creates it (default: the user of this computer)")
    _add(verbs, "list", listed, "list the links, the newest first")
    revoke = _add(verbs, "revoke", revoked, "end a link at once")
    revoke.add_argument("id", help="the link's id, as list prints it")
    revoke.add_argument("--author", help="who ends it (default: the user of this computer)")


def run(args: argparse.Namespace) -> int:
    """Do what was asked with links; return the exit code."""
    return int(args.do(args))


def create(args: argparse.Namespace) -> int:
    """Create a link and print its address, the only time."""
    from onemind.access import shareable  # needs Streamlit, which takes its time to load

    pages = tuple(args.pages.split(",")) if args.pages is not None else None
    phrase = sys.stdin.readline().rstrip("\r\n") if args.passphrase_stdin else ""
    terms = Terms(
        args.label, Scope.from_text(args.scope), pages, args.downloads, args.version,
        args.days, phrase, tuple(args.site),
    )  # fmt: skip
    base = settings.load().url
    with _open() as (store, appdb):
        link, token = access.links.make(appdb, store, terms, shareable(), author(args), _now())
    address = access.links.address(base, token)
    if args.json:
        feeds = access.links.feeds(base, token, link)
        more = {"address": address, "feeds": feeds}
        print(metrics.export.to_json(access.links.said(link) | more))
        return FINE
    print(address)
    print(f"Link {link.id} ends on {long_day(link.expires_on)}. Keep the address: it is not shown "
          "again.", file=sys.stderr)  # fmt: skip
    if not base:
        print("Put the dashboard's address in front of it, or set ONEMIND_URL.", file=sys.stderr)
    return FINE


def listed(args: argparse.Namespace) -> int:
    """Print every link: its standing, uses, scope and label."""
    now = _now()
    with _open() as (_, appdb):
        links = appdb.links.all()
    if args.json:
        print(metrics.export.to_json([_record(item, now) for item in links]))
        return FINE
    for item in links:
        scope = Scope.from_text(item.scope).words()
        print(f"{item.id}  {access.links.standing(item, now):<8}  until {item.expires_on}  "
              f"{item.uses:>4} uses  {item.label}: {scope}")  # fmt: skip
    if not links:
        print("There are no links yet.")
    return FINE


def _record(link: Link, now: datetime) -> dict[str, object]:
    used = link.used_at.isoformat() if link.used_at else None
    more = {"state": access.links.standing(link, now), "uses": link.uses, "used_at": used}
    return {**access.links.said(link), **more, "made_by": link.made_by}


def revoked(args: argparse.Namespace) -> int:
    """End a link."""
    with _open() as (_, appdb):
        link = access.links.revoke(appdb, args.id, author(args), _now())
    answer = {"id": link.id, "label": link.label, "state": access.links.REVOKED}
    print(metrics.export.to_json(answer) if args.json else f"The link '{link.label}' has ended.")
    return FINE


def _add(verbs: Any, name: str, do: Callable[..., int], says: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=f"{says}.")
    command.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="answer in JSON"
    )
    command.set_defaults(do=do)
    return command


@contextmanager
def _open() -> Iterator[tuple[Store, AppDatabase]]:
    store = Store(settings.load())
    try:
        appdb = AppDatabase(store.settings.state)
        try:
            yield store, appdb
        finally:
            appdb.close()
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)
