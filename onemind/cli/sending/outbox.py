"""The mail command: what is in the outbox, sending what waits, and sending something again."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, datetime

from onemind import mail as mailing
from onemind import metrics, settings
from onemind.appdb import AppDatabase
from onemind.appdb.sending import MAIL, STATES, Message
from onemind.cli import activity
from onemind.errors import WrongUse

FINE = 0
NAMED = ("id", "channel", "kind", "recipient", "about", "author", "state", "tries", "outcome")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `mail` takes."""
    add = command.add_argument
    add("do", choices=("list", "send", "again"), help="list messages, send what waits, or again")
    add("which", nargs="?", help="the id of a message that failed or is unclear, to send it again")
    add("--state", choices=tuple(STATES), help="list only messages in this state")
    add("--author", help="who does it (default: the user of this computer)")


def mail(args: argparse.Namespace) -> int:
    """List the outbox, or send from it."""
    with closing(AppDatabase(settings.load().state)) as appdb:
        if args.do == "again":
            _again(args, appdb)
        if args.do == "list":
            _listed(args, appdb.outbox.all(state=args.state))
        elif args.do == "send" or settings.load().smtp is not None:
            _sent(args, appdb)
    return FINE


def _again(args: argparse.Namespace, appdb: AppDatabase) -> None:
    now = datetime.now(UTC)
    if not args.which or not appdb.outbox.again(args.which, now):
        raise WrongUse(
            "Name a message that failed or is unclear, by its id: `mail list` has them. "
            "One that was sent is not sent again."
        )
    about = appdb.outbox.by_ids([args.which])[args.which].about
    appdb.activity.add(now, activity.author(args), "sent again", about, activity.HERE,
                       {"id": args.which})  # fmt: skip


def _sent(args: argparse.Namespace, appdb: AppDatabase) -> None:
    waiting = {message.id: message for message in appdb.outbox.due(MAIL, datetime.now(UTC))}
    answers = mailing.deliver(appdb, settings.load(), lambda: datetime.now(UTC))
    if args.json:
        print(metrics.export.to_json([
            {"id": name, "verdict": answer.verdict, "says": answer.says}
            for name, answer in answers.items()
        ]))  # fmt: skip
        return
    for name, answer in answers.items():
        to = waiting[name].recipient if name in waiting else name
        print(f"{answer.verdict}  {to}  {answer.says}")
    if not answers:
        print("Nothing waits.")


def _listed(args: argparse.Namespace, messages: list[Message]) -> None:
    if args.json:
        print(metrics.export.to_json(list(map(_record, messages))))
        return
    for item in messages:
        print(f"{item.id}  {item.state}  {item.made_at:%Y-%m-%d %H:%M}  {item.about}  "
              f"{item.outcome}".rstrip())  # fmt: skip
    if not messages:
        print("The outbox is empty.")


def _record(item: Message) -> dict[str, object]:
    made = f"{item.made_at:%Y-%m-%dT%H:%M:%SZ}"
    return {**{name: getattr(item, name) for name in NAMED}, "made_at": made}
