"""Our two cookies: the session's token, and the token that ties a form to the browser it was for.

Both are HttpOnly and SameSite=Lax; behind TLS they are Secure and carry the __Host- prefix.
"""

from __future__ import annotations

from starlette.responses import Response

from onemind.access import COOKIES, EMBED_COOKIE, LINK_COOKIES
from onemind.server.exchange.caller import FORM_COOKIES, Caller


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


def link_cookie(caller: Caller, token: str, seconds: int, frames: bool) -> str:
    """Return the Set-Cookie header that gives a browser a link's session."""
    name = EMBED_COOKIE if frames else LINK_COOKIES[0 if caller.secure else 1]
    return f"{name}={token}; Max-Age={seconds}; Path=/; HttpOnly; {_kind(name)}"


def _kind(name: str) -> str:
    if name == EMBED_COOKIE:
        return "SameSite=None; Secure; Partitioned"
    return "SameSite=Lax; Secure" if name.startswith("__Host-") else "SameSite=Lax"


def without_links(answer: Response, caller: Caller) -> Response:
    """Take the links' sessions away from the browser."""
    for name in (EMBED_COOKIE, LINK_COOKIES[0 if caller.secure else 1]):
        line = f"{name}=; Max-Age=0; Path=/; HttpOnly; {_kind(name)}"
        answer.headers.append("set-cookie", line)
    return answer


def framed_by(answer: Response, sites: tuple[str, ...]) -> Response:
    """Let these sites put an answer of ours into a frame."""
    policy = answer.headers.get("content-security-policy")
    if policy and sites:
        answer.headers["content-security-policy"] = policy.replace(
            "frame-ancestors 'self'", ancestors(sites)
        )
    return answer


def ancestors(sites: tuple[str, ...]) -> str:
    """Return the directive that says who may put the dashboard into a frame."""
    return " ".join(("frame-ancestors", "'self'", *sites))
