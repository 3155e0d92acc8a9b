"""Reading an archive of any origin: nothing is taken from it that its manifest does not prove.

Only files are read, in the order of the manifest and of the sizes listed there. Links, devices,
absolute paths and whatever else a tar can hold have no place in it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from onemind.backup.archive.manifest import BackupRefused, Entry, Manifest, parsed
from onemind.backup.archive.pack import BLOCK, CHUNK, LIST, PROOF, padded, proof
from onemind.errors import NotPossibleNow, WrongUse

MOST_LISTED = 64 << 20  # bytes of the manifest


def listed(path: Path) -> Manifest:
    """Return what a backup says of itself, and nothing of its files.

    Raises BackupRefused where that is damaged or foreign.
    """
    with opened(path) as file:
        return _listed(file, path)


def listed_in(file: BinaryIO, name: str, size: int) -> Manifest:
    """Return what an open backup of so many bytes says of itself.

    Raises BackupRefused where that is damaged or foreign, or the bytes are not as many as it lists.
    """
    path = Path(name)
    manifest = _listed(file, path)
    members = sum(BLOCK + padded(entry.stored) for entry in manifest.files)
    if file.tell() + members + 2 * BLOCK != size:
        raise _damaged(path)
    return manifest


def places(file: BinaryIO, path: Path) -> Iterator[tuple[str, tuple[Entry, int]]]:
    """Yield the files of an open backup by name, each with the byte at which it begins."""
    manifest = _listed(file, path)
    begins = file.tell() + BLOCK
    for entry in manifest.files:
        yield entry.name, (entry, begins)
        begins += padded(entry.stored) + BLOCK


def is_whole(path: Path) -> bool:
    """Whether a backup has every member that it lists, at its full size; contents are not read."""
    try:
        with opened(path) as file:
            for entry in _listed(file, path).files:
                _header(file, path, entry.member, entry.stored)
                file.seek(padded(entry.stored), os.SEEK_CUR)
            _end(file, path)
    except (BackupRefused, NotPossibleNow, WrongUse):
        return False
    return True


def read(path: Path, folder: Path | None = None) -> Manifest:
    """Read a whole backup, prove every checksum, and write its files into a folder, if one is said.

    Raises BackupRefused where anything is not as listed, NotPossibleNow where the disk is full.
    """
    with opened(path) as file:
        manifest = _listed(file, path)
        if folder is not None:
            _prove_room(folder, sum(entry.size for entry in manifest.files))
        for entry in manifest.files:
            _header(file, path, entry.member, entry.stored)
            with _created(folder, entry) as out:
                _copied(file, path, entry, out)
            _skip(file, path, padded(entry.stored) - entry.stored)
        _end(file, path)
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a backup; raises WrongUse where there is none, NotPossibleNow where it can't be read."""
    if not path.is_file():
        raise WrongUse(f"There is no backup {path}.")
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise NotPossibleNow(f"{path} can't be read or unpacked: {error.strerror}.") from error


def _prove_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NotPossibleNow(
            f"The backup needs {needed / 1e6:,.0f} MB of disk, and {free / 1e6:,.0f} MB are free. "
            "Make room, or name another folder."
        )


def _listed(file: BinaryIO, path: Path) -> Manifest:
    size = _header(file, path, LIST)
    if size > MOST_LISTED or size % BLOCK:
        raise BackupRefused(f"{path.name} is not a backup of this dashboard.")
    content = _exactly(file, path, size)
    manifest, wanted = parsed(content, path.name), proof(content)
    _header(file, path, PROOF, len(wanted))
    if _exactly(file, path, len(wanted)) != wanted:
        raise _damaged(path)
    _skip(file, path, padded(len(wanted)) - len(wanted))
    return manifest


def _header(file: BinaryIO, path: Path, name: str, size: int | None = None) -> int:
    """Read the header of a plain file of this name and size, and return the size."""
    try:
        info = tarfile.TarInfo.frombuf(_exactly(file, path, BLOCK), "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise _unlike(path, name) from error
    if info.name != name or info.type != tarfile.REGTYPE or info.size < 0 or info.linkname:
        raise _unlike(path, name)
    if size is not None and info.size != size:
        raise _damaged(path, name)
    return info.size


def _unlike(path: Path, name: str) -> BackupRefused:
    if name == LIST:
        return BackupRefused(f"{path.name} is not a backup of this dashboard.")
    return _damaged(path, name)


def _damaged(path: Path, name: str = LIST) -> BackupRefused:
    return BackupRefused(
        f"{path.name} is damaged: {name} is not as it was written. Take another backup."
    )


def _exactly(file: BinaryIO, path: Path, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise BackupRefused(f"{path.name} is cut short. Take another backup.")
    return content


def _skip(file: BinaryIO, path: Path, size: int) -> None:
    if any(_exactly(file, path, size)):
        raise _damaged(path)


def _end(file: BinaryIO, path: Path) -> None:
    _skip(file, path, 2 * BLOCK)
    if file.read(1):
        raise BackupRefused(f"{path.name} has something behind its end. Take another backup.")


@contextmanager
def _created(folder: Path | None, entry: Entry) -> Iterator[BinaryIO | None]:
    if folder is None:
        with nullcontext():
            yield None
        return
    path = folder / entry.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out


class Section(io.RawIOBase):
    """The bytes of one member, as a file that ends with it."""

    def __init__(self, file: BinaryIO, path: Path, size: int) -> None:
        self._file, self._path, self.left = file, path, size

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next."""
        wanted = min(len(buffer), self.left)
        self.left -= wanted
        buffer[:wanted] = _exactly(self._file, self._path, wanted)
        return wanted


def _copied(file: BinaryIO, path: Path, entry: Entry, out: BinaryIO | None) -> None:
    """Copy a member, unpacked; stops as soon as it is longer than its manifest says."""
    section = Section(file, path, entry.stored)
    content = gzip.GzipFile(fileobj=section) if entry.packed else section
    digest, size = hashlib.sha256(), 0
    try:
        while size <= entry.size and (chunk := content.read(CHUNK)):
            size += len(chunk)
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path, entry.name) from error
    if size != entry.size or digest.hexdigest() != entry.sha256 or section.left:
        raise _damaged(path, entry.name)
