"""One publish at a time, compacting alone: locks beside the store, or in its PostgreSQL. And the
duty that one process of a machine has for all.

The kernel, or the server, frees a lock whose holder dies.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from onemind.errors import NotPossibleNow
from onemind.settings import Settings
from onemind.store import hosted
from onemind.store.care import worded

SECONDS = 300
AGAIN = 0.005


Said = Callable[[], None]  # tells the other processes that something was published


@contextmanager
def publish_lock(settings: Settings, seconds: float = SECONDS) -> Iterator[Said]:
    """Hold the store's publish lock, and lend what tells others of a publish.

    Raises NotPossibleNow when it stays taken that long.
    """
    if settings.catalog:
        with hosted.advisory_lock(settings.catalog, seconds) as con:
            yield partial(hosted.notify, con)
        return
    try:
        lock = FileLock(settings.store / "publish.lock", timeout=seconds)
        lock.acquire()
    except Timeout as error:
        raise NotPossibleNow(
            f"Another publish has been running for over {seconds:.0f} seconds. "
            "Your data was not published. Try again when it has finished."
        ) from error
    except OSError as error:
        raise worded(error) from error
    try:
        yield lambda: None  # they see it by the catalog's file
    finally:
        lock.release()


@contextmanager
def sole(file: Path) -> Iterator[bool]:
    """Lend whether this process got the lock of a file, which it then holds; it does not wait."""
    lock = FileLock(file, timeout=0)
    with suppress(Timeout):
        lock.acquire()
    try:
        yield lock.is_locked
    finally:
        lock.release()


@contextmanager
def gate(settings: Settings, *, alone: bool = False, seconds: float = SECONDS) -> Iterator[None]:
    """Pass the store's gate: readers together, compacting `alone`.

    Raises NotPossibleNow when others stay inside that long. PostgreSQL needs no gate. Windows has
    no such lock: everybody may read there, and nobody may compact.
    """
    if settings.catalog:
        yield
        return
    if sys.platform == "win32":
        if alone:
            raise NotPossibleNow("The store can't be compacted on Windows.")
        yield
        return
    with _gate_file(settings.store) as opened:
        deadline = time.monotonic() + seconds
        while opened and not _locked(opened.fileno(), alone):
            if time.monotonic() > deadline:
                raise NotPossibleNow(
                    "The store has been busy with readers or compacting for too long. "
                    "Nothing was changed; try again when fewer people are here."
                )
            time.sleep(AGAIN)
        yield


@contextmanager
def _gate_file(store: Path) -> Iterator[IO[bytes] | None]:
    """Lend the file that is locked; None where it can't be made, and so nobody can compact."""
    path = store / "gate.lock"
    try:
        opened: IO[bytes] | None = path.open("ab")
    except OSError:
        opened = path.open("rb") if path.exists() else None
    with opened or nullcontext():
        yield opened


def _locked(file: int, alone: bool) -> bool:
    import fcntl  # not on Windows

    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Duty:
    """What one process of a store does for all: whoever has it keeps it until it ends.

    Of a hosted store that is one process of all machines. The same thread must ask and let go. Of
    several duties, `what` names one.
    """

    def __init__(self, settings: Settings, what: str = "duty") -> None:
        self._claim = hosted.Claim(settings.catalog, what) if settings.catalog else None
        self._lock = FileLock(settings.store / f"{what}.lock")

    def is_mine(self) -> bool:
        """Take it if nobody has it; return whether this process has it now."""
        if self._claim:
            return self._claim.is_mine()
        if not self._lock.is_locked:
            with suppress(Timeout):
                self._lock.acquire(timeout=0)
        return self._lock.is_locked

    def end(self) -> None:
        """Let go of it."""
        if self._claim:
            self._claim.end()
        self._lock.release()
