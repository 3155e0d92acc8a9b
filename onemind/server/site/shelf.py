"""Files of sites, rendered when somebody first asks for one and kept from then on.

A file is rendered in a thread, once for all who see the same of a version on a day. It is kept
compressed, in memory and under the store's folder in `site/`; one that rests on the same is taken
over from the version before.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from onemind.access import User
from onemind.campaign import Scope, Sight
from onemind.errors import NotPossibleNow
from onemind.server.site.answers import Kept, kept_as
from onemind.site import Edition, planned, rendered, sight_of, zipped
from onemind.store import Mark, Store, is_settled

EDITIONS, SCOPES = 3, 24  # kept on disk: of each scope, and scopes
MEMORY = 64 * 1024 * 1024
AT_ONCE = 2  # pages rendered at the same time; more would only wait for the processors
TRIES = 3
Titles = tuple[str, ...] | None
Key = tuple[Store, Scope, int | None, Titles, date, Mark]


@dataclass(eq=False)
class Shown:
    """The site of one scope, version and day, and those of its files that are being made."""

    edition: Edition
    folder: Path
    making: dict[str, asyncio.Future[Kept | None]] = field(default_factory=dict)


class Shelf:
    """All that is kept of sites in this process."""

    def __init__(self, limit: int = MEMORY) -> None:
        self.limit, self.size = limit, 0
        self.files: OrderedDict[tuple[Shown, str], Kept] = OrderedDict()
        self.shown: OrderedDict[Key, Shown] = OrderedDict()
        self._line: CapacityLimiter | None = None

    def ready(self, store: Store, user: User, today: date, path: str) -> Kept | None:
        """Return a file if it is in memory; it costs no more than looking up."""
        shown = self.shown.get(_key(store, user.sight, user.pages, today, store.mark()))
        return self.files.get((shown, path)) if shown else None

    async def find(self, store: Store, user: User, today: date, path: str) -> Kept | None:
        """Return a file of the site that somebody sees; None where it has no such file."""
        for _ in range(TRIES):
            shown = await self._site(store, user.sight, user.pages, today)
            kept = self.files.get((shown, path))
            if kept is None and path in planned(shown.edition):
                kept = await self._made(shown, path)
            if kept or path not in planned(shown.edition):
                return kept
        raise NotPossibleNow("Versions are published too fast right now. Try again in a moment.")

    async def _site(self, store: Store, sight: Sight, titles: Titles, today: date) -> Shown:
        mark = store.mark()
        key = _key(store, sight, titles, today, mark)
        shown = self.shown.get(key)
        if shown is None:
            shown = await to_thread.run_sync(_open, store, sight, titles, today)
            shown = self._same(shown) or shown
            if is_settled(mark):
                self.shown[key] = shown
            while len(self.shown) > SCOPES:
                self.shown.popitem(last=False)
        return shown

    def _same(self, new: Shown) -> Shown | None:
        """Return the site that is open already: the catalog changed, and no version came."""
        return next((old for old in self.shown.values() if old.folder == new.folder), None)

    async def _made(self, shown: Shown, path: str) -> Kept | None:
        """Make a file, once for all who ask for it meanwhile."""
        if path not in shown.making:
            shown.making[path] = asyncio.ensure_future(self._make(shown, path))
        try:
            return await asyncio.shield(shown.making[path])
        finally:
            shown.making.pop(path, None)

    async def _make(self, shown: Shown, path: str) -> Kept | None:
        self._line = self._line or CapacityLimiter(AT_ONCE)
        content = await to_thread.run_sync(_content, shown, path, limiter=self._line)
        if content is None:
            return None
        kept = kept_as(path, content)
        self.files[shown, path] = kept
        self.size += len(content)
        while self.size > self.limit and len(self.files) > 1:
            _, dropped = self.files.popitem(last=False)
            self.size -= len(dropped.content)
        return kept


def _key(store: Store, sight: Sight, titles: Titles, today: date, mark: Mark) -> Key:
    """What decides which site somebody sees: the scope, the pages, the day, the catalog's state."""
    return store, sight.scope, sight.version, titles, today, mark


def _open(store: Store, sight: Sight, titles: Titles, today: date) -> Shown:
    """Open the site of the newest version; what is on disk of old ones goes."""
    seen = sight_of(sight.scope, sight.version)
    edition = Edition.of(store, seen, today, titles)
    planned(edition)
    named = hashlib.sha256(repr((seen, titles)).encode()).hexdigest()[:16]
    scope = store.settings.store / "site" / named
    with suppress(OSError):
        _tidy(scope.parent, SCOPES - 1, scope)
        _tidy(scope, EDITIONS - 1, None)
    return Shown(edition, scope / f"{edition.version.number}-{today}")


def _tidy(folder: Path, most: int, but: Path | None) -> None:
    """Remove the folders in it that were written to longest ago."""
    listed = [path for path in folder.iterdir() if path.is_dir() and path != but]
    listed.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in listed[most:]:
        shutil.rmtree(path, ignore_errors=True)


def _content(shown: Shown, path: str) -> bytes | None:
    """Return a file compressed: from disk if it is there, else rendered. None: a version came."""
    file = planned(shown.edition)[path]
    name = f"{path.replace('/', '~')}.{file.key}.gz"
    with suppress(OSError):
        if found := _found(shown.folder, name):
            return found.read_bytes()
    ((_, plain),) = rendered(shown.edition, {path})
    if not shown.edition.is_steady:
        return None
    content = zipped(plain)
    with suppress(OSError):  # a full disk: it is in memory all the same
        _write(shown.folder / name, content)
    return content


def _found(folder: Path, name: str) -> Path | None:
    """Return a file of that name: in the folder, or taken over from another version's."""
    if (folder / name).exists():
        return folder / name
    for other in sorted(folder.parent.glob("*-*")):
        if (other / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            os.link(other / name, folder / name)
            return folder / name
    return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
