"""Streamlit's own bundles, sent compressed: a first visit then loads a third of the bytes.

Each file is compressed once, by whoever asks first or at the start, and kept in memory up to a
limit. Their names carry a hash of what they hold, so a browser may keep them for good.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from threading import Lock

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onemind.server.streamlit_seams.seams import HOME, is_on

PART = "/static/"
COMPRESSED = (".js", ".css", ".svg", ".wasm", ".json", ".mjs")
MEMORY = 24 * 1024 * 1024
# What every page of the dashboard needs; the rest is compressed when it is asked for.
COMMON = (
    "index.", "PlotlyChart.", "protobuf.", "embed.", "arrowFormatUtils.", "DataFrame.",
    "StreamlitMarkdown.", "lib.", "rehype-", "Metric.",
)  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """A file compressed: its bytes, type and validator."""

    content: bytes
    media_type: str
    etag: str


class Bundles:
    """Answer for the bundles, when the browser takes gzip; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a bundle compressed, or say that the browser has it already."""
        path = wanted(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        bundle = await to_thread.run_sync(kept().get, path)
        headers = {
            "ETag": bundle.etag,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        if Headers(scope=scope).get("if-none-match") == bundle.etag:
            response = Response(status_code=304, headers=headers)
        else:
            headers["Content-Encoding"] = "gzip"
            response = Response(bundle.content, headers=headers, media_type=bundle.media_type)
        await response(scope, receive, send)


def wanted(scope: Scope) -> Path | None:
    """Return the file a request is for, if it is a bundle and may be sent compressed."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    headers = Headers(scope=scope)
    if "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
        return None
    _, part, name = scope["path"].rpartition(PART)
    return files().get(name) if part and is_on("bundles") else None


@cache
def files() -> dict[str, Path]:
    """Return the files that are worth compressing, by what follows /static/ in their address."""
    folder = HOME / "static" / "static"
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.suffix in COMPRESSED and path.is_file()
    }


class Compressed:
    """Bundles in memory; those longest unused are dropped above the limit."""

    def __init__(self, limit: int = MEMORY) -> None:
        self.limit = limit
        self._bundles: OrderedDict[Path, Bundle] = OrderedDict()
        self._locks: dict[Path, Lock] = {}
        self._guard = Lock()

    def get(self, path: Path) -> Bundle:
        """Return a file compressed; those who ask for the same one at the same time wait for it."""
        with self._guard:
            lock = self._locks.setdefault(path, Lock())
        with lock:
            bundle = self._bundles.get(path) or _compress(path)
        with self._guard:
            self._bundles[path] = bundle
            self._bundles.move_to_end(path)
            while self.size > self.limit and len(self._bundles) > 1:
                self._bundles.popitem(last=False)
        return bundle

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(len(bundle.content) for bundle in self._bundles.values())


@cache
def kept() -> Compressed:
    """Return this process's bundles."""
    return Compressed()


def warm() -> None:
    """Compress what every page needs."""
    for name, path in sorted(files().items()) if is_on("bundles") else ():
        if name.rpartition("/")[2].startswith(COMMON):
            kept().get(path)


def _compress(path: Path) -> Bundle:
    content = path.read_bytes()
    media_type = guess_type(path.name)[0] or "application/octet-stream"
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Bundle(gzip.compress(content, 9, mtime=0), media_type, f'"{digest}-gzip"')
