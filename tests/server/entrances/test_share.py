"""The address of a share link: what opens it, what it leaves in the browser, when it has ended."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from onemind import access
from onemind.access.sessions import key_of, new_token
from onemind.appdb import Link
from onemind.server.exchange.caller import caller
from onemind.server.exchange.cookies import set_session
from onemind.settings import Settings
from onemind.words import long_day
from tests.support.guarded import HOST, Guarded, guarded

PAGE = {"Accept": "text/html"}
STREAM = "/_stcore/stream"
OWN = {"Origin": f"http://{HOST}", **PAGE}


def add(server: Guarded, **given: Any) -> str:
    """Keep a link and return its token."""
    token = new_token()
    today = datetime.now(UTC).date()
    link = Link(
        "l2", key_of(token), "County <b>office</b>", "county=Essex", None, False, None,
        today + timedelta(days=30), None, (), "staff@example.org", datetime.now(UTC),
    )  # fmt: skip
    server.appdb.links.add(replace(link, **given))
    return token


def test_a_link_becomes_a_session_and_the_address_is_clean(server: Guarded) -> None:
    client = server.client()
    answer = client.get(f"/share/{add(server)}?county=Essex", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?county=Essex")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("onemind_link=")
    assert "HttpOnly; SameSite=Lax" in cookie
    lasts = int(re.findall(r"Max-Age=(\d+)", cookie)[0])
    assert 30 * 86_400 < lasts <= (31 + 7) * 86_400
    assert "inside /training as County <b>office</b>" in client.get("/training").text
    assert client.get("/upload", headers=PAGE).status_code == 403


def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_URL="https://onemind.example") as server:
        cookie = server.client().get(f"/share/{add(server)}").headers["set-cookie"]
    assert cookie.startswith("__Host-onemind_link=")
    assert "Path=/; HttpOnly; SameSite=Lax; Secure" in cookie
    assert "Domain" not in cookie


def test_fetching_a_link_again_and_again_counts_nothing(server: Guarded) -> None:
    token = add(server)
    for _ in range(3):
        assert server.client().get(f"/share/{token}").status_code == 303
        assert server.client().head(f"/share/{token}").status_code == 303
    client = server.client()
    client.get(f"/share/{token}")
    assert "set-cookie" not in client.get(f"/share/{token}").headers  # it has its session already
    assert uses(server) == 0
    for _ in range(2):
        with client.websocket_connect(f"ws://{HOST}{STREAM}", headers={"Origin": f"http://{HOST}"}):
            pass
    assert uses(server) == 1


def uses(server: Guarded) -> int:
    link = server.appdb.links.by_id("l2")
    assert link
    return link.uses


def test_a_link_that_ended_says_when_and_whom_to_ask(server: Guarded) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    token = add(server, expires_on=yesterday)
    answer = server.client().get(f"/share/{token}", headers=PAGE)
    assert answer.status_code == 410
    assert f"This link ended on {long_day(yesterday)}. Ask the person who sent it" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_revoked_link_is_told_to_whoever_used_it_and_not_replaced_by_the_public_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="state=MA") as server:
        client = server.client()
        client.get(f"/share/{add(server)}")
        access.links.revoke(server.appdb, "l2", "staff@example.org", datetime.now(UTC))
        answer = client.get("/training", headers=PAGE)
        assert answer.status_code == 410
        assert "This link has ended" in answer.text
        assert client.get("/share/leave").headers["location"] == "/"
        assert "inside /training as visitor" in client.get("/training").text


def test_an_unknown_token_is_not_found_and_guessing_is_stopped(server: Guarded) -> None:
    token = add(server)
    guesser = server.client(address="198.51.100.7")
    for number in range(access.links.GUESSES):
        assert guesser.get(f"/share/{number}").status_code == 404
    answer = guesser.get(f"/share/{token}", headers=PAGE)
    assert answer.status_code == 429
    assert "Wait ten minutes" in answer.text
    assert answer.headers["retry-after"]
    assert server.client().get(f"/share/{token}").status_code == 303


def test_a_passphrase_is_asked_for_before_there_is_a_session(server: Guarded) -> None:
    token = add(server, passphrase=access.passwords.hashed("correct horse"))
    client = server.client()
    asked = client.get(f"/share/{token}", headers=PAGE)
    assert asked.status_code == 200
    assert 'name="passphrase"' in asked.text
    assert "County &lt;b&gt;office&lt;/b&gt; is shared" in asked.text
    assert "set-cookie" not in asked.headers
    wrong = client.post(f"/share/{token}", data={"passphrase": "wrong"}, headers=OWN)
    assert wrong.status_code == 403
    assert "Incorrect passphrase." in wrong.text
    right = client.post(f"/share/{token}", data={"passphrase": "correct horse"}, headers=OWN)
    assert right.status_code == 303
    assert "as County" in client.get("/training").text
    assert client.get(f"/share/{token}").status_code == 303  # asked once a session


def test_passphrases_can_t_be_tried_for_long_nor_from_another_site(server: Guarded) -> None:
    token = add(server, passphrase=access.passwords.hashed("correct horse"))
    client = server.client()
    foreign = {"Origin": "https://evil.example", **PAGE}
    given = {"passphrase": "correct horse"}
    assert client.post(f"/share/{token}", data=given, headers=foreign).status_code == 403
    for _ in range(access.links.TRIES):
        client.post(f"/share/{token}", data={"passphrase": "x"}, headers=OWN)
    assert client.post(f"/share/{token}", data=given, headers=OWN).status_code == 429
    big = {"passphrase": "x" * 3_000}
    assert client.post(f"/share/{token}", data=big, headers=OWN).status_code == 413


def test_a_link_opens_its_own_pages_and_starts_with_the_first(server: Guarded) -> None:
    client = server.client()
    answer = client.get(f"/share/{add(server, pages=('Departments', 'Training'))}")
    assert answer.headers["location"] == "/departments"
    assert client.get("/training").status_code == 200
    assert client.get("/methodology", headers=PAGE).status_code == 403
    root = client.get("/?county=Essex", headers=PAGE)
    assert (root.status_code, root.headers["location"]) == (303, "/departments?county=Essex")


def test_staff_look_through_a_link_and_come_back_to_their_own_view(server: Guarded) -> None:
    client = server.client("staff")
    client.get(f"/share/{add(server)}")
    assert "as County" in client.get("/training").text
    assert client.get("/upload").status_code == 403
    client.get("/share/leave")
    assert "inside /upload as staff@example.org" in client.get("/upload").text


def test_signing_in_leaves_the_link_that_was_looked_through() -> None:
    for cookie, left in ((b"onemind_link=x", 2), (b"onemind_session=x", 0)):
        scope = {"type": "http", "path": "/login", "headers": [(b"cookie", cookie)]}
        answer = Response()
        set_session(answer, caller(scope, Settings()), "token", 60)
        cookies = answer.headers.getlist("set-cookie")
        assert cookies[0].startswith("onemind_session=token")
        assert len([line for line in cookies if "Max-Age=0" in line]) == left


def test_the_cookie_of_one_link_opens_nothing_of_another(server: Guarded) -> None:
    client = server.client()
    client.get(f"/share/{add(server, pages=('Training',))}")
    assert client.get("/departments").status_code == 403
    forged = server.client()
    forged.cookies.set("onemind_link", key_of(client.cookies["onemind_link"]))
    assert forged.get("/training").status_code == 401


def test_within_an_allowed_site_the_cookie_is_for_that_site_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    framed = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site", **PAGE}
    with guarded(tmp_path, monkeypatch, ONEMIND_URL="https://onemind.example") as server:
        token = add(server, sites=("https://www.example.org",))
        answer = server.client().get(f"/share/{token}?embed=true", headers=framed)
        assert answer.headers["location"] == "/?embed=true"
        assert "__Host-onemind_embed=" in answer.headers["set-cookie"]
        assert "SameSite=None; Secure; Partitioned" in answer.headers["set-cookie"]
        alone = server.client().get(
            f"/share/{token}?embed=true", headers={"Sec-Fetch-Dest": "document"}
        )
        assert "Lax" in alone.headers["set-cookie"]


def test_without_tls_a_link_is_not_embedded_from_another_computer(server: Guarded) -> None:
    token = add(server, sites=("https://www.example.org",))
    framed = {"Sec-Fetch-Dest": "iframe", **PAGE}
    answer = server.client().get(f"/share/{token}?embed=true", headers=framed)
    assert answer.status_code == 403
    assert "https" in answer.text
