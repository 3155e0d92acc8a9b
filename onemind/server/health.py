"""How the process is: alive, ready, and its numbers, for programs that watch it.

/healthz answers that the process is alive. /readyz looks whether the store can be read and the
first screens are prepared; it answers within a second, whatever the store does. /metrics hands out
the numbers; the guard lets in only who may read them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from onemind import __version__, runtime, telemetry
from onemind.errors import OneMindError
from onemind.store import Store
from onemind.telemetry import meters

PATIENCE = 0.8  # seconds that a probe waits for the store
COLD = "The first screens are still being prepared."
SILENT = "The store does not answer within a second."
UNREADABLE = "The store can't be read."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """What a look at the store came to: its newest version, or why it can't be read."""

    version: int = 0
    published_at: datetime | None = None
    held: int = 0
    why: str = ""

    def age(self, now: datetime) -> float | None:
        """Return the seconds since the newest version was published; None while there is none."""
        return max(0.0, (now - self.published_at).total_seconds()) if self.published_at else None

    def lag(self, now: datetime) -> float:
        """Return the seconds since a version came that is not in memory; 0 when the newest is."""
        return 0.0 if self.held >= self.version else self.age(now) or 0.0


def look() -> Look:
    """Read the newest version from the store, past all that is cached."""
    try:
        store = runtime.store()
        with store.cursor() as con:
            versions = store.versions_seen_by(con)
    except (OneMindError, OSError, Store.database_error):
        return Look(why=UNREADABLE)
    newest = versions[-1] if versions else None
    if newest is None:
        return Look()
    return Look(newest.number, newest.published_at, store.held())


class Health:
    """What this process knows of itself; looks at the store are one at a time."""

    def __init__(self, look: Callable[[], Look], patience: float = PATIENCE) -> None:
        self._look, self.patience = look, patience
        self._looking: asyncio.Future[Look] | None = None
        self._known, self._said = Look(), COLD
        self.is_warm = False

    async def ask(self) -> Look:
        """Look at the store; who asks meanwhile shares the look. One that takes longer goes on."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._thread())
        try:
            found = await asyncio.wait_for(asyncio.shield(self._looking), self.patience)
        except TimeoutError:
            found = Look(why=SILENT)
        except Exception:
            _log.warning("The look at the store failed", exc_info=True)
            self._looking, found = None, Look(why=UNREADABLE)
        if not found.why:
            self._known = found
        self._note(self.why(found))
        return found

    def _note(self, why: str) -> None:
        meters.READY.set(float(not why))
        if why != self._said:
            self._said = why
            if why:
                _log.warning("not ready: %s", why)
            else:
                _log.info("ready")

    async def _thread(self) -> Look:
        """Look in a thread of its own: those of requests may all wait for the store."""
        return await to_thread.run_sync(self._look, limiter=CapacityLimiter(1))

    def why(self, found: Look) -> str:
        """Return why the process is not ready, "" when it is."""
        return found.why or ("" if self.is_warm else COLD)

    def tell(self) -> None:
        """Have the numbers of the newest version read from the last look that succeeded."""
        meters.VERSION.read_by(lambda: self._known.version)
        meters.VERSION_AGE.read_by(lambda: self._known.age(datetime.now(UTC)))
        meters.LAG.read_by(lambda: self._known.lag(datetime.now(UTC)))


HEALTH = Health(look)
HEALTH.tell()


async def healthz(request: Request) -> Response:
    """Answer that the server is up, and which version of the dashboard it is."""
    return JSONResponse({"status": "ok", "version": __version__})


async def readyz(request: Request) -> Response:
    """Answer whether the process can serve: 200 with its newest version, or 503 with why not."""
    found = await HEALTH.ask()
    headers = {"Cache-Control": "no-store"}
    if why := HEALTH.why(found):
        return JSONResponse({"status": "not ready", "why": why}, 503, headers)
    lag = round(found.lag(datetime.now(UTC)), 1)
    return JSONResponse({"status": "ready", "version": found.version, "lag": lag}, 200, headers)


async def metrics(request: Request) -> Response:
    """Hand out the numbers of this process; those of the store as they were at the last look."""
    await HEALTH.ask()
    text = await to_thread.run_sync(telemetry.exposition, limiter=CapacityLimiter(1))
    headers = {"Cache-Control": "no-store", "Content-Type": telemetry.MEDIA_TYPE}
    return Response(text, headers=headers)


routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
