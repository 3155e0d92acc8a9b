"""/feeds/TOKEN/… and /feeds/public/…: calendar, changes, badge, card, picture.

An answer rests on version, scope, pages and day alone; it is made in one of two threads, and kept.
The address lets in whoever has it, so it is in no log (`Rule.secret`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from onemind import __version__, feeds, runtime
from onemind.errors import OneMindError
from onemind.feeds import Place, Standing
from onemind.server.exchange import Caller, framed_by
from onemind.server.feeds.reader import NOINDEX, Reader, base, now, reader, refused
from onemind.server.feeds.shelf import SHELF

THREADS = 2
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)
NO_DEPARTMENT = "There is no such department in what this link shows."
PLAIN = "localhost"  # for an address that no tag URI can have
KINDS = {
    "calendar": "text/calendar; charset=utf-8",
    "changes": "application/atom+xml; charset=utf-8",
    "badge": "image/svg+xml; charset=utf-8",
    "card": "text/html; charset=utf-8",
    "picture": "image/png",
}
_LINES: dict[asyncio.AbstractEventLoop, CapacityLimiter] = {}


@dataclass(frozen=True)
class Asked:
    """One request for a feed: who calls and reads, how things stand, of which department."""

    feed: str
    caller: Caller
    reader: Reader
    standing: Standing
    department: str

    @property
    def key(self) -> tuple[Hashable, ...]:
        """All that the answer rests on."""
        of = self.standing
        about = (self.reader.name, self.reader.label, base(self.caller), self.caller.path)
        own = {"changes": about, "picture": about[1:2]}.get(self.feed, ())
        return (*rests_on(of), self.feed, self.department, *own)


def rests_on(standing: Standing) -> tuple[Hashable, ...]:
    """Return what every answer rests on: version, sight, pages, day and rules."""
    version, window = standing.version, standing.window
    return (
        *(window.store.settings.store, version.number, version.published_at, window.sight),
        *(standing.titles, standing.today, window.rules.campaign, __version__),
    )


def answered(feed: str, caller: Caller, token: str, department: str, known: str) -> Response:
    """Return a feed, that it has not changed (its tag is among `known`), or why there is none."""
    who = reader(caller, token, feed, now())
    if isinstance(who, Response):
        return who
    try:
        seen, pages = who.user.sight, who.user.pages
        standing = feeds.standing(runtime.store(), seen, runtime.today(), pages)
        answer = _answer(Asked(feed, caller, who, standing, department), known)
    except OneMindError as error:
        answer = refused(caller, 503, "Not possible now", str(error), "not possible now")
        answer.headers["Retry-After"] = "60"
    return framed_by(answer, who.user.sites)


def _answer(asked: Asked, known: str) -> Response:
    tag = f'"{hashlib.sha256(repr(asked.key).encode()).hexdigest()[:32]}"'
    is_known = tag in (item.strip().removeprefix("W/") for item in known.split(","))
    content: bytes | None = b""
    if asked.department or not is_known:  # no department that is not in sight is known
        content = SHELF.once(asked.key, lambda: _made(asked))
    if content is None:
        return refused(asked.caller, 404, "No such department", NO_DEPARTMENT, "not found")
    headers = {
        "ETag": tag, "Cache-Control": "private, no-cache", "Content-Security-Policy": POLICY,
        **NOINDEX,
    }  # fmt: skip
    if is_known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=KINDS[asked.feed])


def _made(asked: Asked) -> bytes | None:
    standing, who = asked.standing, asked.reader
    if asked.feed == "calendar":
        return feeds.calendar(standing)
    if asked.feed == "badge":
        return feeds.badge(standing, asked.department)
    if asked.feed == "card":
        return feeds.card(standing, asked.department)
    if asked.feed == "picture":
        return feeds.picture(standing, who.label)
    home = base(asked.caller)
    host = urlsplit(home).hostname or ""
    place = Place(
        f"{home}/", f"{home}{asked.caller.path}", PLAIN if ":" in host else host, who.name
    )
    since = who.link.made_at if who.link else None
    return feeds.changes(standing, place, since, _entries(standing))


def _entries(standing: Standing) -> feeds.Once:
    """Keep what each version changed for all readers of a scope, over days and versions."""
    kept = (standing.window.store.settings.store, standing.window.sight, __version__)

    def once(number: int, make: Callable[[], feeds.Entry]) -> feeds.Entry:
        when = standing.window.store.version(number)
        return SHELF.once((*kept, number, when and when.published_at), make)

    return once


def _endpoint(feed: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        caller: Caller = request.scope["onemind"]["caller"]
        places = request.path_params
        known = request.headers.get("if-none-match", "")
        return await to_thread.run_sync(
            answered, feed, caller, places["token"], places.get("department", ""), known,
            limiter=line(),
        )  # fmt: skip

    return endpoint


def line() -> CapacityLimiter:
    """Return the places for what is made at a time."""
    loop = asyncio.get_running_loop()
    if loop not in _LINES:
        _LINES.clear()
        _LINES[loop] = CapacityLimiter(THREADS)
    return _LINES[loop]


async def _nothing(request: Request) -> Response:
    caller: Caller = request.scope["onemind"]["caller"]
    text = "There is nothing at this address. It may have been copied in part."
    return refused(caller, 404, "Page not found", text, "not found")


routes = [
    Route("/feeds/{token}/calendar.ics", _endpoint("calendar")),
    Route("/feeds/{token}/changes.atom", _endpoint("changes")),
    Route("/feeds/{token}/picture.png", _endpoint("picture")),
    Route("/feeds/{token}/badge/{department:path}.svg", _endpoint("badge")),
    Route("/feeds/{token}/card/{department:path}", _endpoint("card")),
    Route("/feeds/{rest:path}", _nothing),
]
