"""A store in one folder to make the backup of: the store itself, or a copy of a hosted one.

The copy is kept in the folder `mirror`, and each backup brings it up to date: only what was
published since is copied again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onemind import migration
from onemind.errors import NotPossibleNow, WrongUse
from onemind.store import Store, sole

FOLDER, LOCK = "mirror", "mirror.lock"
STATE = ("state.sqlite", "state.sqlite-wal", "state.sqlite-shm")


@contextmanager
def in_a_folder(store: Store) -> Iterator[Store]:
    """Lend a store that lies in one folder and holds the same.

    Raises NotPossibleNow where another process of this machine has the copy just now.
    """
    if not store.settings.catalog:
        yield store
        return
    place = store.settings.store
    with sole(place / LOCK) as is_mine:
        if not is_mine:
            raise NotPossibleNow("Another backup is being made. Try again when it has finished.")
        mirror = _brought_up_to_date(store, place / FOLDER)
        try:
            yield mirror
        finally:
            mirror.close()


def _brought_up_to_date(store: Store, folder: Path) -> Store:
    for name in STATE:  # it is small, and its rows change: it is copied anew
        (folder / name).unlink(missing_ok=True)
    try:
        return _copied(store, folder)
    except WrongUse:  # of another campaign, that was here before
        shutil.rmtree(folder)
        return _copied(store, folder)


def _copied(store: Store, folder: Path) -> Store:
    """Return the copy, without the uploads that wait: no backup holds them."""
    mirror = Store(store.settings.alone(folder))
    try:
        migration.copy(store, mirror, lambda _: None, (migration.ORIGINALS, migration.OUTLINES))
    except BaseException:
        mirror.close()
        raise
    return mirror
