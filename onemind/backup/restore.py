"""Bringing a backup back into a new folder: proven file by file and number by number first."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from onemind.backup import catalog
from onemind.backup.archive import unpack
from onemind.backup.archive.manifest import BackupRefused, Manifest, Numbers
from onemind.backup.make import sync_names
from onemind.backup.numbers import numbers
from onemind.backup.parts import parts
from onemind.backup.places import Place, lent
from onemind.backup.scratch import PREFIX, scratch
from onemind.campaign import contracts
from onemind.errors import ContractError, NotPossibleNow
from onemind.settings import Settings
from onemind.store import CATALOG, Store


def restore(target: Place, settings: Settings) -> Manifest:
    """Restore a backup, or the newest one at a place, into the store folder that settings name.

    The folder must be new or empty. Raises BackupRefused where anything is not as the backup lists
    it, and NotPossibleNow where the folder is in use or the disk is full. The folder is then as it
    was before.
    """
    _prove_free(settings.store)
    with lent(target) as path:
        return _restored(path, settings)


def _restored(path: Path, settings: Settings) -> Manifest:
    folder = settings.store
    unpack.listed(path)
    is_new = not folder.exists()
    try:
        with scratch(_nearest(folder), "restore") as place:
            manifest = _brought_back(path, place, settings)
            os.sync()
            if is_new:
                folder.parent.mkdir(parents=True, exist_ok=True)
                (place / "store").rename(folder)
            else:
                _moved_up(place / "store", folder)
            sync_names(folder)
            sync_names(folder.parent)
    except OSError as error:
        raise NotPossibleNow(f"{folder} can't be written: {error.strerror}.") from error
    return manifest


def of(settings: Settings, folder: Path) -> Settings:
    """Return settings for a restored store: its folder, and the rules that came along, if any."""
    rules = folder / "rules"
    return replace(settings.alone(folder), rules=rules if rules.is_dir() else None)


def _nearest(folder: Path) -> Path:
    """Return the folder to work in: itself where it exists, as a volume does; else one above it."""
    return folder if folder.exists() else next(item for item in folder.parents if item.exists())


def _prove_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotPossibleNow(f"{folder} is a file. Name a folder that is new or empty.")
    if folder.is_dir() and any(not item.name.startswith(PREFIX) for item in folder.iterdir()):
        raise NotPossibleNow(
            f"{folder} is in use. Restore into a folder that is new or empty: add --to FOLDER."
        )


def _brought_back(path: Path, place: Path, settings: Settings) -> Manifest:
    """Unpack and prove a backup in a scratch folder; its store is in the folder `store` there."""
    unpacked, store = place / "unpacked", place / "store"
    unpacked.mkdir(mode=0o700)
    store.mkdir(mode=0o700)
    manifest = unpack.read(path, unpacked)
    _prove_known(manifest, path)
    below = "data/"
    held = {item.name.removeprefix(below) for item in manifest.files if item.name.startswith(below)}
    catalog.prove(unpacked, held)
    for part in parts(settings.alone(store)):
        part.bring_back(unpacked, store)
    _prove_numbers(manifest, of(settings, store))
    return manifest


def _prove_known(manifest: Manifest, path: Path) -> None:
    """Refuse a backup with datasets or columns that this version of the dashboard lacks."""
    known = {name: set(contract.columns) for name, contract in contracts().items()}
    strange = [
        name
        for name, columns in manifest.schema.items()
        if not set(columns) <= known.get(name, set())
    ]
    if strange:
        raise BackupRefused(
            f"{path.name} has data that this dashboard does not know: {', '.join(strange)[:80]}. "
            f"Install version {manifest.product_version[:20]} or a newer one, then restore it."
        )


def _prove_numbers(manifest: Manifest, settings: Settings) -> None:
    """Open the restored store and count every version, as the backup counted it."""
    identity = catalog.identity(settings.store / CATALOG)  # before DuckDB has it open
    try:
        with closing(Store(settings)) as store, store.cursor() as con:
            restored = tuple(numbers(con, store.versions_seen_by(con)))
    except (Store.database_error, ContractError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"The restored store can't be read: {error}.") from error
    differing = differences(manifest.versions, restored)
    if identity != manifest.store:
        differing.append("The store is another one than the backup names.")
    if differing:
        raise BackupRefused(f"The restored store differs from its backup. {differing[0]}")


def differences(expected: tuple[Numbers, ...], actual: tuple[Numbers, ...]) -> list[str]:
    """Say where the numbers of versions differ, a sentence for each place."""
    sentences = []
    if len(expected) != len(actual):
        sentences.append(f"It has {len(actual)} versions instead of {len(expected)}.")
    for wanted, found in zip(expected, actual, strict=False):
        if (wanted.version, wanted.published_at) != (found.version, found.published_at):
            sentences.append(f"Version {wanted.version} is another one.")
            continue
        for name in sorted({*wanted.rows, *found.rows}):
            before, after = wanted.rows.get(name, 0), found.rows.get(name, 0)
            if before != after:
                sentences.append(
                    f"Version {wanted.version} has {after:,} rows of {name} instead of {before:,}."
                )
    return sentences


def _moved_up(store: Path, folder: Path) -> None:
    """Move a store's parts into an empty folder, such as a volume; without the last it is none."""
    for item in sorted(store.iterdir(), key=lambda item: item.name == CATALOG):
        item.rename(folder / item.name)
