"""The parts of a store, each of which writes itself into an archive and brings itself back.

These are of a store in one folder. A part that lies elsewhere, such as a catalog in a server or
files in a bucket, is another `Part`; nothing else needs to know.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from onemind.appdb import FLEETING
from onemind.backup import catalog
from onemind.backup.archive.pack import Pack
from onemind.errors import NotPossibleNow
from onemind.settings import Settings
from onemind.store import CATALOG

COPY = Path(__file__).with_name("sqlite_copy.py")
STATE = "state.sqlite"
RULES = ("editions.toml", "courses.toml", "practices.toml")


class Part(Protocol):
    """A part of a store. Parts are asked in order: the catalog first, for it names the data."""

    def write(self, pack: Pack, scratch: Path) -> None:
        """Add the files of this part; what changes under way is copied into `scratch` first."""

    def bring_back(self, unpacked: Path, store: Path) -> None:
        """Put the files of this part, unpacked and proven, into a store's new folder."""


@dataclass(frozen=True)
class Database:
    """An SQLite database, without the rows of some tables: the catalog, or the state."""

    path: Path
    without: tuple[str, ...]

    def write(self, pack: Pack, scratch: Path) -> None:
        if not self.path.exists():
            return
        target = scratch / self.path.name
        command = [sys.executable, "-I", str(COPY), str(self.path), str(target), *self.without]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise NotPossibleNow(f"{self.path.name} can't be copied: {why}. No backup was made.")
        pack.add_file(self.path.name, target)

    def bring_back(self, unpacked: Path, store: Path) -> None:
        _moved(unpacked / self.path.name, store)


@dataclass(frozen=True)
class DataFiles:
    """The Parquet files that the copied catalog names. They never change."""

    folder: Path

    def write(self, pack: Pack, scratch: Path) -> None:
        for name in catalog.files(scratch / CATALOG):
            pack.add_file(f"data/{name}", self.folder / name, squeeze=False)

    def bring_back(self, unpacked: Path, store: Path) -> None:
        _moved(unpacked / "data", store)


@dataclass(frozen=True)
class Originals:
    """Files as they were uploaded, each named by its content: they never change either."""

    folder: Path

    def write(self, pack: Pack, scratch: Path) -> None:
        for path in sorted(self.folder.glob("*")):
            if re.fullmatch(r"[0-9a-f]{64}", path.name):  # no other: one may be on its way in
                pack.add_file(f"originals/{path.name}", path)

    def bring_back(self, unpacked: Path, store: Path) -> None:
        _moved(unpacked / "originals", store)


@dataclass(frozen=True)
class SmallFiles:
    """Files that somebody may change at any time: outlines that were added, or rules."""

    name: str
    paths: tuple[Path, ...]

    def write(self, pack: Pack, scratch: Path) -> None:
        folder = scratch / self.name
        folder.mkdir()
        for path in self.paths:
            with suppress(FileNotFoundError):  # removed just now
                shutil.copyfile(path, folder / path.name)
                pack.add_file(f"{self.name}/{path.name}", folder / path.name)

    def bring_back(self, unpacked: Path, store: Path) -> None:
        _moved(unpacked / self.name, store)


def _moved(source: Path, store: Path) -> None:
    if source.exists():
        source.rename(store / source.name)


def parts(settings: Settings) -> tuple[Part, ...]:
    """Return the parts of the store that settings name, in the order of a backup."""
    store, rules = settings.store, settings.rules
    return (
        Database(store / CATALOG, (catalog.DOOMED,)),
        Database(store / STATE, FLEETING),
        DataFiles(store / "data"),
        Originals(store / "originals"),
        SmallFiles("boundaries", _sorted((store / "boundaries").glob("*-*.geojson"))),
        SmallFiles("rules", tuple(rules / name for name in RULES) if rules else ()),
    )


def _sorted(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(paths))
