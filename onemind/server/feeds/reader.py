"""Who reads by the token in an address: the share link of it, or the public view.

Every request asks the link's row anew, so a link that was revoked or has ended is refused at once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import PlainTextResponse, Response

from onemind import access, runtime, settings
from onemind.access import FEEDS, User
from onemind.access.sessions import partner, visitor
from onemind.appdb import Link
from onemind.errors import LinkEnded, NotPossibleNow, NotWritable
from onemind.server.exchange import Caller, framed_by, says
from onemind.telemetry.meters import REFUSALS

PUBLIC = "public"
NOINDEX = {"X-Robots-Tag": "noindex"}
COUNTED = ("calendar", "changes")  # what somebody subscribed to; pictures are fetched by anybody
UNKNOWN = "There is no such link. Copy the whole address, or ask whoever sent it."
NOT_PUBLIC = "This dashboard has no public view. Ask for a link to it."
PASSPHRASE = "This link asks for a passphrase, so it opens in a browser only."
NOT_SHOWN = "This link does not show {}. Ask whoever sent it for one that does."
PAGES = {"Department": "each department's own page"}


@dataclass(frozen=True)
class Reader:
    """Whoever reads: the link (None: the public view), and what it lets see."""

    user: User
    link: Link | None

    @property
    def name(self) -> str:
        """What the reader's feed is called for good; it gives no way in."""
        return self.link.id if self.link else PUBLIC

    @property
    def label(self) -> str:
        """The link's label, "" of the public view."""
        return self.link.label if self.link else ""


def reader(caller: Caller, token: str, feed: str, now: datetime) -> Reader | Response:
    """Return who reads one of FEEDS by a token, or why nobody does."""
    if token == PUBLIC:
        scope = runtime.visitors().public
        if scope is None:
            return refused(caller, 404, "No public view", NOT_PUBLIC)
        return Reader(visitor(scope), None)
    try:
        link = access.links.known(runtime.appdb(), token, caller.ip, now)
    except NotPossibleNow as error:
        answer = refused(caller, 429, "Too many tries", str(error), "too many tries")
        answer.headers["Retry-After"] = "600"
        return answer
    if link is None:
        return refused(caller, 404, "There is no such link", UNKNOWN, "unknown link")
    return _by_link(caller, link, feed, now)


def _by_link(caller: Caller, link: Link, feed: str, now: datetime) -> Reader | Response:
    user = partner(link, now)
    if user is None:
        day = link.revoked_at.date() if link.revoked_at else link.expires_on
        text = str(LinkEnded(day))
        answer = refused(caller, 410, "This link has ended", text, "link ended")
    elif link.passphrase is not None:
        answer = refused(caller, 403, "Passphrase needed", PASSPHRASE)
    elif not any(map(user.may_open, FEEDS[feed][1])):
        titles = " or ".join(PAGES.get(title, title) for title in FEEDS[feed][1])
        answer = refused(caller, 403, "Not part of this link", NOT_SHOWN.format(titles))
    else:
        if feed in COUNTED:
            with suppress(NotWritable):  # it may be read, counted or not
                access.bearers.count(runtime.appdb(), link, caller.ip, now)
        return Reader(user, link)
    return framed_by(answer, link.sites)


def refused(
    caller: Caller, status: int, title: str, text: str, why: str = "not allowed"
) -> Response:
    """Return a refusal: a page for who reads, a sentence for a program."""
    REFUSALS.add(why)
    if caller.wants_page:
        answer: Response = says(title, text, status)
    else:
        answer = PlainTextResponse(f"{text}\n", status, {"Cache-Control": "no-store"})
    answer.headers.update(NOINDEX)
    return answer


def base(caller: Caller) -> str:
    """Return the dashboard's address: as it is set, else as it was called by."""
    known = settings.load().url
    return known or f"{'https' if caller.secure else 'http'}://{caller.host}"


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
