"""A folder to work in, which is gone at the end; what a killed program left is removed first."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onemind.store import sole

LOCK = "lock"
PREFIX = ".onemind-"


@contextmanager
def scratch(folder: Path, purpose: str) -> Iterator[Path]:
    """Lend a new folder inside another one, for its owner alone; raises OSError if that fails."""
    for place in folder.glob(f"{PREFIX}{purpose}-*"):
        _sweep(place)
    place = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}-", dir=folder))
    try:
        with sole(place / LOCK):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove a folder whose owner has died: the kernel has freed its lock."""
    if place.is_symlink() or not (place / LOCK).is_file():
        return
    with sole(place / LOCK) as is_dead:
        if is_dead:
            shutil.rmtree(place, ignore_errors=True)
