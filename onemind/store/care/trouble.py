"""What is wrong with a store at this moment, since when, and what to do: a sentence for staff."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from onemind.errors import FULL, LOCKED, OF_RIGHTS, OF_SPACE, NotWritable

ENOUGH = 1_000_000  # bytes free: a publish, a note and SQLite's own files need some
TRIED = 65_536  # bytes: what is written to try whether writing is possible


@dataclass(frozen=True)
class Trouble:
    """One thing wrong: a sentence on what it is, one on what to do, and since when (UTC)."""

    says: str
    action: str
    since: datetime


class Troubles:
    """The troubles of one store by kind; any thread may note and end them."""

    def __init__(self) -> None:
        self._noted: dict[str, Trouble] = {}
        self._guard = Lock()

    def note(self, kind: str, says: str, action: str) -> None:
        """Note a trouble; one that is known keeps the moment it began."""
        with self._guard:
            known = self._noted.get(kind)
            since = known.since if known else datetime.now(UTC)
            self._noted[kind] = Trouble(says, action, since)

    def end(self, kind: str) -> None:
        """Forget a trouble that is over."""
        with self._guard:
            self._noted.pop(kind, None)

    def has(self, kind: str) -> bool:
        """Whether a trouble of this kind is noted."""
        return kind in self._noted

    def all(self) -> tuple[Trouble, ...]:
        """Return the troubles there are, the oldest first."""
        with self._guard:
            return tuple(sorted(self._noted.values(), key=lambda item: item.since))


def unwritable(folder: Path) -> NotWritable | None:
    """Return why a folder can't be written, from what the system says of it; None if it can.

    It takes a few microseconds, so that it can be asked before every question to the store.
    """
    try:
        status = os.statvfs(folder)
    except (OSError, AttributeError):  # it is gone, which others say; Windows can't tell
        return None
    free = status.f_bfree if os.geteuid() == 0 else status.f_bavail
    if free * status.f_frsize < ENOUGH:
        return FULL
    if status.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return LOCKED
    return None


def tried(folder: Path) -> NotWritable | None:
    """Return why a folder can't be written, by writing into it; None if it can."""
    if known := unwritable(folder):
        return known
    path = folder / f".try-{secrets.token_hex(4)}"
    try:
        path.write_bytes(bytes(TRIED))
    except OSError as error:
        return worded(error)
    finally:
        with suppress(OSError):
            path.unlink()
    return None


def is_of_disk(error: OSError) -> bool:
    """Whether an error of the system is about a disk that is full or can't be written."""
    return errno.errorcode.get(error.errno or 0, "") in (*OF_SPACE, *OF_RIGHTS)


def worded(error: OSError) -> NotWritable:
    """Return what an error of the system means for the store."""
    return NotWritable.of(error)
