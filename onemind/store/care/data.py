"""Where a store's data files and originals lie, for reading them all and for putting some back.

Files are named from the store's folder, or from the bucket's prefix: data/main/..., originals/...
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from onemind.errors import NotPossibleNow
from onemind.files import BucketFiles, digest
from onemind.settings import Bucket, Settings

DATA = "data"


class Data(Protocol):
    """A place of a store's files."""

    def size(self, name: str) -> int | None:
        """Return a file's bytes; None where there is none."""

    def digest(self, name: str) -> str | None:
        """Return a file's SHA-256, read whole; None where there is none, or it can't be read."""

    def opened(self, name: str) -> IO[bytes]:
        """Open a file; raises OSError where there is none."""

    def names(self) -> set[str]:
        """Return the names of all data files that lie there; none where that would take long."""

    def replacing(self, name: str, aside: str) -> AbstractContextManager[Path]:
        """Lend a file to write; at the end it takes the place of what is moved aside first."""


class Unfit(Exception):
    """What was written is not to take the other's place."""


@dataclass(frozen=True)
class FolderData:
    """In a folder."""

    folder: Path

    def size(self, name: str) -> int | None:
        try:
            return (self.folder / name).stat().st_size
        except OSError:
            return None

    def digest(self, name: str) -> str | None:
        try:
            return digest(self.folder / name)
        except OSError:
            return None

    def opened(self, name: str) -> IO[bytes]:
        return (self.folder / name).open("rb")

    def names(self) -> set[str]:
        beyond = len(str(self.folder)) + 1
        return {
            f"{folder[beyond:]}/{name}".replace(os.sep, "/")
            for folder, _, found in os.walk(self.folder / DATA)
            for name in found
            if name.endswith(".parquet")
        }

    @contextmanager
    def replacing(self, name: str, aside: str) -> Iterator[Path]:
        target = self.folder / name
        begun = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(Unfit):
                yield begun
                if target.exists():
                    (self.folder / aside).parent.mkdir(parents=True, exist_ok=True)
                    target.replace(self.folder / aside)
                begun.replace(target)
        except OSError as error:
            raise NotPossibleNow(f"{target} can't be written: {error.strerror}.") from error
        finally:
            with suppress(OSError):
                begun.unlink(missing_ok=True)


@dataclass(frozen=True)
class BucketData:
    """In a bucket. What lies there is not listed: a bucket may hold very much."""

    files: BucketFiles

    @classmethod
    def of(cls, bucket: Bucket) -> BucketData:
        """Return what lies in a bucket under its prefix."""
        return cls(BucketFiles(bucket))

    def size(self, name: str) -> int | None:
        return self.files.size_of(name)

    def digest(self, name: str) -> str | None:
        return self.files.sum_of(name)

    def opened(self, name: str) -> IO[bytes]:
        return self.files.opened(name)

    def names(self) -> set[str]:
        return set()

    @contextmanager
    def replacing(self, name: str, aside: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder, suppress(Unfit):
            begun = Path(folder) / "file"
            yield begun
            if self.files.size_of(name) is not None:
                self.files.move(name, aside)
            self.files.put(name, begun)


def data_of(settings: Settings) -> Data:
    """Return where the files of a store lie."""
    if settings.bucket:
        return BucketData.of(settings.bucket)
    return FolderData(settings.data or settings.store)
