"""Where lost files come back from: the folder of another copy of the store, or a backup file.

A backup is a tar. Its `manifest.json` lists the files, each with its SHA-256 and whether the
archive holds it packed by gzip, as a member of that name with `.gz`. Nothing is taken that does not
have its sum.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

from onemind.errors import NotPossibleNow, WrongUse
from onemind.store.care.files import digest

MANIFEST = "manifest.json"
NAME = re.compile(r"[A-Za-z0-9_][\w.=-]*(?:/[A-Za-z0-9_][\w.=-]*)*", re.ASCII)
PIECE = 1 << 20  # bytes


class Source(Protocol):
    """A place that may hold files of the store, named as in the store's folder."""

    def sum_of(self, name: str) -> str | None:
        """Return the SHA-256 that it says a file has; None where it does not have the file."""

    def opened(self, name: str) -> IO[bytes]:
        """Open a file that it has."""


class Folder:
    """Another copy of the store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sum_of(self, name: str) -> str | None:
        """Return a file's SHA-256 as it lies there."""
        try:
            return digest(self._folder / name)
        except OSError:
            return None

    def opened(self, name: str) -> IO[bytes]:
        """Open a file."""
        return (self._folder / name).open("rb")


class Backup:
    """A backup file."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._files = {item["name"]: item for item in _listed(archive)}

    def sum_of(self, name: str) -> str | None:
        """Return the SHA-256 that the manifest lists."""
        item = self._files.get(name)
        return str(item["sha256"]) if item else None

    def opened(self, name: str) -> IO[bytes]:
        """Open a member; raises OSError where the archive does not have it."""
        is_packed = bool(self._files[name].get("packed"))
        try:
            member = self._archive.extractfile(f"{name}.gz" if is_packed else name)
        except (KeyError, tarfile.TarError) as error:
            raise OSError(f"{name} is not in the archive") from error
        if member is None:
            raise OSError(f"{name} is no file in the archive")
        return gzip.GzipFile(fileobj=member) if is_packed else member  # type: ignore[return-value]


def _listed(archive: tarfile.TarFile) -> Iterator[dict[str, Any]]:
    member = archive.extractfile(MANIFEST)
    if member is None:
        raise KeyError(MANIFEST)
    for item in json.load(member)["files"]:
        if NAME.fullmatch(item["name"]):
            yield item


@contextmanager
def opened(place: Path) -> Iterator[Source]:
    """Lend what lies at a place; raises WrongUse where that is no copy of a store."""
    if place.is_dir():
        if not (place / "data").is_dir():
            raise WrongUse(f"{place} is no copy of a store: it has no folder called 'data'.")
        yield Folder(place)
        return
    try:
        archive = tarfile.open(place)  # noqa: SIM115  # closed below
        source = Backup(archive)
    except FileNotFoundError as error:
        raise WrongUse(f"There is no {place}. Name a backup, or a folder with a copy.") from error
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
        raise WrongUse(f"{place} is no backup of a store, or it is damaged.") from error
    with archive:
        yield source


def bring(source: Source, name: str, target: Path, wanted: str | None, aside: Path) -> bool:
    """Put a file of a source in place, if it has it with the SHA-256 `wanted` (None: its own).

    What lay there before is moved to `aside`. Returns whether it is in place now; raises
    NotPossibleNow when it can't be written.
    """
    listed = source.sum_of(name)
    if listed is None or wanted not in (None, listed):
        return False
    begun = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _copied(source, name, begun, listed):
            return False
        if target.exists():
            aside.parent.mkdir(parents=True, exist_ok=True)
            target.replace(aside)
        begun.replace(target)
    except OSError as error:
        raise NotPossibleNow(f"{target} can't be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            begun.unlink(missing_ok=True)
    return True


def _copied(source: Source, name: str, begun: Path, wanted: str) -> bool:
    """Copy a file and return whether it is what it should be."""
    try:
        content = source.opened(name)
    except OSError:
        return False
    with content, begun.open("wb") as file:
        try:
            shutil.copyfileobj(content, file, PIECE)
        except (EOFError, tarfile.TarError, gzip.BadGzipFile):
            return False
        file.flush()
        os.fsync(file.fileno())
    return digest(begun) == wanted
