"""Forms of the plain pages: tied to the browser they were made for, and leading nowhere else.

A form carries a hash of a cookie that only that browser has; the guard has looked already at where
the request comes from (Origin, Sec-Fetch-Site).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from onemind.access import Visitors
from onemind.access.sessions import new_token
from onemind.access.signin import Browser
from onemind.errors import NotPossibleNow
from onemind.runtime import visitors as visitors
from onemind.server.exchange import Caller, page, set_form

STALE = "This form is from another visit, or cookies are off. It has been made anew: try again."
NOT_NOW = "Signing in is not possible now. Try again later, or tell whoever runs this dashboard."
LARGEST = 10_000  # bytes


def caller_of(request: Request) -> Caller:
    """Return who calls, as the guard found it."""
    caller: Caller = request.scope["onemind"]["caller"]
    return caller


def browser_of(caller: Caller) -> Browser:
    """Return where somebody signs in from."""
    return Browser(caller.ip, caller.agent, caller.own)


class Form:
    """What ties the forms of one page to the browser that asks for it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._token = caller.form or new_token()

    @property
    def tie(self) -> str:
        """What every form on the page carries in its hidden field."""
        return _tie(self._token)

    def page(self, template: str, title: str, status: int, **values: Any) -> HTMLResponse:
        """Return the page, with the cookie its forms are tied to."""
        answer = page(template, title, status, tie=self.tie, **values)
        set_form(answer, self._caller, self._token)
        return answer


async def fields(request: Request) -> dict[str, str]:
    """Return what a form was filled in with; raises NotPossibleNow for one not made for it."""
    caller = caller_of(request)
    if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
        raise NotPossibleNow("That is too long for this form.")
    async with request.form(max_files=0, max_fields=20, max_part_size=LARGEST) as form:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
    tie = _tie(caller.form or new_token())
    if not secrets.compare_digest(values.get("form", "").encode(), tie.encode()):
        raise NotPossibleNow(STALE)
    return values


def _tie(token: str) -> str:
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


def own_path(text: str) -> str:
    """Return a path of ours with its query, or "/" for anything that could lead elsewhere."""
    plain = unquote(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    if (
        not text.startswith("/")
        or parts.scheme
        or parts.netloc
        or any(mark in plain for mark in ("//", "\\"))
        or not plain.isprintable()
        or parts.path.startswith(("/login", "/account", "/api", "/share"))
    ):
        return "/"
    return text


def seconds(visitors: Visitors) -> int:
    """Return how long a person's session may last."""
    return int(visitors.limits.longest.total_seconds())
