"""Signing in with a provider (OpenID Connect), by Authlib: state, nonce, PKCE and the signature of
what the provider says are checked there.

What has to be remembered in between lies in the small database, for ten minutes, for one use, and
for the browser that began.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from onemind import access
from onemind.access.sessions import key_of, new_token
from onemind.errors import NotPossibleNow, NotWritable, OneMindError, SignInFailed
from onemind.server.entrances.forms import (
    NOT_NOW,
    browser_of,
    caller_of,
    own_path,
    seconds,
    visitors,
)
from onemind.server.exchange import page, set_form, set_session
from onemind.settings import Provider
from onemind.telemetry.meters import REFUSALS

AGE = timedelta(minutes=10)
AGAIN = ("/login", "Try again")
_log = logging.getLogger(__name__)


def failures() -> tuple[type[Exception], ...]:
    """Return what a provider that can't be used raises."""
    from authlib.common.errors import AuthlibBaseError
    from httpx2 import HTTPError  # with Authlib a thirtieth of a second: only who signs in waits

    return AuthlibBaseError, HTTPError, ValueError


async def begin(request: Request) -> Response:
    """Send the browser to the provider."""
    provider = _named(request)
    if provider is None:
        return _failed("There is no such provider here.", 404)
    caller = caller_of(request)
    browser = caller.form or new_token()
    session: dict[str, Any] = {}
    own = Request({**request.scope, "session": session}, request.receive)
    try:
        answer: Response = await _client(provider).authorize_redirect(own, _back(request))
    except failures() as error:
        _log.warning("The provider %s can't be used: %r", provider.name, error)
        return _failed(f"{provider.label} does not answer. Try again in a minute.", 502)
    target = own_path(request.query_params.get("next", "/"))
    state = next(iter(session)).removeprefix(f"_state_{provider.name}_")
    known = {"session": session, "next": target}
    begun = (key_of(state), key_of(browser), known, datetime.now(UTC))
    try:
        await to_thread.run_sync(visitors().appdb.flows.begin, *begun)
    except NotWritable:
        return _failed(NOT_NOW, 503)
    set_form(answer, caller, browser)
    return answer


async def back(request: Request) -> Response:
    """Take what the provider says of whoever comes back, and sign them in."""
    provider, caller = _named(request), caller_of(request)
    try:
        if provider is None:
            raise SignInFailed("There is no such provider here.")
        known = await to_thread.run_sync(_remembered, request)
        own = Request({**request.scope, "session": known["session"]}, request.receive)
        claims = await _claims(provider, own)
        token = await to_thread.run_sync(
            access.signin.by_provider, visitors(), provider, claims, browser_of(caller)
        )
    except NotWritable:
        return _failed(NOT_NOW, 503)
    except OneMindError as error:
        return _failed(str(error), 403)
    answer = RedirectResponse(own_path(known["next"]), 303)
    set_session(answer, caller, token, seconds(visitors()))
    return answer


def _remembered(request: Request) -> dict[str, Any]:
    state, browser = request.query_params.get("state", ""), caller_of(request).form or ""
    since = datetime.now(UTC) - AGE
    known = visitors().appdb.flows.finish(key_of(state), key_of(browser), since)
    if known is None:
        raise NotPossibleNow("This sign-in started elsewhere or too long ago. Start again.")
    return known


async def _claims(provider: Provider, request: Request) -> dict[str, Any]:
    try:
        answer = await _client(provider).authorize_access_token(request)
    except failures() as error:
        _log.warning("The provider %s refused a sign-in: %r", provider.name, error)
        raise SignInFailed(f"{provider.label} did not sign you in.") from error
    if not answer.get("userinfo"):
        raise SignInFailed(f"{provider.label} does not say who you are.")
    return dict(answer["userinfo"])


def _client(provider: Provider) -> Any:
    from authlib.integrations.starlette_client import OAuth

    registry = OAuth()
    return registry.register(
        provider.name,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.url,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


def _named(request: Request) -> Provider | None:
    name = request.path_params["provider"]
    return next((item for item in visitors().settings.providers if item.name == name), None)


def _back(request: Request) -> str:
    caller = caller_of(request)
    base = visitors().settings.url or f"{'https' if caller.secure else 'http'}://{caller.host}"
    return f"{base}/login/{request.path_params['provider']}/back"


def _failed(text: str, status: int) -> Response:
    REFUSALS.add("sign-in failed")
    return page("message.html", "Not signed in", status, fault=text, text="", links=[AGAIN])


routes = [Route("/login/{provider}", begin), Route("/login/{provider}/back", back)]
