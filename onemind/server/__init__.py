"""The ASGI server around the script."""

from onemind.server.app import lifespan, middleware, refuse_unsafe_address, routes
from onemind.server.streamlit_seams import standings, use_own_menu

__all__ = [
    "lifespan",
    "middleware",
    "refuse_unsafe_address",
    "routes",
    "standings",
    "use_own_menu",
]
