"""A file of the site as it is sent: compressed, with its validator and all its headers.

The headers are put together once for each way of sending it; a request then costs a look-up.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from mimetypes import guess_type

from starlette.types import Scope, Send

from onemind.access import User
from onemind.server.exchange import ancestors
from onemind.server.streamlit_seams import with_ours

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; "
)
LASTING = "private, max-age=31536000, immutable"  # named after their content, of one scope
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, eq=False)
class Kept:
    """One file compressed, its validator and its own headers."""

    content: bytes
    etag: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    _sent: dict[tuple[bool, bool, tuple[str, ...]], Headers] = field(default_factory=dict)

    def sent(self, zipped: bool, secure: bool, sites: tuple[str, ...]) -> Headers:
        """Return all headers it is sent with, compressed or not."""
        how = (zipped, secure, sites)
        if how not in self._sent:
            policy = (POLICY + ancestors(sites)).encode()
            own = [*self.headers, (b"content-security-policy", policy)]
            own += [(b"content-encoding", b"gzip")] if zipped else []
            self._sent[how] = with_ours({"headers": own}, secure, [])
        return self._sent[how]


def kept_as(path: str, content: bytes) -> Kept:
    """Return a compressed file with its headers."""
    etag = b'"%s"' % hashlib.sha256(content).hexdigest()[:32].encode()
    kind = guess_type(path)[0] or "application/octet-stream"
    kind += "; charset=utf-8" if kind.startswith("text/") else ""
    caching = LASTING if path.startswith("assets/") else "private, no-cache"
    headers = (
        (b"content-type", kind.encode()), (b"etag", etag), (b"cache-control", caching.encode()),
        (b"vary", b"Accept-Encoding"),
    )  # fmt: skip
    return Kept(content, etag, headers)


async def send_kept(kept: Kept, user: User, secure: bool, scope: Scope, send: Send) -> int:
    """Send a file, or that the browser has it already; return the status."""
    asked = dict(scope["headers"])
    zipped = b"gzip" in asked.get(b"accept-encoding", b"")
    headers = kept.sent(zipped, secure, user.sites)
    if asked.get(b"if-none-match") == kept.etag:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return 304
    body = kept.content if zipped else gzip.decompress(kept.content)
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
    return 200
