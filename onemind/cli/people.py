"""The commands for people: who may sign in, and as what."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from onemind import access, metrics, settings
from onemind.access.passwords import random_password
from onemind.access.people import ASSIGNABLE, Actor
from onemind.appdb import AppDatabase
from onemind.cli.activity import HERE
from onemind.errors import WrongUse

FINE = 0
DOES = {
    "disable": access.people.disable,
    "enable": access.people.enable,
    "remove": access.people.remove,
}


def people(args: argparse.Namespace) -> int:
    """Add, list or change people."""
    appdb, now = AppDatabase(settings.load().state), datetime.now(UTC)
    by = Actor(settings.operating_system_user(), HERE)
    try:
        if args.do == "list":
            return _listed(appdb, args)
        if args.email is None:
            raise WrongUse(f"Name the person to {args.do}, by email address.")
        outcome = _changed(appdb, args, by, now)
        print(
            metrics.export.to_json({"email": args.email, **outcome})
            if args.json
            else outcome["says"]
        )
        return FINE
    finally:
        appdb.close()


def _changed(
    appdb: AppDatabase, args: argparse.Namespace, by: Actor, now: datetime
) -> dict[str, str]:
    email, does = args.email, args.do
    if does in DOES:
        DOES[does](appdb, email, by, now)
        return {"says": f"{email}: {does}d."}
    if does == "role":
        access.people.set_role(appdb, email, _role(args), by, now)
        return {"says": f"{email} is {args.role} now."}
    password, shown = _password(args)
    if does == "add":
        access.people.add(appdb, email, _role(args), by, now, password)
        return {"says": f"{email} was added as {args.role}.{shown}"}
    access.people.reset(appdb, email, password, by, now)
    return {"says": f"{email} was signed out everywhere.{shown}"}


def _role(args: argparse.Namespace) -> str:
    if args.role is None:
        raise WrongUse(f"Give a role with --role: {', '.join(ASSIGNABLE)}.")
    return str(args.role)


def _password(args: argparse.Namespace) -> tuple[str | None, str]:
    """Return a password and the words that hand it over: read, made up, or none at all."""
    if args.no_password:
        return None, " They sign in with a provider."
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\n"), ""
    password = random_password()
    return (
        password,
        f" Password: {password} (shown this once; they can change it under Your account)",
    )


def _listed(appdb: AppDatabase, args: argparse.Namespace) -> int:
    records = [access.people.record(person) for person in appdb.people.all()]
    if args.json:
        print(metrics.export.to_json(records))
    for item in () if args.json else records:
        ways = "password" if item["password"] else "provider"
        off = "  disabled" if item["disabled"] else ""
        print(f"{item['email']}  {item['role']}  {ways}{off}")
    if not records and not args.json:
        print("No one has been added yet, so the dashboard works on this computer only.")
    return FINE


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `people` takes."""
    verbs = ("add", "list", "role", "disable", "enable", "reset", "remove")
    command.add_argument("do", choices=verbs, help="what to do")
    command.add_argument("email", nargs="?", help="whom, by email address")
    command.add_argument("--role", choices=ASSIGNABLE, help="what they may do")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read the password from a pipe")
    how.add_argument("--no-password", action="store_true", help="they sign in with a provider")
