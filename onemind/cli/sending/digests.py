"""The digest command: made now and mailed or written, and who gets one each week."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from onemind import digest as digests
from onemind import mail, metrics, settings
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.appdb.sending import SENT, Subscription
from onemind.campaign import Scope
from onemind.cli import activity
from onemind.cli.arguments import opened
from onemind.errors import WrongUse
from onemind.metrics import points
from onemind.store import Store

FINE, PROBLEMS = 0, 1
DOES = ("make", "subscribe", "list", "unsubscribe")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `digest` takes."""
    add = command.add_argument
    add("do", nargs="?", choices=DOES, default="make", help="what to do (default: make one now)")
    add("which", nargs="?", help="the address to subscribe, or the id of a subscription")
    add("--to", nargs="+", default=[], metavar="ADDRESS", help="mail it to these addresses")
    add("-o", "--output", type=Path, metavar="FILE.html", help="write it to a file")
    add("--since", metavar="DATE|VERSION", help="what changed since then (default: a week ago)")
    add("--scope", default="all", metavar="SCOPE",
        help="what it is about, such as state=MA (default: all)")  # fmt: skip
    add("--weekday", default="monday", metavar="DAY", help="on which day (default: monday)")
    add("--author", help="who does it (default: the user of this computer)")


def digest(args: argparse.Namespace) -> int:
    """Make a digest, or change who gets one."""
    if args.do in ("subscribe", "unsubscribe") and not args.which:
        raise WrongUse(f"Say whom to {args.do}: an address, or the id that `digest list` prints.")
    by, now = Actor(activity.author(args), activity.HERE), datetime.now(UTC)
    scope = Scope.from_text(args.scope)
    with closing(AppDatabase(settings.load().state)) as appdb, opened() as store:
        match args.do:
            case "subscribe":
                new = digests.subscribe(
                    appdb, store, args.which, scope, args.weekday.lower(), by, now
                )
                _say(args, _record(new), f"{new.address} gets a digest every {_weekday(new)}.")
            case "unsubscribe":
                gone = digests.unsubscribe(appdb, args.which, by, now)
                _say(args, _record(gone), f"{gone.address} gets no more digests.")
            case "list":
                _listed(args, appdb.subscriptions.all())
            case _:
                return _made(args, appdb, store, scope, by, now)
    return FINE


def _made(
    args: argparse.Namespace,
    appdb: AppDatabase,
    store: Store,
    scope: Scope,
    by: Actor,
    now: datetime,
) -> int:
    if not args.to and not args.output:
        raise WrongUse("Say where to: --to ADDRESS, or -o FILE.html.")
    if wrong := next((item for item in args.to if not mail.usable(item)), None):
        raise WrongUse(f"'{wrong}' is not an email address, such as pat@example.org.")
    today, base = date.today(), store.settings.url
    before, after = points.since(store, args.since, today), points.newest(store, today)
    made = digests.digest(digests.window(store, scope), before, after)
    if args.output:
        digests.write(args.output, digests.page(made, base, scope).encode())
        _say(args, {"file": str(args.output)}, f"The digest was written to {args.output}.")
    if not args.to:
        return FINE
    mails = [digests.mailed(made, mail.usable(item), base, scope) for item in args.to]
    names = [mail.identity("digest", item.recipient, item.text, now.isoformat()) for item in mails]
    listed = list(zip(names, mails, strict=True))
    if store.settings.smtp is None:
        return _filed(args, store, listed, now)
    return _mailed(args, appdb, store, listed, by, now)


def _filed(
    args: argparse.Namespace, store: Store, mails: list[tuple[str, mail.Mail]], now: datetime
) -> int:
    for name, item in mails:
        path = Path(f"digest-{item.recipient}.eml")
        digests.write(path, mail.unsent(item, store.settings.mail_from, name, now))
        says = f"No mail server is set. The digest for {item.recipient} was written to {path}."
        _say(args, {"file": str(path), "to": item.recipient}, says)
    return FINE


def _mailed(
    args: argparse.Namespace,
    appdb: AppDatabase,
    store: Store,
    mails: list[tuple[str, mail.Mail]],
    by: Actor,
    now: datetime,
) -> int:
    appdb.outbox.put(
        mail.queued(item, store.settings.mail_from, name, "digest", item.recipient, by.name, now)
        for name, item in mails
    )
    mail.deliver(appdb, store.settings, lambda: datetime.now(UTC))
    standing = appdb.outbox.by_ids(name for name, _ in mails)
    for item in standing.values():
        record = {"to": item.recipient, "state": item.state, "says": item.outcome}
        _say(args, record, f"{item.state}  {item.recipient}  {item.outcome}")
    return FINE if all(item.state == SENT for item in standing.values()) else PROBLEMS


def _listed(args: argparse.Namespace, known: list[Subscription]) -> None:
    if args.json:
        print(metrics.export.to_json([_record(item) for item in known]))
        return
    for item in known:
        last = f"last {item.last_at:%Y-%m-%d}" if item.last_at else "none yet"
        print(f"{item.id}  {item.address}  {item.scope}  every {_weekday(item)}  {last}")
    if not known:
        print("Nobody gets a digest yet. `digest subscribe ADDRESS` adds somebody.")


def _weekday(item: Subscription) -> str:
    return digests.WEEKDAYS[item.weekday].capitalize()


def _record(item: Subscription) -> dict[str, object]:
    return {
        "id": item.id, "address": item.address, "scope": item.scope,
        "weekday": digests.WEEKDAYS[item.weekday], "made_by": item.made_by,
        "last_at": f"{item.last_at:%Y-%m-%dT%H:%M:%SZ}" if item.last_at else None,
    }  # fmt: skip


def _say(args: argparse.Namespace, record: Mapping[str, object], says: str) -> None:
    print(metrics.export.to_json(record) if args.json else says)
