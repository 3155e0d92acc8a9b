"""Who is here: the session is looked up from the browser's cookie on every run of the script."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

import streamlit as st

from onemind import settings
from onemind.access import User
from onemind.access_door import Door
from onemind.errors import SignedOut
from onemind.state import State

COOKIES = ("__Host-onemind_session", "onemind_session")  # behind TLS, and without
LINK_COOKIES = ("__Host-onemind_link", "onemind_link")  # as those, of a share link
EMBED_COOKIE = "__Host-onemind_embed"  # of a share link within another site's page
FIRST_FOUND = (EMBED_COOKIE, *LINK_COOKIES, *COOKIES)  # a link goes before one's own session
IP_HEADER = "X-Onemind-Ip"  # the guard's word to the script; from elsewhere it is stripped
AT_MOST = 1.0  # seconds for which a long run may go on with what was looked up
_run = threading.local()  # a run of the script is a thread


@st.cache_resource(show_spinner=False)
def _door(place: str) -> Door:
    return Door(State(Path(place)), settings.load())


def door() -> Door:
    """Return this process's door."""
    return _door(str(settings.load().store))


def state() -> State:
    """Return this process's small database."""
    return door().state


def token() -> str | None:
    """Return the session's token from the browser's cookie; a test has none, and replaces this."""
    return _among(FIRST_FOUND)


def _among(names: tuple[str, ...]) -> str | None:
    given = st.context.cookies
    found = (given.get(name) for name in names)
    return next((value for value in found if isinstance(value, str)), None)


def ip() -> str:
    """Return where whoever is here comes from, as the guard found it."""
    found = st.context.headers.get(IP_HEADER)
    return found if isinstance(found, str) else ""


def behind() -> User | None:
    """Return who looks through a share link, where that is somebody who may come in without it."""
    found = door().who(_among(COOKIES))
    return found if found and found.role != "partner" else None


def user() -> User:
    """Return whoever is here, looked up once a run; raises SignedOut when they may not be."""
    has, now = token(), monotonic()
    known: tuple[str | None, float, User] | None = getattr(_run, "known", None)
    if known is None or known[0] != has or now - known[1] > AT_MOST:
        found = door().who(has)
        if found is None:
            raise SignedOut
        _run.known = known = (has, now, found)
    return known[2]
