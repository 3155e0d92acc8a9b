"""What browsers are told to refuse on our behalf, on every answer.

Scripts run from our own files only, and from the few inline ones of Streamlit's page and ours, each
by its hash, taken at start. `blob:` is how Streamlit loads a component written inline.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onemind.runtime import visitors
from onemind.server.exchange import ancestors, is_secure
from onemind.server.streamlit_seams.page import rewritten
from onemind.server.streamlit_seams.seams import HOME, is_on

INDEX = HOME / "static" / "index.html"
INLINE = re.compile(rb"<script>(.*?)</script>", re.S)
YEAR = 31_536_000  # seconds
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(sites: tuple[str, ...] = ()) -> str:
    """Return the content security policy of the dashboard's page; sites may put it in a frame."""
    return _policy(sites, tuple(map(is_on, ("policy", "page"))))


@cache
def _policy(sites: tuple[str, ...], seams: tuple[bool, ...]) -> str:
    """Return the policy as it is with these seams on: they decide which scripts the page has."""
    scripts = inline_hashes(rewritten(INDEX.read_bytes())) if seams[0] else []
    hashes = " ".join(f"'sha256-{item}'" for item in scripts)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data:",
            "worker-src 'self' blob:",
            ancestors(sites),
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        )
    )


def inline_hashes(page: bytes) -> list[str]:
    """Return the SHA-256 of each inline script of a page."""
    digests = (hashlib.sha256(script).digest() for script in INLINE.findall(page))
    return [base64.b64encode(digest).decode() for digest in digests]


class Headers:
    """Add the headers to every answer; one that has a policy of its own keeps it.

    The guard notes in `onemind_frames` which sites may put the answer into a frame.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure, frames = is_secure(scope, visitors().settings), list[str]()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_ours(message, secure, frames)}
            await send(message)

        await self.app({**scope, "onemind_frames": frames}, receive, sent)


def with_ours(message: Message, secure: bool, frames: list[str]) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer with ours; what it says itself of policy and cache stays."""
    headers = MutableHeaders(raw=list(message["headers"]))
    for name, value in ALWAYS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", policy(tuple(frames)))
    headers.setdefault("Cache-Control", "private, no-cache")  # else one on the way keeps exports
    if "access-control-allow-origin" in headers:  # Streamlit's bundles are for everybody; ours not
        del headers["access-control-allow-origin"]
    if secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers.raw
