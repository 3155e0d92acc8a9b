"""Whether this installation and its store are fit: each finding in a sentence."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from onemind import __version__
from onemind.access import Visitors
from onemind.appdb import AppDatabase, Person
from onemind.backup import standing
from onemind.campaign import contracts
from onemind.errors import OneMindError
from onemind.geography import FILES
from onemind.metrics import metrics
from onemind.settings import BOUNDARIES, ROOT, SAMPLE, SECRETS, Settings
from onemind.store import Store


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it is sound, and what to say of it."""

    subject: str
    sound: bool
    says: str

    def record(self) -> dict[str, Any]:
        """Return it as a plain dict for JSON."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at the dashboard, Python, the packages, the files the project brings, and the store."""
    return [
        Finding("dashboard", True, __version__),
        _python(),
        *_packages(),
        *_files(),
        *_declared(),
        *_store(settings),
        *_entrances(settings),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    sound = sys.version_info >= (3, 11)
    return Finding("python", sound, version if sound else f"{version}; 3.11 or newer is needed")


def _packages() -> Iterator[Finding]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        pin, condition, _ = line.partition(";")
        name, sign, pinned = pin.strip().partition("==")
        if not sign:
            continue
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            if condition:  # not for every system
                continue
            installed = "missing"
        says = installed if installed == pinned else f"{installed}; {pinned} is pinned"
        yield Finding(f"package {name}", installed == pinned, says)


def _files() -> Iterator[Finding]:
    outlines = [BOUNDARIES / "states.geojson", BOUNDARIES / "counties.geojson"]
    for path in [*FILES.values(), *outlines, SAMPLE / "departments.csv"]:
        yield Finding(f"file {path.name}", path.exists(), "there" if path.exists() else "missing")


def _declared() -> Iterator[Finding]:
    for subject, load in (("contracts", contracts), ("metrics", metrics)):
        try:
            yield Finding(subject, True, f"{len(load())} sound")
        except OneMindError as error:
            yield Finding(subject, False, str(error))


def _store(settings: Settings) -> Iterator[Finding]:
    try:
        store = Store(settings)
    except OneMindError as error:
        yield Finding("store", False, str(error))
        return
    try:
        versions = store.versions()
        yield Finding("store", True, f"{settings.store}, {len(versions)} versions")
        for name in contracts():
            yield _readable(store, name)
    finally:
        store.close()


def _readable(store: Store, name: str) -> Finding:
    """Read a whole dataset: a count alone comes from metadata and hides a missing file."""
    try:
        with store.reading(None, [name]) as con:
            (rows,) = con.execute(f"select count(*) from {name}").fetchone() or (0,)
        return Finding(f"dataset {name}", True, f"{rows:,} rows")
    except OneMindError as error:
        return Finding(f"dataset {name}", False, str(error))
    except store.database_error as error:
        return Finding(f"dataset {name}", False, f"can't be read: {error}")


OPEN_TO_ALL = stat.S_IRWXG | stat.S_IRWXO


def _entrances(settings: Settings) -> Iterator[Finding]:
    """Look at who may come in, over which address, past which proxies, and who reads the files."""
    try:
        appdb = AppDatabase(settings.state)
    except OneMindError as error:
        yield Finding("people and sessions", False, str(error))
        return
    with closing(appdb):
        visitors = Visitors(appdb, settings)
        yield _public(visitors)
        yield _who(visitors)
        people = appdb.people.all()
        yield from _admins(visitors, people)
        backups = standing(settings, appdb, datetime.now(UTC))
        yield Finding("backups", not backups.is_bad, backups.says)
    yield from _address(visitors)
    yield from _proxies(settings)
    yield from _private_files(settings)


def _public(visitors: Visitors) -> Finding:
    try:
        scope = visitors.public
    except OneMindError as error:
        return Finding("public view", False, f"ONEMIND_PUBLIC: {error}")
    if scope is None:
        return Finding("public view", True, "none: visitors without an account see nothing")
    return Finding("public view", True, f"visitors without an account see {scope.words()}")


def _who(visitors: Visitors) -> Finding:
    if visitors.is_local():
        says = "no one added and no provider set: this computer only, and its user is the admin"
        return Finding("sign-in", True, says)
    ways = [provider.label for provider in visitors.settings.providers]
    ways += ["password"] if any(person.password for person in visitors.appdb.people.all()) else []
    return Finding("sign-in", True, f"with {', '.join(ways) or 'nothing: only the public view'}")


def _admins(visitors: Visitors, people: list[Person]) -> Iterator[Finding]:
    if not people and not visitors.settings.providers:
        return
    if any(provider.roles_claim for provider in visitors.settings.providers):
        yield Finding("admins", True, "a provider's claim says who is one")
        return
    admins = [person for person in people if person.role == "admin" and not person.disabled_at]
    able = [person for person in admins if person.password or visitors.settings.providers]
    says = f"{len(able)} can sign in" if able else (
        "none can sign in: python -m onemind people add YOU@EXAMPLE.ORG --role admin"
    )  # fmt: skip
    yield Finding("admins", bool(able), says)


def _address(visitors: Visitors) -> Iterator[Finding]:
    url = visitors.settings.url
    if visitors.is_local() and not url:
        return
    if not url:
        says = "not set: share links and sign-in guess the address from each request"
        yield Finding("ONEMIND_URL", not visitors.settings.providers, says)
    elif url.startswith("http://") and not url.startswith(("http://127.", "http://localhost")):
        says = f"{url} is not https: passwords and cookies can be read in transit"
        yield Finding("ONEMIND_URL", False, says)
    else:
        yield Finding("ONEMIND_URL", True, url)


def _proxies(settings: Settings) -> Iterator[Finding]:
    wide = [network for network in settings.proxies if network.endswith("/0")]
    says = f"{', '.join(wide)} believes everybody about where they come from; name the proxy's own"
    yield Finding("ONEMIND_PROXIES", not wide, says if wide else ", ".join(settings.proxies))


def _private_files(settings: Settings) -> Iterator[Finding]:
    for path in (SECRETS, settings.store / "state.sqlite"):
        if os.name == "nt" or not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        loose = path == SECRETS and mode & OPEN_TO_ALL
        says = f"others on this computer can read it: chmod 600 {path.name}" if loose else "there"
        yield Finding(f"file {path.name}", not loose, says)
