"""Publishes, told at once: a server-sent event with the version's number and what it changed.

One task a process looks at the catalog while somebody listens, so that a publish from any process
is noticed. Whatever many are about to look at is worked out before they are told.

The stream's text is ours and not sse-starlette's: that replaces a method of uvicorn's server when
it is imported and looks twice a second whether to end; here four lines write it, told when to end.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from onemind import runtime
from onemind.campaign import Sight
from onemind.errors import OneMindError
from onemind.store import is_settled
from onemind.ui.shell import live

LOOK, ALIVE, SAID = 0.025, 20.0, 0.12  # seconds
MOST_NEWS = 64
NEWS: dict[tuple[Sight, int, int], asyncio.Future[str]] = {}


class Publishes:
    """Tells listeners the number of the newest version: at first, after each publish, and again
    from time to time, so that they know that they still hear.

    `mark` differs after a publish, once it is `settled`; `newest` returns its number and `prepare`
    warms what it can, for no more than `patience` seconds before they are told.
    """

    def __init__(
        self,
        mark: Callable[[], object],
        newest: Callable[[], int],
        prepare: Callable[[int], None],
        patience: Callable[[int], float] = lambda number: live.SOON,
        settled: Callable[[Any], bool] = lambda mark: True,
    ) -> None:
        self.mark, self.newest, self.prepare, self.patience = mark, newest, prepare, patience
        self.settled = settled
        self.listeners: set[asyncio.Queue[int]] = set()
        self._ended = False
        self._watching: asyncio.Task[None] | None = None

    async def notifications(self, alive: float = ALIVE) -> AsyncGenerator[int, None]:
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
        """Look for publishes while anybody listens.

        A catalog that is still being written is left alone for a moment: SQLite, as DuckDB brings
        it, waits a whole second where it can't read at once.
        """
        seen: object = None
        last: object = None
        known, sure = None, False
        while self.listeners:
            mark, before = self.mark(), last
            last, settled = mark, self.settled(mark)
            if mark == before and (mark != seen or (settled and not sure)):
                newest = await to_thread.run_sync(self.newest)
                if known is not None and newest != known:
                    await self._prepared(newest)
                    for queue in self.listeners:
                        queue.put_nowait(newest)
                seen, sure, known = mark, settled, newest
            await asyncio.sleep(LOOK)

    async def _prepared(self, number: int) -> None:
        """Prepare a version; whoever listens is told in the end even if that takes long."""
        work = asyncio.ensure_future(to_thread.run_sync(self.prepare, number))
        seconds = await to_thread.run_sync(self.patience, number)
        await asyncio.wait({work}, timeout=seconds)


def newest() -> int:
    """Return the newest version's number, 0 while nothing is published or can be read."""
    try:
        return runtime.store().newest()
    except OneMindError:
        return 0


def mark() -> Any:
    """Return what differs after a publish; nothing while the store can't be opened."""
    try:
        return runtime.store().mark()
    except OneMindError:
        return ()


PUBLISHES = Publishes(mark, newest, lambda number: live.warm(), live.patience, is_settled)


async def events(request: Request) -> Response:
    """Stream the newest version; once, as JSON, to whoever does not ask for a stream.

    Each is {"version": number}, with what it changed as "said" where it is newer than the one that
    the screen shows (`since`, or the one it heard of last). A link held at a version is told that.
    """
    user = request.scope.get("onemind", {}).get("user")
    version, sight = (user.version, user.sight) if user else (None, None)
    since = _number(request.headers.get("last-event-id") or request.query_params.get("since"))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    asks = request.headers.get("accept", "")
    if request.method == "HEAD" or "text/event-stream" not in asks:  # a HEAD would never end
        number = await to_thread.run_sync(newest)
        return JSONResponse(await _word(version or number, since, sight), headers=headers)
    stream = _written(version, since, sight)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _written(
    version: int | None, since: int | None, sight: Sight | None
) -> AsyncGenerator[str, None]:
    yield "retry: 1000\n\n"
    async for newest in PUBLISHES.notifications():
        number = version or newest
        yield f"id: {number}\ndata: {json.dumps(await _word(number, since, sight))}\n\n"
        since = number


async def _word(number: int, since: int | None, sight: Sight | None) -> dict[str, object]:
    if sight is None or since is None or not 0 < since < number:
        return {"version": number}
    sentence = await _news(sight, since, number)
    return {"version": number, "said": sentence} if sentence else {"version": number}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


async def _news(sight: Sight, before: int, after: int) -> str | None:
    """Return what changed; worked out once for all who see the same, None if that takes long."""
    key = (sight, before, after)
    if key not in NEWS:
        place = str(runtime.store().settings.store)
        work = to_thread.run_sync(live.news, place, sight, before, after)
        NEWS[key] = asyncio.ensure_future(work)
        while len(NEWS) > MOST_NEWS:
            NEWS.pop(next(iter(NEWS)))
    with suppress(Exception):  # a screen that draws itself again says it, or what is wrong
        return await asyncio.wait_for(asyncio.shield(NEWS[key]), SAID)
    return None
