"""Where lost files come back from: another copy of the store, or a backup.

Nothing is taken that does not have its sum.
"""

from __future__ import annotations

import gzip
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from onemind.errors import OneMindError, WrongUse
from onemind.files import digest
from onemind.settings import Bucket
from onemind.store.care.data import DATA, BucketData, Data, FolderData, Unfit

PIECE = 1 << 20  # bytes


class Source(Protocol):
    """A place that may hold files of the store, named as in the store's folder."""

    def sum_of(self, name: str) -> str | None:
        """Return the SHA-256 that it says a file has; None where it does not have the file."""

    def opened(self, name: str) -> IO[bytes]:
        """Open a file that it has."""


@dataclass(frozen=True)
class Copied:
    """Another copy of the store."""

    data: Data

    def sum_of(self, name: str) -> str | None:
        """Return a file's SHA-256 as it lies there."""
        return self.data.digest(name)

    def opened(self, name: str) -> IO[bytes]:
        """Open a file."""
        return self.data.opened(name)


def copy_in(place: Path | Bucket) -> Copied:
    """Return a folder, or a bucket, as a source; raises WrongUse where a folder is no copy."""
    if isinstance(place, Bucket):
        return Copied(BucketData.of(place))
    if not (place / DATA).is_dir():
        raise WrongUse(f"{place} is no copy of a store: it has no folder called '{DATA}'.")
    return Copied(FolderData(place))


def bring(source: Source, name: str, data: Data, wanted: str | None, aside: str) -> bool:
    """Put a file of a source in place, if it has it with the SHA-256 `wanted` (None: its own).

    What lay there before is moved to `aside`. Returns whether it is in place now; raises
    NotPossibleNow when it can't be written.
    """
    listed = source.sum_of(name)
    if listed is None or wanted not in (None, listed):
        return False
    is_taken = False
    with data.replacing(name, aside) as begun:
        is_taken = _copied(source, name, begun, listed)
        if not is_taken:
            raise Unfit
    return is_taken


def _copied(source: Source, name: str, begun: Path, wanted: str) -> bool:
    """Copy a file and return whether it is what it should be."""
    try:
        content = source.opened(name)
    except OSError:
        return False
    with content, begun.open("wb") as file:
        try:
            shutil.copyfileobj(content, file, PIECE)
        except (EOFError, OneMindError, gzip.BadGzipFile):
            return False
        file.flush()
        os.fsync(file.fileno())
    return digest(begun) == wanted
