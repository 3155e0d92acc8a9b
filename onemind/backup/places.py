"""Where backups lie: in a folder, or in a bucket under a prefix, each under its name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from onemind.backup.archive import unpack
from onemind.backup.archive.manifest import BackupRefused, Manifest
from onemind.backup.scratch import scratch
from onemind.errors import NotPossibleNow, WrongUse
from onemind.files import BucketFiles, digest
from onemind.settings import Bucket

Place = Path | Bucket
NAME = re.compile(r"onemind-(\d{8}T\d{6}Z)\.tar")


def name_of(moment: datetime) -> str:
    """Return what a backup of this moment (UTC) is called, as in onemind-20261129T130500Z.tar."""
    return f"onemind-{moment:%Y%m%dT%H%M%SZ}.tar"


def is_folder(place: Place) -> bool:
    """Whether a place holds backups, and is not one itself."""
    return not place.prefix.endswith(".tar") if isinstance(place, Bucket) else place.is_dir()


def parted(bucket: Bucket) -> tuple[Bucket, str]:
    """Return the place of a backup in a bucket, and its name; "" where the address is a place."""
    if is_folder(bucket):
        return bucket, ""
    folder, _, name = bucket.prefix.rpartition("/")
    return replace(bucket, prefix=folder), name


def named(place: Place, name: str) -> Place:
    """Return a backup of a name at a place."""
    if isinstance(place, Bucket):
        return replace(place, prefix="/".join(filter(None, (place.prefix, name))))
    return place / name


def own(place: Place, store: str = "") -> dict[datetime, str]:
    """Return the names of the whole backups at a place by when they were made; only those of one
    store, if named.

    A backup has its name and its manifest from this program. All else there is none.
    """
    found = _in_bucket(place) if isinstance(place, Bucket) else _in_folder(place)
    return {
        manifest.made_at: name
        for name, manifest in found
        if name_of(manifest.made_at) == name and store in ("", manifest.store)
    }


def _in_folder(folder: Path) -> Iterator[tuple[str, Manifest]]:
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            try:
                manifest = unpack.listed(path)
            except (BackupRefused, NotPossibleNow, WrongUse):
                continue
            if unpack.is_whole(path):
                yield path.name, manifest


def _in_bucket(bucket: Bucket) -> Iterator[tuple[str, Manifest]]:
    files = BucketFiles(bucket)
    for name, size in files.sizes().items():
        if NAME.fullmatch(name):
            try:
                with files.opened(name) as file:
                    yield name, unpack.listed_in(file, name, size)
            except (BackupRefused, FileNotFoundError):
                continue


def put(archive: Path, bucket: Bucket, name: str) -> None:
    """Put a backup into a bucket and read it back.

    Raises WrongUse where there is one of that name, NotPossibleNow where it did not arrive whole.
    """
    files = BucketFiles(bucket)
    if files.size_of(name) is not None:
        raise WrongUse(f"{bucket}/{name} is there already. Name a new file, or a folder.")
    files.put(name, archive)
    if files.sum_of(name) != digest(archive):
        files.remove(name)
        raise NotPossibleNow(
            f"{bucket}/{name} was not read back as it was written. No backup was made. Try again."
        )


def remove(place: Place, name: str) -> None:
    """Remove a backup; raises NotPossibleNow where that can't be done."""
    if isinstance(place, Bucket):
        BucketFiles(place).remove(name)
        return
    try:
        (place / name).unlink(missing_ok=True)
    except OSError as error:
        raise NotPossibleNow(f"{place / name} can't be removed: {error.strerror}.") from error


@contextmanager
def lent(place: Place) -> Iterator[Path]:
    """Lend a backup as a file of this computer; one in a bucket is fetched for the time.

    Of a folder or a prefix it is the newest. Raises NotPossibleNow where that has none.
    """
    if is_folder(place):
        backups = own(place)
        if not backups:
            raise NotPossibleNow(f"There is no backup in {place}. Make one first.")
        place = named(place, backups[max(backups)])
    if isinstance(place, Path):
        yield place
        return
    bucket, name = parted(place)
    with scratch(Path(tempfile.gettempdir()), "fetch") as folder:
        path = BucketFiles(bucket, cache=folder).path(name)
        if not path.exists():
            raise WrongUse(f"There is no backup {place}.")
        yield path
