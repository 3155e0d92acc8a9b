"""Publishes, told at once: a server-sent event with the version's number, and nothing else.

One task a process looks at the catalog while somebody listens, so that a publish from any process
is noticed. Whatever many are about to look at is worked out before they are told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from onemind import ui, ui_live

LOOK, ALIVE = 0.05, 20.0  # seconds


class Publishes:
    """Tells listeners the number of the newest version: at first, after each publish, and again
    from time to time, so that they know that they still hear.

    `mark` differs after a publish, `newest` returns its number and `prepare` warms what it can,
    for no more than `patience` seconds before they are told.
    """

    def __init__(
        self,
        mark: Callable[[], object],
        newest: Callable[[], int],
        prepare: Callable[[int], None],
        patience: Callable[[int], float] = lambda number: ui_live.SOON,
    ) -> None:
        self.mark, self.newest, self.prepare, self.patience = mark, newest, prepare, patience
        self.listeners: set[asyncio.Queue[int]] = set()
        self._ended = False
        self._watching: asyncio.Task[None] | None = None

    async def told(self, alive: float = ALIVE) -> AsyncIterator[int]:
        """Yield the newest version's number, now and whenever there is something to say."""
        queue: asyncio.Queue[int] = asyncio.Queue()
        self.listeners.add(queue)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            number = await to_thread.run_sync(self.newest)
            while not self._ended:
                yield number
                try:
                    number = await asyncio.wait_for(queue.get(), alive)
                except TimeoutError:
                    continue
        finally:
            self.listeners.discard(queue)

    def end(self) -> None:
        """End every stream, for the server stops and would wait for them."""
        self._ended = True
        for queue in self.listeners:
            queue.put_nowait(0)

    async def _watch(self) -> None:
        seen, known = None, None
        while self.listeners:
            mark = self.mark()
            if mark != seen:
                newest = await to_thread.run_sync(self.newest)
                if known is not None and newest != known:
                    await self._prepared(newest)
                    for queue in self.listeners:
                        queue.put_nowait(newest)
                seen, known = mark, newest
            await asyncio.sleep(LOOK)

    async def _prepared(self, number: int) -> None:
        """Prepare a version; whoever listens is told in the end even if that takes long."""
        work = asyncio.ensure_future(to_thread.run_sync(self.prepare, number))
        seconds = await to_thread.run_sync(self.patience, number)
        await asyncio.wait({work}, timeout=seconds)


def newest() -> int:
    """Return the newest version's number, 0 while nothing is published."""
    version = ui.store().current()
    return version.number if version else 0


PUBLISHES = Publishes(
    lambda: ui.store().mark(), newest, lambda number: ui_live.warm(), ui_live.patience
)


async def events(request: Request) -> Response:
    """Stream the newest version's number; once, as JSON, to whoever does not ask for a stream.

    A link held at a version is told of that one.
    """
    user = request.scope.get("onemind", {}).get("user")
    held = user.version if user else None
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if "text/event-stream" not in request.headers.get("accept", ""):
        number = await to_thread.run_sync(newest)
        return JSONResponse({"version": held or number}, headers=headers)
    return StreamingResponse(_written(held), media_type="text/event-stream", headers=headers)


async def _written(held: int | None) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    async for number in PUBLISHES.told():
        yield f"data: {held or number}\n\n"
