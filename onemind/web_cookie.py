"""Our two cookies: the session's token, and the token that ties a form to the browser it was for.

Both are HttpOnly and SameSite=Lax; behind TLS they are Secure and carry the __Host- prefix.
"""

from __future__ import annotations

from starlette.responses import Response

from onemind.ui_visitor import COOKIES
from onemind.web_caller import FORM_COOKIES, Caller
from onemind.web_embed import without_links


def set_session(answer: Response, caller: Caller, token: str, seconds: int) -> None:
    """Give the browser its session; a share link it looked through is left."""
    _set(answer, caller, COOKIES, token, seconds)
    if caller.token != caller.own:
        without_links(answer, caller)


def set_form(answer: Response, caller: Caller, token: str) -> None:
    """Give the browser the token that its forms are tied to, until it is closed."""
    _set(answer, caller, FORM_COOKIES, token, None)


def drop_session(answer: Response, caller: Caller) -> None:
    """Take the session away from the browser."""
    _set(answer, caller, COOKIES, "", 0)


def _set(
    answer: Response, caller: Caller, names: tuple[str, str], value: str, seconds: int | None
) -> None:
    answer.set_cookie(
        names[0] if caller.secure else names[1], value, max_age=seconds, path="/",
        secure=caller.secure, httponly=True, samesite="lax",
    )  # fmt: skip
