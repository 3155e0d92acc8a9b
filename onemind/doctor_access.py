"""Whether the way the dashboard is opened to others is safe: each finding in a sentence."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing

from onemind.access_door import Door
from onemind.doctor import Finding
from onemind.errors import OneMindError
from onemind.settings import SECRETS, Settings
from onemind.state import State
from onemind.state_people import Person

OPEN_TO_ALL = stat.S_IRWXG | stat.S_IRWXO


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at who may come in, over which address, past which proxies, and who reads the files."""
    try:
        state = State(settings.store)
    except OneMindError as error:
        yield Finding("people and sessions", False, str(error))
        return
    with closing(state):
        door = Door(state, settings)
        yield _public(door)
        yield _who(door)
        people = state.people.all()
        yield from _admins(door, people)
    yield from _address(door)
    yield from _proxies(settings)
    yield from _files(settings)


def _public(door: Door) -> Finding:
    try:
        scope = door.public
    except OneMindError as error:
        return Finding("public view", False, f"ONEMIND_PUBLIC: {error}")
    if scope is None:
        return Finding("public view", True, "none: visitors without an account see nothing")
    return Finding("public view", True, f"visitors without an account see {scope.words()}")


def _who(door: Door) -> Finding:
    if door.is_local():
        says = "nobody is added, no provider set: this computer only, whoever is here is admin"
        return Finding("sign-in", True, says)
    ways = [provider.label for provider in door.settings.providers]
    ways += ["password"] if any(person.password for person in door.state.people.all()) else []
    return Finding("sign-in", True, f"with {', '.join(ways) or 'nothing: only the public view'}")


def _admins(door: Door, people: list[Person]) -> Iterator[Finding]:
    if not people and not door.settings.providers:
        return
    if any(provider.roles_claim for provider in door.settings.providers):
        yield Finding("admins", True, "a provider's claim says who is one")
        return
    admins = [person for person in people if person.role == "admin" and not person.disabled_at]
    able = [person for person in admins if person.password or door.settings.providers]
    says = f"{len(able)} can sign in" if able else (
        "none can sign in: python -m onemind people add YOU@EXAMPLE.ORG --role admin"
    )  # fmt: skip
    yield Finding("admins", bool(able), says)


def _address(door: Door) -> Iterator[Finding]:
    url = door.settings.url
    if door.is_local() and not url:
        return
    if not url:
        says = "not set: share links and sign-in guess the address from each request"
        yield Finding("ONEMIND_URL", not door.settings.providers, says)
    elif url.startswith("http://") and not url.startswith(("http://127.", "http://localhost")):
        says = f"{url} is not https: passwords and cookies can be read on the way"
        yield Finding("ONEMIND_URL", False, says)
    else:
        yield Finding("ONEMIND_URL", True, url)


def _proxies(settings: Settings) -> Iterator[Finding]:
    wide = [network for network in settings.proxies if network.endswith("/0")]
    says = f"{', '.join(wide)} believes everybody about where they come from; name the proxy's own"
    yield Finding("ONEMIND_PROXIES", not wide, says if wide else ", ".join(settings.proxies))


def _files(settings: Settings) -> Iterator[Finding]:
    for path in (SECRETS, settings.store / "state.sqlite"):
        if os.name == "nt" or not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        loose = path == SECRETS and mode & OPEN_TO_ALL
        says = f"others on this computer can read it: chmod 600 {path.name}" if loose else "there"
        yield Finding(f"file {path.name}", not loose, says)
