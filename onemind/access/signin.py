"""Signing in and out: by password, or by what a provider vouches for. Both end in a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onemind.access import attempts, people
from onemind.access.passwords import hashed, is_outdated, matches
from onemind.access.people import ASSIGNABLE, Hand
from onemind.access.sessions import begin, end, key_of
from onemind.access.visitors import Door
from onemind.appdb import Person
from onemind.errors import SignInFailed, WrongUse
from onemind.settings import Provider


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in from."""

    ip: str
    agent: str
    token: str | None = None


def by_password(door: Door, email: str, password: str, browser: Browser) -> str:
    """Begin a session and return its token.

    Raises SignInFailed, in the same words and after the same time, for an unknown account, a
    disabled one and a wrong password; TooManyAttempts after too many.
    """
    state, now, email = door.state, datetime.now(UTC), email.strip().lower()
    account = attempts.at_account(email)
    address = attempts.from_address("sign-in", browser.ip)
    attempts.attempt(state, now, account, address)
    person = state.people.by_email(email)
    right = matches(person.password if person else None, password)
    if person is None or not right or person.disabled_at is not None:
        state.activity.add(now, email[:200], "sign-in failed", "password", browser.ip)
        raise SignInFailed("That e-mail address and password do not go together.")
    attempts.succeeded(state, now, account)
    if person.password and is_outdated(person.password):
        state.people.change(person.id, password=hashed(password))
    return _begin(door, person, browser, "password")


def by_provider(door: Door, provider: Provider, claims: dict[str, Any], browser: Browser) -> str:
    """Begin a session of whom a provider vouches for, and return its token.

    Raises SignInFailed when they are not on the list here and no claim gives them a role, or when
    they are disabled.
    """
    now = datetime.now(UTC)
    given = str(claims.get("email") or "").strip()
    email = given.lower()
    verified = claims.get("email_verified") is True or provider.trust_email
    verified = verified and given.isascii()  # in lower case "K", a Kelvin, is somebody else's "k"
    person = door.state.people.by_email(email) if email and verified else None
    role = _role(provider, claims)
    if email and verified and provider.roles_claim:
        person = _follow(door, provider, person, email, role)
    if person is None or person.disabled_at is not None:
        door.state.activity.add(
            now, email[:200] or "somebody", "sign-in failed", provider.name, browser.ip,
            {"verified": verified, "role": role},
        )  # fmt: skip
        raise SignInFailed(
            f"{provider.label} says you are {email or 'somebody without an e-mail address'}, "
            "which is not let in here. Ask whoever runs this dashboard."
        )
    return _begin(door, person, browser, provider.name)


def out(door: Door, token: str, browser: Browser) -> None:
    """End the session of a token."""
    user = door.who(token)
    end(door.state, token)
    if user and user.id:
        door.state.activity.add(datetime.now(UTC), user.name, "sign-out", "here", browser.ip)


def out_everywhere(door: Door, token: str, browser: Browser) -> None:
    """End every session of whoever has this token."""
    found = door.state.sessions.found([key_of(token)])
    person = found[0][1] if found else None
    if person is None:
        out(door, token, browser)
        return
    ended = door.state.sessions.end_of(person.id)
    details = {"sessions": ended}
    door.state.activity.add(
        datetime.now(UTC), person.email, "sign-out", "everywhere", browser.ip, details
    )


def change_password(door: Door, token: str, old: str, new: str, browser: Browser) -> str:
    """Give oneself another password; all sessions end, and a new one begins."""
    found = door.state.sessions.found([key_of(token)])
    person = found[0][1] if found and door.who(token) else None
    if person is None:
        raise SignInFailed("Sign in first.")
    now = datetime.now(UTC)
    attempts.attempt(door.state, now, attempts.at_account(person.email))
    if not matches(person.password, old):
        raise SignInFailed("That is not your current password.")
    people.reset(door.state, person.email, new, Hand(person.email, browser.ip), now)
    return _begin(door, person, browser, "new password")


def _role(provider: Provider, claims: dict[str, Any]) -> str | None:
    """Return the highest role that the provider's claim gives."""
    given = claims.get(provider.roles_claim) if provider.roles_claim else None
    values = [str(item) for item in given] if isinstance(given, list) else [str(given)]
    meant = dict(provider.roles)
    roles = {meant.get(value) if meant else value for value in values}
    return next((role for role in reversed(ASSIGNABLE) if role in roles), None)


def _follow(
    door: Door, provider: Provider, person: Person | None, email: str, role: str | None
) -> Person | None:
    """Let the claim decide: add whoever is new, give the role it says, keep out who has none."""
    if role is None:
        return None
    now, by = datetime.now(UTC), Hand(provider.label)
    try:
        if person is None:
            return people.add(door.state, email, role, by, now, by_claim=True)
        if person.role != role:
            people.set_role(door.state, email, role, by, now, by_claim=True)
    except WrongUse as error:
        raise SignInFailed(str(error)) from error
    return door.state.people.by_email(email)


def _begin(door: Door, person: Person, browser: Browser, how: str) -> str:
    """Begin a session under a new token; the one the browser had before ends."""
    now = datetime.now(UTC)
    if browser.token:
        end(door.state, browser.token)
    door.state.people.change(person.id, signed_in_at=now)
    door.state.activity.add(now, person.email, "sign-in", how, browser.ip)
    return begin(door.state, person, now, browser.ip, browser.agent, door.limits)
