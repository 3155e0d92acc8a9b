"""Single files out of an archive, for a store that lost some; each is proven by its checksum."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from onemind.backup.archive import unpack
from onemind.backup.archive.manifest import BackupRefused, Entry
from onemind.errors import WrongUse


class Archive:
    """An open archive as a source of the store's files, named as in the store's folder."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        """Read its list; raises BackupRefused where that is damaged or foreign."""
        self._file, self._path = file, path
        self._places = dict(unpack.places(file, path))

    def sum_of(self, name: str) -> str | None:
        """Return the SHA-256 that it lists; None where it does not have the file."""
        entry = self._entry(name)
        return entry.sha256 if entry else None

    def opened(self, name: str) -> IO[bytes]:
        """Open a file that it has, unpacked; raises OSError where it does not."""
        if name not in self._places:
            raise FileNotFoundError(name)
        entry, place = self._places[name]
        self._file.seek(place)
        section = unpack.Section(self._file, self._path, entry.stored)
        return gzip.GzipFile(fileobj=section) if entry.packed else section  # type: ignore[return-value]

    def _entry(self, name: str) -> Entry | None:
        return self._places[name][0] if name in self._places else None


@contextmanager
def taking(path: Path) -> Iterator[Archive]:
    """Lend a backup as a source of files; raises WrongUse where it is none, or is damaged."""
    with unpack.opened(path) as file:
        try:
            archive = Archive(file, path)
        except BackupRefused as error:
            raise WrongUse(str(error)) from error
        yield archive
