"""Websockets and streams that are open: each is ended as soon as its session is.

All sessions with something open are asked after together, once in a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from anyio import to_thread
from starlette.types import Message, Receive, Send

from onemind.access import User
from onemind.telemetry.meters import SESSIONS, STREAMS

ENDED = 4401  # the websocket's close code that tells our page to load itself again
RESTARTING = 1012  # with which the server closes websockets when it goes down
EVERY = 1.0  # seconds
Who = Callable[[Iterable[str | None]], dict[str | None, User]]


class Open:
    """One connection that lasts: what goes in and out of it until it is ended."""

    def __init__(
        self, kind: str, key: str | None, user: User, receive: Receive, send: Send
    ) -> None:
        self.kind, self.key, self.user = kind, key, user
        self._receive, self._send = receive, send
        self._ended = asyncio.Event()
        self._accepted = False
        self.is_last = False  # the server goes down: streams would hold it up

    async def receive(self) -> Message:
        """Return the next message; once ended, that the other side has gone."""
        message = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({message, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                self.is_last = message.result().get("code") == RESTARTING
                return message.result()
            return {"type": f"{self.kind}.disconnect", "code": ENDED}
        finally:
            message.cancel()
            ended.cancel()

    async def send(self, message: Message) -> None:
        """Send a message, unless this has ended."""
        if message["type"] == "websocket.accept":
            self._accepted = True
        if not self._ended.is_set():
            await self._send(message)

    async def end(self) -> None:
        """End it: tell the browser, then the app."""
        if self._ended.is_set():
            return
        self._ended.set()
        if self._accepted:
            await self._send({"type": "websocket.close", "code": ENDED})


class Openings:
    """All that is open in this process, and the task that looks after it."""

    def __init__(self, who: Who) -> None:
        self._who = who
        self._open: set[Open] = set()
        self._watch: asyncio.Task[None] | None = None
        SESSIONS.read_by(lambda: self._number("websocket"))
        STREAMS.read_by(lambda: self._number("http"))

    def _number(self, kind: str) -> int:
        return sum(opened.kind == kind for opened in list(self._open))

    def __len__(self) -> int:
        return len(self._open)

    def add(self, opened: Open) -> None:
        """Look after one more."""
        self._open.add(opened)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.get_running_loop().create_task(self._look())

    async def end_streams(self) -> None:
        """End the streams: the server goes down, and would wait for them to end by themselves.

        A browser asks for them again, so it does no harm where a client only says so.
        """
        for opened in [item for item in self._open if item.kind == "http"]:
            await opened.end()

    def discard(self, opened: Open) -> None:
        """Forget one that was closed."""
        self._open.discard(opened)

    async def _look(self) -> None:
        while self._open:
            await asyncio.sleep(EVERY)
            looked = list(self._open)  # what is opened meanwhile was not asked about
            try:
                now = await to_thread.run_sync(self._who, {opened.key for opened in looked})
            except Exception:  # nosec B112 - an unreadable database ends nothing
                continue
            for opened in [item for item in looked if now.get(item.key) != item.user]:
                self._open.discard(opened)
                await opened.end()
