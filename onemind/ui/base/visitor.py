"""Who is here: the session is looked up from the browser's cookie on every run of the script."""

from __future__ import annotations

import threading
from time import monotonic

import streamlit as st

from onemind.access import COOKIES, FIRST_FOUND, IP_HEADER, REQUEST_HEADER, User
from onemind.errors import SignedOut
from onemind.runtime import visitors

AT_MOST = 1.0  # seconds for which a long run may go on with what was looked up
_run = threading.local()  # a run of the script is a thread


def token() -> str | None:
    """Return the session's token from the browser's cookie; a test has none, and replaces this."""
    return _among(FIRST_FOUND)


def _among(names: tuple[str, ...]) -> str | None:
    cookies = st.context.cookies
    values = (cookies.get(name) for name in names)
    return next((value for value in values if isinstance(value, str)), None)


def ip() -> str:
    """Return where whoever is here comes from, as the guard found it."""
    address = st.context.headers.get(IP_HEADER)
    return address if isinstance(address, str) else ""


def session() -> str:
    """Return what the log calls this screen's session: the id of the request that opened it."""
    number = st.context.headers.get(REQUEST_HEADER)
    return number if isinstance(number, str) else ""


def behind() -> User | None:
    """Return who looks through a share link, where that is somebody who may come in without it."""
    known = visitors().who(_among(COOKIES))
    return known if known and known.role != "partner" else None


def user() -> User:
    """Return whoever is here, looked up once a run; raises SignedOut when they may not be."""
    has, now = token(), monotonic()
    known: tuple[str | None, float, User] | None = getattr(_run, "known", None)
    if known is None or known[0] != has or now - known[1] > AT_MOST:
        somebody = visitors().who(has)
        if somebody is None:
            raise SignedOut
        _run.known = known = (has, now, somebody)
    return known[2]
