"""Each request has an id, is counted, and leaves a line in the log; an error leaves its traceback.

The line has the address as it is declared (`/share/*`), so that no token of a link and no made-up
address is in it, and never a query. What nobody asks after is counted and not logged: Streamlit's
files, and programs that look whether the server is well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onemind import settings, telemetry
from onemind.server.exchange import problem, request_id, says, trace_parent
from onemind.server.guard import rule
from onemind.telemetry.meters import ERRORS, REFUSALS, REQUESTS
from onemind.telemetry.traces import NOTHING, Span, span

QUIET = {
    "/healthz", "/readyz", "/metrics", "/static/*", "/favicon.png", "/icon.png", "/api/session",
    "/api/boundaries/*", "/api/kiosk.js", "/_stcore/health", "/_stcore/host-config",
    "/_stcore/bidi-components/*", "/component/*", "/site/*",
}  # fmt: skip
UNDECLARED = "undeclared"
OPENED, REFUSED = 101, 403  # what a websocket's request is answered with
TROUBLE = (
    "Something went wrong here. Try again; if it happens again, send this number to the person "
    "who runs this dashboard: {}."
)
_log = logging.getLogger(__name__)


class Asked:
    """One request, or one websocket from its beginning to its end: its answer as it is sent."""

    def __init__(self, scope: Scope, send: Send, number: str) -> None:
        found = rule(scope["type"], scope["path"])
        self.kind, self.number, self._send = scope["type"], number, send
        self.path = found.path if found else UNDECLARED
        self.method = scope.get("method", "GET")
        self.is_api = bool(found and found.bearer)
        self.is_probe = bool(found and found.probe)
        self.is_traced = bool(found) and self.path not in QUIET
        self.is_lasting = self.kind == "websocket" or bool(found and found.lasting)
        self.status = 0

    async def send(self, message: Message) -> None:
        """Pass the answer on, with the request's id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["X-Request-ID"] = self.number
            message = {**message, "headers": headers.raw}
        elif message["type"] == "websocket.accept":
            self.status = OPENED
        elif message["type"] == "websocket.close":
            self.status = self.status or REFUSED
        await self._send(message)

    def tell(self, seconds: float) -> None:
        """Count it, and write its line; a program that watches is told by its answer alone."""
        if self.status and not self.is_probe:
            REQUESTS.add("2xx" if self.status == OPENED else f"{self.status // 100}xx")
        if self.status == 413:
            REFUSALS.add("too large")
        if self.path not in QUIET or (self.status >= 400 and not self.is_probe):
            fields = {"method": self.method, "path": self.path, "status": self.status}
            _log.info("request", extra={**fields, "ms": round(seconds * 1000, 1)})

    def answer(self, scope: Scope) -> Response:
        """Return what a visitor is told of an error: that there was one, and its number."""
        text = TROUBLE.format(self.number)
        if self.is_api:
            return problem(500, text)
        if "text/html" in HTTPConnection(scope).headers.get("accept", ""):
            return says("Something went wrong", text, 500)
        return JSONResponse({"error": text}, 500, {"Cache-Control": "no-store"})


class Requests:
    """Watch over each request; what is not allowed or fails is answered within."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an error before the answer began is answered, and logged."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        begun, number = perf_counter(), request_id(scope, settings.load)
        asked = Asked(scope, send, number)
        with telemetry.log.bound(request=number):
            try:
                with _traced(asked, trace_parent(scope, settings.load)):
                    await self.app({**scope, "onemind_request": number}, receive, asked.send)
            except Exception:
                ERRORS.add("request")
                _log.exception("request failed")
                if asked.kind != "http" or asked.status:
                    raise
                await asked.answer(scope)(scope, receive, asked.send)
            finally:
                asked.tell(perf_counter() - begun)


@contextmanager
def _traced(asked: Asked, parent: str) -> Iterator[Span]:
    """Trace what ends by itself; a websocket's or stream's hours are no span."""
    if asked.is_lasting or not asked.is_traced:
        yield NOTHING
        return
    attributes = {"http.request.method": asked.method, "http.route": asked.path}
    with span("request", attributes, parent) as current:
        try:
            yield current
        finally:
            current.set_attribute("http.response.status_code", asked.status)
