"""/site/…, behind the guard, which has decided who comes; a share link must allow downloads."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onemind import runtime
from onemind.access import DOWNLOAD, User
from onemind.errors import OneMindError
from onemind.server import guard
from onemind.server.exchange import Caller, says
from onemind.server.site.answers import send_kept
from onemind.server.site.express import PLACE, Express, file_of


class Site:
    """Answer for the site; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file of the site, or say why not."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/site" or path.startswith(PLACE)):
            await self.app(scope, receive, send)
            return
        user, caller = scope["onemind"]["user"], scope["onemind"]["caller"]
        answer = _refused(user, caller) or await _sent(user, caller, scope, send)
        if answer:
            await answer(scope, receive, send)


def _refused(user: User, caller: Caller) -> Response | None:
    """Return why somebody gets no site: a link that allows no downloads; or where it begins."""
    if user.role == "partner" and user.id and not user.may(DOWNLOAD):
        return guard.no_downloads(caller)
    return RedirectResponse(PLACE, 307) if caller.path == "/site" else None


async def _sent(user: User, caller: Caller, scope: Scope, send: Send) -> Response | None:
    """Send the file; return the answer to give where there is none."""
    express: Express = scope["onemind_express"]
    store = runtime.store()
    seen = len(express.shelf.shown)
    try:
        kept = await express.shelf.find(store, user, runtime.today(), file_of(scope["path"]))
    except OneMindError as error:
        return says("Not possible now", str(error), 503, ("/", "Go to the overview"))
    if len(express.shelf.shown) > seen:
        await to_thread.run_sync(_note, user)
    if kept is None:
        return guard.missing(caller)
    express.learn(scope, store, user, caller.secure)
    await send_kept(kept, user, caller.secure, scope, send)
    return None


def _note(user: User) -> None:
    """Note in the activity log that somebody opened a site that nobody had open."""
    with suppress(OneMindError):
        now = datetime.now(UTC)
        runtime.appdb().activity.add(now, user.name, "site opened", user.scope.words())
