"""The server around the script: who may reach it, whether it is well, and the outlines.

There is no sign-in yet and whoever is here may publish, so the server answers this computer only:
it refuses to start on another address, and refuses a request that comes from elsewhere or that
calls this computer by a foreign name (a web page elsewhere could make a browser do that).
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from onemind import settings
from onemind.boundaries import LEVELS, NATION, ROUTE, atlas_of
from onemind.places import states
from onemind.web_page import OwnPage

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")
REFUSAL = (
    "The dashboard has no sign-in yet, so it answers this computer only. It was told to listen on "
    "{address}. Start it with --server.address 127.0.0.1 (or leave the setting out)."
)


def use_own_menu() -> None:
    """Keep Streamlit from making a menu of its own from the folder called pages.

    It would serve the first deep link after a start without the menu and its permissions.
    """
    PagesManager.uses_pages_directory = False


def refuse_unsafe_address() -> None:
    """Stop the start of a server that others could reach."""
    address = st.get_option("server.address") or "127.0.0.1"
    if not _is_local(address):
        sys.exit(REFUSAL.format(address=address))


def _is_local(host: str) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class LocalOnly:
    """Let through requests and websockets from this computer, called by one of its own names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 (a websocket is closed) to anybody else."""
        if scope["type"] == "lifespan" or self._may(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            response = PlainTextResponse("This dashboard answers this computer only.", 403)
            await response(scope, receive, send)

    @staticmethod
    def _may(scope: Scope) -> bool:
        connection = HTTPConnection(scope)
        client = connection.client.host if connection.client else ""
        name = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
        return _is_local(client) and _is_local(name)


async def health(request: Request) -> Response:
    """Answer that the server is up."""
    return JSONResponse({"status": "ok"})


async def home(request: Request) -> Response:
    """Send whoever asks for the overview by name to its address, the root."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}", 307)


async def outlines(request: Request) -> Response:
    """Hand out outlines as GeoJSON; their address changes when they do."""
    level, state = request.path_params["level"], request.path_params["state"]
    known = {NATION} if level == "state" else states()
    if level not in LEVELS or state not in known:
        return PlainTextResponse("There are no such outlines.", 404)
    content = atlas_of(settings.load()).content(level, state)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type="application/geo+json", headers=headers)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the store before the first visitor comes."""
    from onemind import ui

    ui.store()
    yield {}


routes = [Route("/healthz", health), Route("/overview", home), Route(ROUTE, outlines)]
middleware = [Middleware(LocalOnly), Middleware(OwnPage)]
