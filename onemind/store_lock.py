"""One publish at a time: a file lock beside the store, freed by the kernel if its holder dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from onemind.errors import NotPossibleNow

SECONDS = 300


@contextmanager
def publish_lock(store: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the store's publish lock; raises NotPossibleNow when it stays taken that long."""
    try:
        with FileLock(store / "publish.lock", timeout=seconds):
            yield
    except Timeout as error:
        raise NotPossibleNow(
            f"Another publish has been running for over {seconds:.0f} seconds. "
            "Nothing of yours was published; try again when it has finished."
        ) from error
