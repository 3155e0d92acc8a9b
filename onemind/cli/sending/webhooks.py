"""The webhook command: which addresses are told of publishes, completions and deadlines."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, datetime

from onemind import metrics, settings
from onemind import webhooks as telling
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.appdb.sending import Hook
from onemind.campaign import Scope
from onemind.cli import activity
from onemind.cli.arguments import opened
from onemind.errors import WrongUse

FINE, PROBLEMS = 0, 1


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `webhook` takes."""
    add = command.add_argument
    add("do", choices=("add", "list", "remove", "test"), help="what to do")
    add("which", nargs="?", help="the https address to add, or the id or name of a webhook")
    add("--label", default="", help="its name, to add one")
    add("--kind", default="json", choices=telling.KINDS, help="for whom (default json, signed)")
    add("--scope", metavar="SCOPE",
        help="what it may tell, such as state=MA (default: what the public sees)")  # fmt: skip
    add("--event", action="append", default=[], choices=telling.EVENTS,
        help="only this; may be repeated (default: all)")  # fmt: skip
    add("--author", help="who does it (default: the user of this computer)")


def webhook(args: argparse.Namespace) -> int:
    """Add, list, remove or try webhooks."""
    if args.do != "list" and not args.which:
        raise WrongUse(f"Say what to {args.do}.")
    by, now = Actor(activity.author(args), activity.HERE), datetime.now(UTC)
    with closing(AppDatabase(settings.load().state)) as appdb:
        match args.do:
            case "add":
                _added(args, appdb, by, now)
            case "remove":
                gone = telling.remove(appdb, args.which, by, now)
                _say(args, _record(gone), f"The webhook {gone.name} is removed.")
            case "test":
                hook = telling.known(appdb, args.which)
                went = telling.trial(appdb, settings.load(), hook, by, now)
                _say(args, {**_record(hook), "sent": went.is_sent, "says": went.says}, went.says)
                return FINE if went.is_sent else PROBLEMS
            case _:
                _listed(args, appdb.hooks.all())
    return FINE


def _added(args: argparse.Namespace, appdb: AppDatabase, by: Actor, now: datetime) -> None:
    scope = None if args.scope is None else Scope.from_text(args.scope)
    wanted = telling.Wanted(args.label, args.which, args.kind, scope, tuple(args.event))
    with opened() as store:
        hook = telling.add(appdb, store, wanted, by, now)
    key = telling.key_of(appdb, hook) if hook.kind == "json" else None
    says = f"The webhook {hook.name} is added as {hook.id}."
    signed = f"\nIts messages are signed with this key, shown only now:\n{key}" if key else ""
    _say(args, _record(hook) | {"key": key}, says + signed)


def _listed(args: argparse.Namespace, hooks: list[Hook]) -> None:
    if args.json:
        print(metrics.export.to_json([_record(item) for item in hooks]))
        return
    for item in hooks:
        scope = "public" if item.scope is None else item.scope
        print(f"{item.id}  {item.name}  {item.kind}  {telling.masked(item.url)}  {scope}  "
              f"{' '.join(item.events)}")  # fmt: skip
    if not hooks:
        print("There are no webhooks yet. `webhook add https://… --label NAME` adds one.")


def _record(hook: Hook) -> dict[str, object]:
    return {
        "id": hook.id, "name": hook.name, "kind": hook.kind, "url": telling.masked(hook.url),
        "scope": hook.scope, "events": list(hook.events), "made_by": hook.made_by,
    }  # fmt: skip


def _say(args: argparse.Namespace, record: dict[str, object], says: str) -> None:
    print(metrics.export.to_json(record) if args.json else says)
