"""Making a backup: one consistent file, taken while others publish, read back before it counts."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from onemind import __version__
from onemind.backup import catalog, places
from onemind.backup.archive import unpack
from onemind.backup.archive.manifest import BackupRefused, Manifest
from onemind.backup.archive.pack import Pack, write
from onemind.backup.mirror import in_a_folder
from onemind.backup.numbers import numbers
from onemind.backup.parts import parts
from onemind.backup.places import Place, name_of
from onemind.backup.scratch import scratch
from onemind.campaign import contracts
from onemind.errors import DataLost, NotPossibleNow, WrongUse
from onemind.files import sync
from onemind.settings import Bucket
from onemind.store import CATALOG, Connection, Store


@dataclass(frozen=True)
class Backup:
    """A backup that was made and proven: where it lies, its bytes, and what it says of itself."""

    place: Place
    name: str
    size: int
    manifest: Manifest

    @property
    def target(self) -> Place:
        """The file, or its address in a bucket; as text it is what people write."""
        return places.named(self.place, self.name)


def back_up(store: Store, target: Place, now: datetime) -> Backup:
    """Back a store up into a new file, or into a folder or a bucket under the moment's name.

    Publishes go on meanwhile; only compacting waits. Raises WrongUse where the file exists, and
    NotPossibleNow where the store can't be read whole or the disk is full: nothing is left then.
    """
    if isinstance(target, Bucket):
        return _into_bucket(store, target, now)
    path = (target / name_of(now) if target.is_dir() else target).absolute()
    if path.exists() or path.is_symlink():
        raise WrongUse(f"{path} is there already. Name a new file, or a folder.")
    if not path.parent.is_dir():
        raise WrongUse(f"There is no folder {path.parent}. Create it, or name another one.")
    try:
        with scratch(path.parent, "backup") as place:
            archive = place / "archive"
            with in_a_folder(store) as whole:
                manifest = _written(whole, archive, place, now.replace(microsecond=0))
            if unpack.read(archive) != manifest:
                raise BackupRefused("What was read back is not what was written.")
            _put(archive, path)
            return Backup(path.parent, path.name, path.stat().st_size, manifest)
    except DataLost as error:
        error.args = (f"No backup was made. {error}",)
        raise
    except (OSError, BackupRefused, store.database_error, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotPossibleNow(
            f"{path} can't be written: {why.rstrip('.')}. No backup was made; what is there stays."
        ) from error


def _into_bucket(store: Store, target: Bucket, now: datetime) -> Backup:
    """Make a backup in the system's temporary folder, put it into a bucket, and read it back."""
    place, name = places.parted(target)
    with scratch(Path(tempfile.gettempdir()), "backup") as folder:
        made = back_up(store, folder / (name or name_of(now)), now)
        places.put(folder / made.name, place, made.name)
    return replace(made, place=place)


def _written(store: Store, archive: Path, place: Path, now: datetime) -> Manifest:
    """Write an archive to the disk; the store's gate keeps compacting from removing its files."""
    pack = Pack()
    with store.cursor() as con:
        for part in parts(store.settings):
            part.write(pack, place)
        known = _known(store, con, place / CATALOG, now)
        handle = os.open(archive, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            manifest = write(file, pack.sources, known)
            file.flush()
            os.fsync(handle)
            if hasattr(os, "posix_fadvise"):  # so that it is read back from the disk
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    return manifest


def _known(store: Store, con: Connection, copied: Path, now: datetime) -> Manifest:
    """Return the manifest but for the files; it speaks of the versions that the copy has."""
    newest = catalog.snapshot(copied)
    versions = [item for item in store.versions_seen_by(con) if item.snapshot <= newest]
    schema = {name: list(contract.columns) for name, contract in contracts().items()}
    listed = tuple(numbers(con, versions))
    return Manifest(now, __version__, catalog.identity(copied), schema, listed)


def _put(archive: Path, path: Path) -> None:
    """Give the archive its name, in one step and never in place of another file."""
    try:
        os.link(archive, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise
        archive.rename(path)
    sync_names(path.parent)


def sync_names(folder: Path) -> None:
    """Write a folder's names to the disk, where the system can."""
    with suppress(OSError):
        sync(folder)
