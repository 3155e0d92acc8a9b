"""The cookies of share links, and who may put a link into a frame.

A link opened within another site's page has a cookie of its own, which browsers keep for that site
alone (Partitioned); it works behind TLS, or on this computer. Everywhere else a link's cookie is
like a person's. Starlette sets no partitioned cookie on our Pythons, so the header is written here.
"""

from __future__ import annotations

from starlette.responses import Response

from onemind.ui_visitor import EMBED_COOKIE, LINK_COOKIES
from onemind.web_caller import Caller


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
