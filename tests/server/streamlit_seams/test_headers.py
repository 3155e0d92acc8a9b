"""What browsers are told to refuse, on every answer."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from onemind.access.sessions import begin
from onemind.server.streamlit_seams.headers import INDEX, inline_hashes, policy
from onemind.server.streamlit_seams.page import rewritten
from tests.support.guarded import NOW, Guarded, guarded

PAGE = {"Accept": "text/html"}


def test_every_answer_carries_them_refusals_too(server: Guarded) -> None:
    asked = [
        ("viewer", "/"),
        ("viewer", "/upload"),
        ("viewer", "/x"),
        (None, "/"),
        (None, "/login"),
    ]
    for who, path in [*asked, (None, "/healthz"), (None, "/static/js/x.js")]:
        headers = server.client(who).get(path, headers=PAGE).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
        assert "server" not in headers
        assert headers["cache-control"] in ("private, no-cache", "no-store")


def test_the_policy_lets_no_script_in_but_by_its_hash() -> None:
    parts = dict(part.split(" ", 1) for part in policy().split("; "))
    assert "unsafe" not in parts["script-src"]
    assert parts["object-src"] == "'none'"
    page = rewritten(INDEX.read_bytes())
    assert page.count(b"<script>") == len(inline_hashes(page)) == 2
    for script in page.split(b"<script>")[1:]:
        digest = hashlib.sha256(script.split(b"</script>")[0]).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in parts["script-src"]


def test_a_plain_page_runs_no_script_at_all(server: Guarded) -> None:
    answer = server.client().get("/login")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text


def test_behind_tls_browsers_are_told_to_stay_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_PROXIES="10.0.0.5") as server:
        said = {"X-Forwarded-Proto": "https"}
        through = server.client(address="10.0.0.5").get("/login", headers=said)
        assert "max-age=31536000" in through.headers["strict-transport-security"]
        assert through.headers["set-cookie"].startswith("__Host-onemind_form=")
        direct = server.client().get("/login", headers=said)
        assert "strict-transport-security" not in direct.headers


def test_the_sites_a_link_was_made_for_may_put_it_in_a_frame(server: Guarded) -> None:
    link = replace(server.link(), id="l2", token_hash="h2", sites=("https://nami.example",))
    server.appdb.links.add(link)
    client = server.client()
    client.cookies.set("onemind_link", begin(server.appdb, link, NOW))
    allowed = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://nami.example" in allowed
    other = server.client("partner").get("/").headers["content-security-policy"]
    assert "nami" not in other
