"""The commands for people and for the activity log."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from onemind import access_people, exports, settings
from onemind.access_passwords import random_password
from onemind.access_people import ASSIGNABLE, Hand
from onemind.errors import WrongUse
from onemind.state import State
from onemind.state_activity import words

FINE = 0
DOES = {
    "disable": access_people.disable,
    "enable": access_people.enable,
    "remove": access_people.remove,
}
NAMED = ("at", "actor", "action", "subject", "ip", "details")


def people(given: argparse.Namespace) -> int:
    """Add, list or change people."""
    state, now = State(settings.load().store), datetime.now(UTC)
    by = Hand(settings.operating_system_user(), "command line")
    try:
        if given.do == "list":
            return _listed(state, given)
        if given.email is None:
            raise WrongUse(f"Say whom to {given.do}, by e-mail address.")
        said = _changed(state, given, by, now)
        print(exports.to_json({"email": given.email, **said}) if given.json else said["says"])
        return FINE
    finally:
        state.close()


def _changed(state: State, given: argparse.Namespace, by: Hand, now: datetime) -> dict[str, str]:
    email, does = given.email, given.do
    if does in DOES:
        DOES[does](state, email, by, now)
        return {"says": f"{email}: {does}d."}
    if does == "role":
        access_people.set_role(state, email, _role(given), by, now)
        return {"says": f"{email} is {given.role} now."}
    password, shown = _password(given)
    if does == "add":
        access_people.add(state, email, _role(given), by, now, password)
        return {"says": f"{email} is added as {given.role}.{shown}"}
    access_people.reset(state, email, password, by, now)
    return {"says": f"{email} is signed out everywhere.{shown}"}


def _role(given: argparse.Namespace) -> str:
    if given.role is None:
        raise WrongUse(f"Say which role with --role: {', '.join(ASSIGNABLE)}.")
    return str(given.role)


def _password(given: argparse.Namespace) -> tuple[str | None, str]:
    """Return a password and the words that hand it over: read, made up, or none at all."""
    if given.no_password:
        return None, " They sign in with a provider."
    if given.password_stdin:
        return sys.stdin.readline().rstrip("\n"), ""
    made = random_password()
    return made, f" Password: {made} (shown this once; they can change it under Your account)"


def _listed(state: State, given: argparse.Namespace) -> int:
    found = [access_people.record(person) for person in state.people.all()]
    if given.json:
        print(exports.to_json(found))
    for item in () if given.json else found:
        ways = "password" if item["password"] else "provider"
        off = "  disabled" if item["disabled"] else ""
        print(f"{item['email']}  {item['role']}  {ways}{off}")
    if not found and not given.json:
        print("There is nobody yet, so the dashboard answers this computer only.")
    return FINE


def activity(given: argparse.Namespace) -> int:
    """Print what was done, by whom, when and from where, newest first."""
    since = datetime.combine(given.since, time(), UTC) if given.since else None
    state = State(settings.load().store)
    try:
        events = state.activity.events(tuple(given.action), given.actor, since, given.most)
    finally:
        state.close()
    records = [asdict(event) | {"at": event.at.isoformat(timespec="seconds")} for event in events]
    if given.json:
        print(exports.to_json(records))
    elif given.csv:
        sys.stdout.write(exports.to_csv(NAMED, map(_row, records)))
    else:
        for record in records:
            print("  ".join(str(record[name]) for name in NAMED[:-1]))
    return FINE


def _row(record: dict[str, object]) -> list[object]:
    return [*(record[name] for name in NAMED[:-1]), words(record["details"])]


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `people` takes."""
    verbs = ("add", "list", "role", "disable", "enable", "reset", "remove")
    command.add_argument("do", choices=verbs, help="what to do")
    command.add_argument("email", nargs="?", help="whom, by e-mail address")
    command.add_argument("--role", choices=ASSIGNABLE, help="what they may do")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read the password from a pipe")
    how.add_argument("--no-password", action="store_true", help="they sign in with a provider")


def activity_arguments(command: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Declare what `activity` takes; `day` reads a date."""
    add = command.add_argument
    add("--action", action="append", default=[], help="only this, such as publish or sign-in")
    add("--actor", help="only what this person did")
    add("--since", type=day, metavar="DATE", help="only from this day on")
    add("--most", type=int, default=1000, help="so many at most (default 1000)")
    add("--csv", action="store_true", help="answer in CSV")
