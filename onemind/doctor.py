"""Whether this installation and its store are fit: each finding in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from onemind.contract import contracts
from onemind.errors import OneMindError
from onemind.metrics import metrics
from onemind.places import FILES
from onemind.settings import BOUNDARIES, ROOT, SAMPLE, Settings
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
    """Look at Python, the packages, the files the project brings, and the store."""
    return [_python(), *_packages(), *_files(), *_declared(), *_store(settings)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    sound = sys.version_info >= (3, 11)
    return Finding("python", sound, version if sound else f"{version}; 3.11 or newer is needed")


def _packages() -> Iterator[Finding]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        pin, condition, _ = line.partition(";")
        name, sign, wanted = pin.strip().partition("==")
        if not sign:
            continue
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            if condition:  # not for every system
                continue
            found = "missing"
        says = found if found == wanted else f"{found}; {wanted} is pinned"
        yield Finding(f"package {name}", found == wanted, says)


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
    except store.database_error as error:
        return Finding(f"dataset {name}", False, f"can't be read: {error}")
