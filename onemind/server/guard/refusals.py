"""How somebody is refused: a page for who reads, a sentence for a program, a closed websocket."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response

from onemind.access import Permission
from onemind.appdb import Link
from onemind.errors import (
    BrowserNeeded,
    LinkEnded,
    NotAllowed,
    NotWritable,
    OneMindError,
    SignInFailed,
)
from onemind.server.exchange import Caller, framed_by, problem, says
from onemind.server.guard.rules import rule
from onemind.telemetry.meters import REFUSALS

LEAVE = ("/share/leave", "Continue without it")
OVERVIEW = ("/", "Go to the overview")
ELSEWHERE = (
    "This dashboard works on this computer only because no sign-in is set up. The "
    "person who runs it can add people (python -m onemind people add), or set "
    "ONEMIND_PUBLIC to show it to everyone."
)
BEARERS = {SignInFailed: 401, BrowserNeeded: 403, LinkEnded: 410, NotWritable: 503}
GUESSING = 429
NO_DOWNLOADS = (
    "The link that you opened does not allow downloads, and these pages are there to be taken "
    "along. The dashboard itself shows the same; or ask the person who sent you the link."
)
FOREIGN = "This was asked from another site's page. Open the dashboard itself and try again."


def elsewhere(caller: Caller) -> Response:
    """Refuse a caller from another computer where there is no sign-in."""
    REFUSALS.add("other computer")
    return _answer(caller, 403, "Not on this computer", ELSEWHERE)


def foreign(caller: Caller) -> Response:
    """Refuse what another site's page asks for."""
    REFUSALS.add("other site")
    return _answer(caller, 403, "Not from here", FOREIGN, OVERVIEW)


def signed_out(caller: Caller) -> Response:
    """Send a reader to sign in and back; say so to a program."""
    REFUSALS.add("signed out")
    if caller.wants_page:
        return RedirectResponse(f"/login?next={quote(caller.address, safe='')}", 303)
    return _answer(caller, 401, "Signed out", "Sign in first.")


def bearer(caller: Caller, error: OneMindError) -> Response:
    """Say why a program's token lets nobody in."""
    status = BEARERS.get(type(error), GUESSING)
    REFUSALS.add("link ended" if status == 410 else "signed out")
    wait = {"Retry-After": "600"} if status in (GUESSING, 503) else {}
    return problem(status, str(error), wait)


def ended(caller: Caller, link: Link) -> Response:
    """Say that a share link has ended."""
    REFUSALS.add("link ended")
    day = link.revoked_at.date() if link.revoked_at else link.expires_on
    answer = _answer(caller, 410, "This link has ended", str(LinkEnded(day)), LEAVE)
    return framed_by(answer, link.sites)


def forbidden(caller: Caller, permission: Permission) -> Response:
    """Refuse what somebody's role, or link, does not allow."""
    REFUSALS.add("not allowed")
    return _answer(
        caller,
        403,
        "You don't have access to this page",
        str(NotAllowed(permission.description)),
        OVERVIEW,
    )


def no_downloads(caller: Caller) -> Response:
    """Refuse the site to a share link that allows no downloads."""
    REFUSALS.add("not allowed")
    title = "This link does not allow downloads"
    return _answer(caller, 403, title, NO_DOWNLOADS, ("/", "Go to the dashboard"))


def elsewhere_first(caller: Caller, address: str) -> Response:
    """Send whoever may not open the overview to the first page that they may."""
    where = f"{address}?{caller.query}" if caller.query else address
    return RedirectResponse(where, 303)


def missing(caller: Caller) -> Response:
    """Say that there is nothing at this address."""
    REFUSALS.add("not found")
    text = "There is nothing at this address. It may be mistyped or have moved."
    return _answer(caller, 404, "Page not found", text, OVERVIEW)


def wrong_method(caller: Caller) -> Response:
    """Refuse to do something with an address that can't be done with it."""
    REFUSALS.add("wrong method")
    text = f"{caller.method} is not possible here."
    answer = _answer(caller, 405, "Not possible", text, OVERVIEW)
    declared = rule(caller.kind, caller.path)
    answer.headers["Allow"] = ", ".join(declared.methods) if declared else ""
    return answer


def _answer(
    caller: Caller, status: int, title: str, text: str, *links: tuple[str, str]
) -> Response:
    if caller.wants_page:
        return says(title, text, status, *links)
    declared = rule(caller.kind, caller.path)
    if declared and declared.bearer:
        return problem(status, text)
    return JSONResponse({"error": text}, status, {"Cache-Control": "no-store"})
