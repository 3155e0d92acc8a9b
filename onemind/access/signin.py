"""Signing in and out: by password, or by what a provider vouches for. Both end in a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onemind.access import attempts, people
from onemind.access.passwords import hashed, is_outdated, matches
from onemind.access.people import ASSIGNABLE, Actor
from onemind.access.sessions import begin, end, key_of
from onemind.access.visitors import Visitors
from onemind.appdb import Person
from onemind.errors import SignInFailed, WrongUse
from onemind.settings import Provider


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in from."""

    ip: str
    agent: str
    token: str | None = None


def by_password(visitors: Visitors, email: str, password: str, browser: Browser) -> str:
    """Begin a session and return its token.

    Raises SignInFailed, in the same words and after the same time, for an unknown account, a
    disabled one and a wrong password; TooManyAttempts after too many.
    """
    appdb, now, email = visitors.appdb, datetime.now(UTC), email.strip().lower()
    account = attempts.at_account(email)
    address = attempts.from_address("sign-in", browser.ip)
    attempts.attempt(appdb, now, account, address)
    person = appdb.people.by_email(email)
    right = matches(person.password if person else None, password)
    if person is None or not right or person.disabled_at is not None:
        appdb.activity.add(now, email[:200], "sign-in failed", "password", browser.ip)
        raise SignInFailed("Incorrect email address or password.")
    attempts.succeeded(appdb, now, account)
    if person.password and is_outdated(person.password):
        appdb.people.change(person.id, password=hashed(password))
    return _begin(visitors, person, browser, "password")


def by_provider(
    visitors: Visitors, provider: Provider, claims: dict[str, Any], browser: Browser
) -> str:
    """Begin a session of whom a provider vouches for, and return its token.

    Raises SignInFailed when they are not on the list here and no claim gives them a role, or when
    they are disabled.
    """
    now = datetime.now(UTC)
    given = str(claims.get("email") or "").strip()
    email = given.lower()
    verified = claims.get("email_verified") is True or provider.trust_email
    verified = verified and given.isascii()  # in lower case "K", a Kelvin, is somebody else's "k"
    person = visitors.appdb.people.by_email(email) if email and verified else None
    role = _role(provider, claims)
    if email and verified and provider.roles_claim:
        person = _follow(visitors, provider, person, email, role)
    if person is None or person.disabled_at is not None:
        visitors.appdb.activity.add(
            now, email[:200] or "somebody", "sign-in failed", provider.name, browser.ip,
            {"verified": verified, "role": role},
        )  # fmt: skip
        raise SignInFailed(
            f"{provider.label} says you are {email or 'someone without an email address'}, "
            "who has no account here. Ask the person who runs this dashboard."
        )
    return _begin(visitors, person, browser, provider.name)


def out(visitors: Visitors, token: str, browser: Browser) -> None:
    """End the session of a token."""
    user = visitors.who(token)
    end(visitors.appdb, token)
    if user and user.id:
        visitors.appdb.activity.add(datetime.now(UTC), user.name, "sign-out", "here", browser.ip)


def out_everywhere(visitors: Visitors, token: str, browser: Browser) -> None:
    """End every session of whoever has this token."""
    sessions = visitors.appdb.sessions.found([key_of(token)])
    person = sessions[0][1] if sessions else None
    if person is None:
        out(visitors, token, browser)
        return
    ended = visitors.appdb.sessions.end_of(person.id)
    details = {"sessions": ended}
    visitors.appdb.activity.add(
        datetime.now(UTC), person.email, "sign-out", "everywhere", browser.ip, details
    )


def change_password(visitors: Visitors, token: str, old: str, new: str, browser: Browser) -> str:
    """Give oneself another password; all sessions end, and a new one begins."""
    sessions = visitors.appdb.sessions.found([key_of(token)])
    person = sessions[0][1] if sessions and visitors.who(token) else None
    if person is None:
        raise SignInFailed("Sign in first.")
    now = datetime.now(UTC)
    attempts.attempt(visitors.appdb, now, attempts.at_account(person.email))
    if not matches(person.password, old):
        raise SignInFailed("That is not your current password.")
    people.reset(visitors.appdb, person.email, new, Actor(person.email, browser.ip), now)
    return _begin(visitors, person, browser, "new password")


def _role(provider: Provider, claims: dict[str, Any]) -> str | None:
    """Return the highest role that the provider's claim gives."""
    claimed = claims.get(provider.roles_claim) if provider.roles_claim else None
    values = [str(item) for item in claimed] if isinstance(claimed, list) else [str(claimed)]
    meant = dict(provider.roles)
    roles = {meant.get(value) if meant else value for value in values}
    return next((role for role in reversed(ASSIGNABLE) if role in roles), None)


def _follow(
    visitors: Visitors, provider: Provider, person: Person | None, email: str, role: str | None
) -> Person | None:
    """Let the claim decide: add whoever is new, give the role it says, keep out who has none."""
    if role is None:
        return None
    now, by = datetime.now(UTC), Actor(provider.label)
    try:
        if person is None:
            return people.add(visitors.appdb, email, role, by, now, by_claim=True)
        if person.role != role:
            people.set_role(visitors.appdb, email, role, by, now, by_claim=True)
    except WrongUse as error:
        raise SignInFailed(str(error)) from error
    return visitors.appdb.people.by_email(email)


def _begin(visitors: Visitors, person: Person, browser: Browser, how: str) -> str:
    """Begin a session under a new token; the one the browser had before ends."""
    now = datetime.now(UTC)
    if browser.token:
        end(visitors.appdb, browser.token)
    visitors.appdb.people.change(person.id, signed_in_at=now)
    visitors.appdb.activity.add(now, person.email, "sign-in", how, browser.ip)
    return begin(visitors.appdb, person, now, browser.ip, browser.agent, visitors.limits)
