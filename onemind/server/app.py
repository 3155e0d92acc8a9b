"""The server around the script: its addresses, outlines, and where it may listen.

Who may reach what is the guard's, by the rules of each address (`guard.rules`). Without
sign-in and without a public view the server answers this computer only, and refuses to start on
another address.
"""

from __future__ import annotations

import sys

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from onemind import access, runtime, settings
from onemind.errors import OneMindError
from onemind.geography import LEVELS, NATION, ROUTE, atlas_of, states
from onemind.server import api, entrances, health
from onemind.server.events import events
from onemind.server.guard import Guard
from onemind.server.lifespan import lifespan as lifespan
from onemind.server.requests import Requests
from onemind.server.site import Express, Site
from onemind.server.streamlit_seams import Bundles, Headers, OwnPage, standings
from onemind.settings import ICON
from onemind.ui.shell import kiosk as ui_kiosk
from onemind.ui.shell.kiosk import SCRIPT


def refuse_unsafe_address() -> None:
    """Stop the start of a server that others could reach, or whose settings are unclear.

    Streamlit listens everywhere where no address is set.
    """
    address = st.get_option("server.address") or "every address"
    try:
        visitors = runtime.visitors()
        standings()
        access.refuse_unsafe(visitors, address, "--server.address 127.0.0.1")
    except OneMindError as error:
        sys.exit(str(error))


async def session(request: Request) -> Response:
    """Answer that the session is good: the guard refuses one that is not."""
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def icon(request: Request) -> Response:
    """Hand out the product's picture, for the pages around the dashboard."""
    return FileResponse(ICON)


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


async def kiosk(request: Request) -> Response:
    """Hand out the timer of wall mode."""
    return FileResponse(SCRIPT, media_type="text/javascript")


routes = [
    *health.routes,
    Route("/icon.png", icon),
    Route("/api/session", session),
    Route("/api/events", events),
    Route("/overview", home),
    *api.routes,
    Route(ROUTE, outlines),
    Route(ui_kiosk.ROUTE, kiosk),
    *entrances.share.routes,
    *entrances.unsubscribe.routes,
    *entrances.login.routes,
    *entrances.oidc.routes,
]
middleware = [
    Middleware(part) for part in (Express, Headers, Requests, Guard, Site, Bundles, OwnPage)
]
