"""The site command: what a scope may see, as a folder of pages for any web host."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from onemind import access, metrics, site
from onemind.appdb import AppDatabase
from onemind.campaign import Scope
from onemind.cli.arguments import day, opened
from onemind.errors import NotAllowed, NotPossibleNow, WrongUse
from onemind.site import Built, Edition
from onemind.store import Store

FINE = 0


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = command.add_argument
    add("-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to write")
    add("--scope", default=[], action="append", metavar="DIMENSION=VALUE",
        help="what it shows, such as state=MA (default: all); may be repeated")  # fmt: skip
    add("--link", metavar="ID", help="what this share link shows, if it allows downloads")
    add("--as-of", type=day, metavar="DATE", help="as on this day (default: today)")


def make(args: argparse.Namespace) -> int:
    """Make the site, or bring it up to date."""
    if args.link and args.scope:
        raise WrongUse("Give --scope or --link, not both: a link has a scope of its own.")
    with opened() as store:
        edition = _edition(args, store, args.as_of or date.today())
        built = site.build(edition, args.output)
        _say(args, edition, built)
    return FINE


def _edition(args: argparse.Namespace, store: Store, as_of: date) -> Edition:
    if not args.link:
        scope = Scope.from_text(";".join(args.scope) or "all")
        return Edition.of(store, site.sight_of(scope), as_of)
    appdb = AppDatabase(store.settings.state)
    try:
        link = appdb.links.by_id(args.link)
    finally:
        appdb.close()
    if link is None:
        raise WrongUse(f"There is no link '{args.link}'. `python -m onemind link list` lists them.")
    if access.links.standing(link, datetime.now(UTC)) != access.links.ACTIVE:
        raise NotPossibleNow(f"The link '{link.label}' has ended. Create a new one.")
    if not link.downloads:
        raise NotAllowed(f"make a site of the link '{link.label}': it does not allow downloads")
    sight = site.sight_of(Scope.from_text(link.scope), link.version)
    return Edition.of(store, sight, as_of, link.pages)


def _say(args: argparse.Namespace, edition: Edition, built: Built) -> None:
    if args.json:
        about = {"folder": str(args.output), "version": edition.version.number,
                 "as_of": edition.as_of, "scope": edition.scope.text()}  # fmt: skip
        print(metrics.export.to_json(about | built.record()))
        return
    print(f"The site of version {edition.version.number} is in {args.output}: "
          f"{built.files:,} files, {built.written:,} written, {built.kept:,} as they were, "
          f"{built.removed:,} removed.")  # fmt: skip
