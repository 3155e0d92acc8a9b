"""The guard: every request and every websocket passes here, and what is not allowed is refused.

It asks `Visitors` who comes, and the rules what the address asks for. What lasts (websockets, event
streams) is ended within two seconds of its session.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onemind import access, runtime
from onemind.access import EXPLORE, User, Visitors
from onemind.access.attempts import network
from onemind.access.sessions import key_of
from onemind.errors import NotWritable, OneMindError
from onemind.server.exchange import Caller, caller, without_identity
from onemind.server.guard import refusals
from onemind.server.guard.openings import Open, Openings
from onemind.server.guard.rules import Rule, address_of, rule
from onemind.server.streamlit_seams import sifted

NOTED = 1_000  # refusals remembered, so that one asked for again and again is logged once
PROBES = 4  # judged at the same time, beside all others
Verdict = User | Response | None


class Guard:
    """Let through who may; answer everybody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.openings = Openings(lambda keys: runtime.visitors().who_each(keys, used=False))
        self._noted: dict[tuple[str, str], None] = {}
        self._probes = CapacityLimiter(PROBES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        visitors = runtime.visitors()
        asks = caller(scope, visitors.settings)
        needed = rule(asks.kind, asks.path)
        line = self._probes if needed and needed.probe else None
        verdict = await to_thread.run_sync(self._judge, visitors, asks, needed, limiter=line)
        if isinstance(verdict, Response):
            await _refuse(verdict, scope, receive, send)
            return
        known = {"caller": asks, "user": verdict}
        headers = [*without_identity(scope["headers"], asks.secure), *_ours(scope, asks)]
        if verdict is not None:
            scope.get("onemind_frames", []).extend(verdict.sites)
        scope = {**scope, "headers": headers, "onemind": known}
        if verdict and needed and (needed.lasting or asks.kind == "websocket"):
            await self._pass_on(verdict, asks, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _pass_on(
        self, user: User, asks: Caller, scope: Scope, receive: Receive, send: Send
    ) -> None:
        key = key_of(asks.token) if asks.token and user.id else None  # one made up is no session
        incoming = sifted(receive) if asks.kind == "websocket" else receive
        opened = Open(asks.kind, key, user, incoming, send)
        self.openings.add(opened)
        if key and user.until and asks.kind == "websocket":  # somebody looks through a link
            await to_thread.run_sync(_count, user, key, asks)
        try:
            await self.app(scope, opened.receive, opened.send)
        finally:
            self.openings.discard(opened)
            if opened.is_last:
                await self.openings.end_streams()

    def _judge(self, visitors: Visitors, asks: Caller, needed: Rule | None) -> Verdict:
        """Return who may pass (None: anybody may), or the refusal."""
        if not asks.is_local and visitors.is_local():
            return refusals.elsewhere(asks)
        if needed and needed.token and not _may_watch(asks, visitors.settings.metrics_token):
            return refusals.missing(asks)
        if asks.changes and not asks.is_own:
            self._note(visitors, asks, None, "from another site")
            return refusals.foreign(asks)
        if needed and needed.permission is None and asks.method in needed.methods:
            return None
        if needed and needed.bearer and asks.authorization and not asks.token:
            return self._bearing(visitors, asks, needed)
        user = visitors.who(asks.token)
        if user is None:
            link = visitors.ended_link(asks.token) if asks.token else None
            return refusals.ended(asks, link) if link else refusals.signed_out(asks)
        return self._allowed(visitors, asks, needed, user)

    def _bearing(self, visitors: Visitors, asks: Caller, needed: Rule) -> Verdict:
        """Judge a program that shows a token: a proxy's own header beside a session is none."""
        try:
            now = datetime.now(UTC)
            user = access.bearers.bearer(visitors.appdb, asks.authorization, asks.ip, now)
        except OneMindError as error:
            return refusals.bearer(asks, error)
        return self._allowed(visitors, asks, needed, user)

    def _allowed(
        self, visitors: Visitors, asks: Caller, needed: Rule | None, user: User
    ) -> Verdict:
        if needed is None:
            return refusals.missing(asks)
        permission = needed.permission or EXPLORE
        if needed.path == "/" and user.pages and not user.may_open(needed.title):
            return refusals.elsewhere_first(asks, address_of(user.pages[0]))
        if not user.may(permission) or (needed.title and not user.may_open(needed.title)):
            self._note(visitors, asks, user, permission.name)
            return refusals.forbidden(asks, permission)
        if asks.kind == "http" and asks.method not in needed.methods:
            return refusals.wrong_method(asks)
        return user

    def _note(self, visitors: Visitors, asks: Caller, user: User | None, why: str) -> None:
        """Log a refusal, those of one address and rule once; a token in an address stays out."""
        actor = user.name if user else "somebody"
        declared = rule(asks.kind, asks.path)
        same = (f"{actor} {network(asks.ip)}", declared.path if declared else "")
        if same in self._noted:
            return
        while len(self._noted) >= NOTED:
            self._noted.pop(next(iter(self._noted)), None)  # several threads come here
        self._noted[same] = None
        details = {"method": asks.method or asks.kind, "why": why, "origin": asks.origin or ""}
        where = declared.path if declared and declared.secret else asks.path[:200]
        visitors.appdb.activity.add(datetime.now(UTC), actor, "refusal", where, asks.ip, details)


def _ours(scope: Scope, asks: Caller) -> list[tuple[bytes, bytes]]:
    """Return the headers by which the script is told where a request comes from, and its id."""
    told = {access.IP_HEADER: asks.ip, access.REQUEST_HEADER: scope.get("onemind_request", "")}
    return [(name.lower().encode(), text.encode()) for name, text in told.items()]


def _may_watch(asks: Caller, token: str) -> bool:
    """Whether a program may read what is told of this process: by its token, if one is set."""
    if not token:
        return asks.is_local
    return secrets.compare_digest(asks.bearer.encode(), token.encode())


def _count(user: User, key: str, asks: Caller) -> None:
    with suppress(NotWritable):  # whoever came in before is let in, counted or not
        access.links.use(runtime.appdb(), user.id, key, asks.ip, datetime.now(UTC))


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()  # the request to connect, which is answered with 403
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(scope, receive, send)


def user_of(scope: Scope) -> Any:
    """Return the User the guard let through, or None."""
    return scope["onemind"]["user"]
