"""The public view's pages say what they are to chats, mail and search: tags in their head."""

from __future__ import annotations

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from onemind import feeds
from onemind.access import User
from onemind.server.exchange import Caller
from onemind.server.feeds.previews import summarized
from onemind.server.feeds.reader import PUBLIC, base
from onemind.server.feeds.routes import line
from onemind.server.guard import rule


class Tagged:
    """Give the page's tags along, to be written into its head, where a visitor asks for a page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the tags of the page in `onemind_tags`."""
        if scope["type"] == "http" and _is_visitors_page(scope):
            known = scope["onemind"]
            tags = await to_thread.run_sync(_tags, known["user"], known["caller"], limiter=line())
            scope = {**scope, "onemind_tags": tags.encode()}
        await self.app(scope, receive, send)


def _is_visitors_page(scope: Scope) -> bool:
    user: User | None = scope["onemind"]["user"]
    declared = rule("http", scope["path"])
    is_page = bool(declared and declared.title) and scope["method"] in ("GET", "HEAD")
    return is_page and user is not None and user.role == "partner" and not user.id


def _tags(user: User, caller: Caller) -> str:
    said = summarized(user, "")
    image = f"{base(caller)}/feeds/{PUBLIC}/picture.png"
    return feeds.tags(said, image) if said else ""
