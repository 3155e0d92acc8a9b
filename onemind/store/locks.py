"""One publish at a time, compacting alone, upkeep by one process: locks beside the store.

The kernel frees a lock whose holder dies.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from onemind.errors import NotPossibleNow

SECONDS = 300
AGAIN = 0.005


@contextmanager
def publish_lock(store: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the store's publish lock; raises NotPossibleNow when it stays taken that long."""
    try:
        with FileLock(store / "publish.lock", timeout=seconds):
            yield
    except Timeout as error:
        raise NotPossibleNow(
            f"Another publish has been running for over {seconds:.0f} seconds. "
            "Your data was not published. Try again when it has finished."
        ) from error


@contextmanager
def gate(store: Path, *, alone: bool = False, seconds: float = SECONDS) -> Iterator[None]:
    """Pass the store's gate: readers together, compacting `alone`.

    Raises NotPossibleNow when others stay inside that long. Windows has no such lock: everybody may
    read there, and nobody may compact.
    """
    if sys.platform == "win32":
        if alone:
            raise NotPossibleNow("The store can't be compacted on Windows.")
        yield
        return
    with (store / "gate.lock").open("ab") as file:
        deadline = time.monotonic() + seconds
        while not _locked(file.fileno(), alone):
            if time.monotonic() > deadline:
                raise NotPossibleNow(
                    "The store has been busy with readers or compacting for too long. "
                    "Nothing was changed; try again when fewer people are here."
                )
            time.sleep(AGAIN)
        yield


def _locked(file: int, alone: bool) -> bool:
    import fcntl  # not on Windows

    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Duty:
    """What one process of a machine does for all: whoever has it keeps it until it ends.

    The same thread must ask and let go.
    """

    def __init__(self, store: Path) -> None:
        self._lock = FileLock(store / "duty.lock")

    def is_mine(self) -> bool:
        """Take it if nobody has it; return whether this process has it now."""
        if not self._lock.is_locked:
            with suppress(Timeout):
                self._lock.acquire(timeout=0)
        return self._lock.is_locked

    def end(self) -> None:
        """Let go of it."""
        self._lock.release()
