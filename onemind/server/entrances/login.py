"""Signing in with a password or by a provider, and one's own account: plain pages and forms."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from onemind import access
from onemind.errors import OneMindError, SignInFailed, TooManyAttempts
from onemind.server.entrances.forms import (
    Form,
    browser_of,
    caller_of,
    fields,
    own_path,
    seconds,
    visitors,
)
from onemind.server.exchange import drop_session, says, set_session

if TYPE_CHECKING:
    from onemind.access import User
    from onemind.server.exchange import Caller

PASSWORD = """
<form method="post" action="/login">%s
<input type="hidden" name="next" value="%s">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="%s">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button></form>"""
CHANGE = """
<form method="post" action="/account">%s<input type="hidden" name="do" value="password">
<input type="hidden" name="email" autocomplete="username" value="%s">
<label for="old">Current password</label>
<input id="old" name="old" type="password" autocomplete="current-password" required>
<label for="new">New password, 12 characters or more</label>
<input id="new" name="new" type="password" autocomplete="new-password" minlength="12" required>
<button class="plain">Change password</button></form>"""
OUT = """
<form method="post" action="/account">%s<button name="do" value="here">Sign out</button>
<button class="plain" name="do" value="everywhere">Sign out everywhere</button></form>"""


async def login(request: Request) -> Response:
    """Show the ways to sign in, or sign in by password."""
    caller, wanted = caller_of(request), request.query_params.get("next", "/")
    if request.method != "POST":
        return await to_thread.run_sync(_ways, caller, own_path(wanted), "", "", 200)
    given: dict[str, str] = {}
    try:
        given = await fields(request)
        return await to_thread.run_sync(_signed_in, caller, given)
    except OneMindError as error:
        status = 429 if isinstance(error, TooManyAttempts) else 403
        status = 401 if isinstance(error, SignInFailed) else status
        email, wanted = given.get("email", ""), own_path(given.get("next", "/"))
        return await to_thread.run_sync(_ways, caller, wanted, email, str(error), status)


def _signed_in(caller: Caller, given: dict[str, str]) -> Response:
    token = access.signin.by_password(
        visitors(), given.get("email", ""), given.get("password", ""), browser_of(caller)
    )
    answer = RedirectResponse(own_path(given.get("next", "/")), 303)
    set_session(answer, caller, token, seconds(visitors()))
    return answer


def _ways(caller: Caller, wanted: str, email: str, fault: str, status: int) -> HTMLResponse:
    """Show each way to sign in that is set up."""
    parts = [f'<p class="bad" role="alert">{escape(fault)}</p>'] if fault else []
    providers = "".join(
        f'<a class="button" href="/login/{provider.name}?next={quote(wanted, safe="")}">'
        f"Sign in with {escape(provider.label)}</a>"
        for provider in visitors().settings.providers
    )
    form = Form(caller)
    asked = PASSWORD % (form.tie, escape(wanted), escape(email)) if _has_passwords() else ""
    ways = [way for way in (providers, asked) if way]
    parts.append('<div class="or">or</div>'.join(ways))
    if not ways:
        parts.append("<p>No way to sign in is set up here.</p>")
    parts.append("<p><small>Were you sent a link? Open it again: it needs no account.</small></p>")
    return form.page("Sign in", "".join(parts), status)


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
    said = f'<p class="bad" role="alert">{escape(fault)}</p>' if fault else ""
    said += f"<p>You are signed in as <strong>{escape(user.name)}</strong> ({user.role}).</p>"
    person = visitors().appdb.people.by_email(user.name)
    form = Form(caller)
    change = CHANGE % (form.tie, escape(user.name)) if person and person.password else ""
    back = '<p><a href="/">Back to the dashboard</a></p>'
    return form.page("Your account", said + OUT % form.tie + change + back, status)


def _done(caller: Caller, given: dict[str, str]) -> Response:
    browser, token = browser_of(caller), caller.own or ""
    if given.get("do") == "password":
        old, new = given.get("old", ""), given.get("new", "")
        fresh = access.signin.change_password(visitors(), token, old, new, browser)
        answer: Response = says(
            "Password changed", "You are signed out everywhere else.", 200, ("/", "To the overview")
        )
        set_session(answer, caller, fresh, seconds(visitors()))
        return answer
    leave = access.signin.out_everywhere if given.get("do") == "everywhere" else access.signin.out
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
