"""The way out of a digest: the link in each mail, with no account (RFC 8058).

Opening the link changes nothing, for scanners of mail open links; the button on it, and the one
that mail programs show, post. To post twice is fine.
"""

from __future__ import annotations

from datetime import UTC, datetime

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from onemind import digest, runtime
from onemind.access.sessions import key_of
from onemind.campaign import Scope
from onemind.errors import NotWritable
from onemind.server.exchange import Caller, page, says

UNKNOWN = "There is no such subscription. Open the link from the message it came in."
ENDED = "You get no more of these messages. To get them again, ask whoever runs the dashboard."
NOT_NOW = "It can't be ended now. Try again later."


async def unsubscribe(request: Request) -> Response:
    """Ask whether to end a subscription, or end it."""
    caller: Caller = request.scope["onemind"]["caller"]
    step = _ended if request.method == "POST" else _asked
    answer = await to_thread.run_sync(step, request.path_params["token"], caller.ip)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _asked(token: str, ip: str) -> Response:
    known = runtime.appdb().subscriptions.by_token(key_of(token))
    if known is None:
        return says("No such subscription", UNKNOWN, 404)
    if known.ended_at is not None:
        return says("Unsubscribed", ENDED, 200)
    scope = Scope.from_text(known.scope).words()
    return page("unsubscribe.html", "Weekly digest", 200, address=known.address, what=scope)


def _ended(token: str, ip: str) -> Response:
    try:
        known = digest.unsubscribe_by_token(runtime.appdb(), token, ip, datetime.now(UTC))
    except NotWritable:
        return says("Not possible now", NOT_NOW, 503)
    if known is None:
        return says("No such subscription", UNKNOWN, 404)
    return says("Unsubscribed", ENDED, 200)


routes = [Route("/unsubscribe/{token}", unsubscribe, methods=["GET", "HEAD", "POST"])]
