"""Bundles: compressed once, kept by browsers, bounded in memory; all else passes untouched."""

from __future__ import annotations

import gzip
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from onemind.server.streamlit_seams import bundles
from onemind.server.streamlit_seams.bundles import Bundles, Compressed

NAME, FILE = min(
    (item for item in bundles.files().items() if item[0].startswith("js/index.")),
    key=lambda item: item[1].stat().st_size,
)


def client() -> TestClient:
    async def passed(request: object) -> PlainTextResponse:
        return PlainTextResponse("passed")

    app = Starlette(routes=[Route("/{path:path}", passed)])
    app.add_middleware(Bundles)
    return TestClient(app)


def test_a_bundle_is_sent_compressed_and_may_be_kept_for_good() -> None:
    answer = client().get(f"/static/{NAME}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == FILE.read_bytes()
    assert int(answer.headers["content-length"]) < len(answer.content)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_browser_that_has_it_is_told_so() -> None:
    etag = client().get(f"/static/{NAME}").headers["etag"]
    answer = client().get(f"/static/{NAME}", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_below_another_address_it_is_the_same_bundle() -> None:
    assert client().get(f"/below/static/{NAME}").content == FILE.read_bytes()


def test_everything_else_passes_untouched() -> None:
    for path in ("/", "/static/", "/static/js/none.js", "/static/../web.py", "/static/%2e%2e/x.js"):
        assert client().get(path).text == "passed"
    for headers in ({"Accept-Encoding": "br"}, {"Range": "bytes=0-9"}):
        assert client().get(f"/static/{NAME}", headers=headers).text == "passed"
    assert client().head(f"/static/{NAME}").content == b""


def test_memory_is_bounded_and_what_was_asked_for_last_stays(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.js" for name in "abc"]
    for path in paths:
        path.write_bytes(path.name.encode() * 10)
    sizes = [len(Compressed().get(path).content) for path in paths]
    kept = Compressed(limit=sizes[0] + sizes[1])
    for path in (paths[0], paths[1], paths[0], paths[2]):
        assert gzip.decompress(kept.get(path).content) == path.read_bytes()
    assert kept.size <= kept.limit
    assert set(kept._bundles) == {paths[0], paths[2]}
