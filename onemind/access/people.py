"""People: added, given a role, disabled, removed. Each change is logged, and an admin stays."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from onemind.access.passwords import hashed
from onemind.appdb import AppDatabase, Person
from onemind.errors import NotPossibleNow, WrongUse

ASSIGNABLE = ("viewer", "staff", "admin")


@dataclass(frozen=True)
class Actor:
    """Whoever makes a change, and from where: what the log says of it."""

    name: str
    ip: str = ""


def add(
    appdb: AppDatabase,
    email: str,
    role: str,
    by: Actor,
    now: datetime,
    password: str | None = None,
    by_claim: bool = False,
) -> Person:
    """Add somebody; without a password they sign in with a provider.

    `by_claim`: a provider's claim decides, which may let in somebody else before any admin.

    Raises WrongUse for what is no email address, no role, a password too short, or known already.
    """
    email = _email(email)
    _role(role)
    if appdb.people.by_email(email):
        raise WrongUse(
            f"{email} already has an account. Change their role or reset their password."
        )
    if role != "admin" and not by_claim and not appdb.people.any():
        raise WrongUse("The first person must be an admin, because no one else could add others.")
    secret = hashed(password) if password is not None else None
    person = Person(secrets.token_hex(8), email, role, secret, None, by.name, now, None)
    appdb.people.add(person)
    _log(appdb, by, now, "person added", person, {"role": role, "password": secret is not None})
    return person


def set_role(
    appdb: AppDatabase, email: str, role: str, by: Actor, now: datetime, by_claim: bool = False
) -> None:
    """Give somebody another role; open pages follow within two seconds."""
    person = known(appdb, email)
    _role(role)
    if role != "admin" and not by_claim:
        _keep_an_admin(appdb, person)
    appdb.people.change(person.id, role=role)
    _log(appdb, by, now, "role changed", person, {"from": person.role, "to": role})


def disable(appdb: AppDatabase, email: str, by: Actor, now: datetime) -> None:
    """Keep somebody out until they are enabled again; whatever they have open is closed."""
    person = known(appdb, email)
    _keep_an_admin(appdb, person)
    appdb.people.change(person.id, disabled_at=now)
    appdb.sessions.end_of(person.id)
    _log(appdb, by, now, "person disabled", person)


def enable(appdb: AppDatabase, email: str, by: Actor, now: datetime) -> None:
    """Let somebody in again."""
    person = known(appdb, email)
    appdb.people.change(person.id, disabled_at=None)
    _log(appdb, by, now, "person enabled", person)


def reset(appdb: AppDatabase, email: str, password: str | None, by: Actor, now: datetime) -> None:
    """Give somebody another password, or (None) none; they are signed out everywhere."""
    person = known(appdb, email)
    password_hash = hashed(password) if password is not None else None
    appdb.people.change(person.id, password=password_hash)
    appdb.sessions.end_of(person.id)
    _log(appdb, by, now, "password reset", person, {"password": password_hash is not None})


def remove(appdb: AppDatabase, email: str, by: Actor, now: datetime) -> None:
    """Remove somebody; what they did stays in the log."""
    person = known(appdb, email)
    _keep_an_admin(appdb, person)
    appdb.sessions.end_of(person.id)
    appdb.people.remove(person.id)
    _log(appdb, by, now, "person removed", person)


def known(appdb: AppDatabase, email: str) -> Person:
    """Return whoever has that email address; raises WrongUse when nobody has."""
    person = appdb.people.by_email(email)
    if person is None:
        raise WrongUse(f"No account has the email address '{email}'.")
    return person


def record(person: Person) -> dict[str, object]:
    """Return a person as a plain dict, without the password."""
    return {
        "email": person.email,
        "role": person.role,
        "disabled": person.disabled_at is not None,
        "password": person.password is not None,
        "added_by": person.added_by,
        "added_at": _text(person.added_at),
        "signed_in_at": _text(person.signed_in_at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _email(text: str) -> str:
    email = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", email):
        raise WrongUse(f"'{text}' is not an email address. Write it like pat@example.org.")
    return email


def _role(role: str) -> None:
    if role not in ASSIGNABLE:
        raise WrongUse(f"'{role}' is not a role. Choose one of {', '.join(ASSIGNABLE)}.")


def _keep_an_admin(appdb: AppDatabase, person: Person) -> None:
    others = [
        other
        for other in appdb.people.all()
        if other.role == "admin" and other.disabled_at is None and other.id != person.id
    ]
    if person.role == "admin" and person.disabled_at is None and not others:
        raise NotPossibleNow(f"{person.email} is the only admin. Make someone else an admin first.")


def _log(
    appdb: AppDatabase, by: Actor, now: datetime, action: str, person: Person,
    details: dict[str, object] | None = None,
) -> None:  # fmt: skip
    appdb.activity.add(now, by.name, action, person.email, by.ip, details)
