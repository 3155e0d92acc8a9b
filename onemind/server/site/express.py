"""What the guard said of a visitor of the site holds for a second: the next files come at once.

A page brings its style, scripts and data with it, and readers come by the hundred. Judging each
request costs ten times what sending a file from memory does. So what was let through is let through
again, for the same cookie, until a second is over: a link that is revoked ends as soon as anything
else of it. Nothing is let through that the guard has not seen, and nothing on a dashboard that
answers this computer only, where much more decides.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from onemind import runtime
from onemind.access import User
from onemind.server.site.answers import send_kept
from onemind.server.site.shelf import Shelf
from onemind.store import Store
from onemind.telemetry.meters import REQUESTS

PLACE = "/site/"
HOLDS, MOST = 1.0, 4096  # seconds; visitors
SAFE = ("GET", "HEAD")
Key = tuple[bytes | None, ...]


@dataclass(frozen=True)
class Pass:
    """Whom the guard let through, over which store, whether by TLS, and until when that holds."""

    store: Store
    user: User
    secure: bool
    until: float


def file_of(path: str) -> str:
    """Return which file of the site an address means."""
    return path.removeprefix(PLACE) or "index.html"


class Express:
    """Send files of the site that are in memory to whom the guard has just let through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.shelf = app, Shelf()
        self._passes: OrderedDict[Key, Pass] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or pass the request on."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PLACE) or scope["method"] not in SAFE:
            await self.app(scope, receive, send)
            return
        known = self._passes.get(key_of(scope))
        if known and time.monotonic() < known.until:
            kept = self.shelf.ready(known.store, known.user, runtime.today(), file_of(path))
            if kept:
                status = await send_kept(kept, known.user, known.secure, scope, send)
                REQUESTS.add(f"{status // 100}xx")
                return
        await self.app({**scope, "onemind_express": self}, receive, send)

    def learn(self, scope: Scope, store: Store, user: User, secure: bool) -> None:
        """Keep for a moment whom the guard let through."""
        if runtime.visitors().is_local():
            return
        self._passes[key_of(scope)] = Pass(store, user, secure, time.monotonic() + HOLDS)
        while len(self._passes) > MOST:
            self._passes.popitem(last=False)


def key_of(scope: Scope) -> Key:
    """Return all that the guard's answer to a reader's request rests on: the cookies, and what
    says whether it came by TLS.
    """
    asked = dict(scope["headers"])
    proxied = asked.get(b"x-forwarded-proto")
    client = scope.get("client")
    peer = str(client[0]).encode() if proxied and client else None
    return asked.get(b"cookie"), proxied, peer, scope.get("scheme", "").encode()
