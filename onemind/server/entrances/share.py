"""Opening a share link: its token becomes a session in a cookie, and the address is clean again.

A fetch changes nothing that matters: scanners of mail and chats fetch links. Those that say so get
the link's card alone (`feeds.previews`). Whoever has an account
keeps their own session beside the link's, which goes first until they leave it. The cookie outlasts
the link by a week, so that whoever comes back is told that it has ended, not asked to sign in.

A passphrase's form needs no more than the guard's look at where it comes from: opening a link for
somebody else's browser is possible to everybody who has one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from onemind import access, runtime
from onemind.access.sessions import KEPT, ends_at, user_of
from onemind.appdb import AppDatabase, Link
from onemind.errors import NotPossibleNow, NotWritable
from onemind.server import guard
from onemind.server.exchange import (
    Caller,
    framed_by,
    link_cookie,
    page,
    says,
    without_links,
)
from onemind.server.feeds import preview
from onemind.server.guard import address_of
from onemind.telemetry.meters import REFUSALS

LARGEST = 2_000  # bytes of a passphrase's form
UNKNOWN = (
    "There is no such link. It may have been copied in part: open it from the message it came in, "
    "or ask whoever sent it."
)

NOT_NOW = "Links can't be opened for the first time now. Try again later, or ask whoever sent it."


async def share(request: Request) -> Response:
    """Open a link, ask for its passphrase, or say why not."""
    caller: Caller = request.scope["onemind"]["caller"]
    token, passphrase = request.path_params["token"], ""
    if request.method == "POST":
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST:
            return says("Too much", "That is too long for a passphrase.", 413)
        passphrase = parse_qs((await request.body()).decode("utf-8", "replace")).get(
            "passphrase", [""]
        )[0]
    answer = await to_thread.run_sync(_opened, caller, token, passphrase, _frames(request))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _frames(request: Request) -> bool:
    """Whether the link is opened within another site's page."""
    within = request.headers.get("sec-fetch-dest", "iframe") in ("iframe", "frame")
    return within and request.query_params.get("embed") == "true"


def _opened(caller: Caller, token: str, passphrase: str, frames: bool) -> Response:
    appdb, now = runtime.appdb(), datetime.now(UTC)
    try:
        link = access.links.known(appdb, token, caller.ip, now)
    except NotPossibleNow as error:
        return _later(error)
    if link is None:
        REFUSALS.add("unknown link")
        return says("There is no such link", UNKNOWN, 404)
    if access.links.standing(link, now) != access.links.ACTIVE:
        return guard.ended(caller, link)
    answer = preview(caller, token, link) or _entered(appdb, caller, link, passphrase, frames, now)
    return framed_by(answer, link.sites)


def _entered(
    appdb: AppDatabase, caller: Caller, link: Link, passphrase: str, frames: bool, now: datetime
) -> Response:
    if frames and not (caller.secure or access.is_local(caller.name)):
        return says("Not over HTTP", "A link can be embedded from an https address only.", 403)
    user = user_of(appdb, caller.token, now) if caller.token else None
    if user is not None and user.role == "partner" and user.id == link.id:
        return RedirectResponse(_first(caller, link), 303)
    if link.passphrase is not None:
        try:
            if not passphrase or not access.links.try_passphrase(
                appdb, link, passphrase, caller.ip, now
            ):
                return _asked(link, bool(passphrase))
        except NotPossibleNow as error:
            return _later(error)
    answer = RedirectResponse(_first(caller, link), 303)
    if caller.method == "HEAD":
        return answer
    try:
        token = access.links.begin(appdb, link, now, caller.ip, caller.agent)
    except NotWritable as error:
        return _later(error)
    lasts = int((ends_at(link) + KEPT - now).total_seconds())
    answer.headers.append("set-cookie", link_cookie(caller, token, lasts, frames))
    return answer


def _first(caller: Caller, link: Link) -> str:
    """Return the address of the first page the link allows; the rest of the query goes along."""
    path = address_of(link.pages[0]) if link.pages else "/"
    return f"{path}?{caller.query}" if caller.query else path


def _asked(link: Link, wrong: bool) -> Response:
    if wrong:
        REFUSALS.add("wrong passphrase")
    fault = "Incorrect passphrase." if wrong else ""
    status = 403 if wrong else 200
    return page("passphrase.html", "Passphrase", status, fault=fault, label=link.label)


def _later(error: NotPossibleNow) -> Response:
    if isinstance(error, NotWritable):
        return says("Not possible now", NOT_NOW, 503)
    REFUSALS.add("too many tries")
    answer = says("Too many tries", str(error), 429)
    answer.headers["Retry-After"] = "900"
    return answer


async def leave(request: Request) -> Response:
    """Forget the link, and go back to one's own view."""
    return without_links(RedirectResponse("/", 303), request.scope["onemind"]["caller"])


routes = [
    Route("/share/leave", leave),
    Route("/share/{token}", share, methods=["GET", "HEAD", "POST"]),
]
