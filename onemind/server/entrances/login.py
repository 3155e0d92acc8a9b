"""Signing in with a password or by a provider, and one's own account: plain pages and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from onemind import access
from onemind.errors import NotWritable, OneMindError, SignInFailed, TooManyAttempts
from onemind.server.entrances.forms import (
    NOT_NOW,
    Form,
    browser_of,
    caller_of,
    fields,
    own_path,
    seconds,
    visitors,
)
from onemind.server.exchange import drop_session, says, set_session
from onemind.telemetry.meters import REFUSALS

if TYPE_CHECKING:
    from onemind.access import User
    from onemind.server.exchange import Caller

WHY = {401: "sign-in failed", 403: "stale form", 429: "too many tries"}


async def login(request: Request) -> Response:
    """Show the ways to sign in, or sign in by password."""
    caller, target = caller_of(request), request.query_params.get("next", "/")
    if request.method != "POST":
        return await to_thread.run_sync(_ways, caller, own_path(target), "", "", 200)
    form: dict[str, str] = {}
    try:
        form = await fields(request)
        return await to_thread.run_sync(_signed_in, caller, form)
    except OneMindError as error:
        status = 429 if isinstance(error, TooManyAttempts) else 403
        status = 401 if isinstance(error, SignInFailed) else status
        if isinstance(error, NotWritable):
            error, status = OneMindError(NOT_NOW), 503
        REFUSALS.add(WHY.get(status, "not possible now"))
        email, target = form.get("email", ""), own_path(form.get("next", "/"))
        return await to_thread.run_sync(_ways, caller, target, email, str(error), status)


def _signed_in(caller: Caller, form: dict[str, str]) -> Response:
    token = access.signin.by_password(
        visitors(), form.get("email", ""), form.get("password", ""), browser_of(caller)
    )
    answer = RedirectResponse(own_path(form.get("next", "/")), 303)
    set_session(answer, caller, token, seconds(visitors()))
    return answer


def _ways(caller: Caller, target: str, email: str, fault: str, status: int) -> HTMLResponse:
    """Show each way to sign in that is set up."""
    return Form(caller).page(
        "login.html", "Sign in", status, fault=fault, email=email, wanted=target,
        quoted=quote(target, safe=""), providers=visitors().settings.providers,
        has_passwords=_has_passwords(),
    )  # fmt: skip


def _has_passwords() -> bool:
    return any(person.password for person in visitors().appdb.people.all())


async def account(request: Request) -> Response:
    """Say who one is; sign out, here or everywhere; change the password."""
    caller = caller_of(request)
    user = await to_thread.run_sync(visitors().who, caller.own)
    if user is None or not user.id:
        return RedirectResponse("/login", 303)
    if request.method != "POST":
        return _account(caller, user, "", 200)
    try:
        return await to_thread.run_sync(_done, caller, await fields(request))
    except OneMindError as error:
        return _account(caller, user, str(error), 403)


def _account(caller: Caller, user: User, fault: str, status: int) -> HTMLResponse:
    person = visitors().appdb.people.by_email(user.name)
    has_password = bool(person and person.password)
    return Form(caller).page(
        "account.html", "Your account", status, fault=fault, user=user, has_password=has_password
    )


def _done(caller: Caller, form: dict[str, str]) -> Response:
    browser, token = browser_of(caller), caller.own or ""
    if form.get("do") == "password":
        old, new = form.get("old", ""), form.get("new", "")
        fresh = access.signin.change_password(visitors(), token, old, new, browser)
        answer: Response = says(
            "Password changed",
            "You are signed out everywhere else.",
            200,
            ("/", "Go to the overview"),
        )
        set_session(answer, caller, fresh, seconds(visitors()))
        return answer
    leave = access.signin.out_everywhere if form.get("do") == "everywhere" else access.signin.out
    leave(visitors(), token, browser)
    answer = says(
        "You are signed out", "You can close this page.", 200, ("/login", "Sign in again")
    )
    drop_session(answer, caller)
    return answer


routes = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/account", account, methods=["GET", "POST"]),
]
