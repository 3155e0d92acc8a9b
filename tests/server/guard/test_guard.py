"""The guard: who is let through, who is sent where, and what is ended while it is open."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from onemind.access.sessions import end, key_of
from onemind.appdb import Person
from onemind.server.guard import guard
from onemind.server.guard.openings import Open
from tests.support.guarded import HOST, Guarded, guarded

PAGE = {"Accept": "text/html"}
STREAM = "/_stcore/stream"


def test_a_reader_without_a_session_is_sent_to_sign_in_and_back(server: Guarded) -> None:
    answer = server.client().get("/training?county=Dukes", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Ftraining%3Fcounty%3DDukes"


@pytest.mark.parametrize(
    "path", ["/api/boundaries/counties/MA.geojson", "/media/x.csv", "/_stcore/health", "/nowhere"]
)
def test_a_program_without_a_session_is_told_so(server: Guarded, path: str) -> None:
    answer = server.client().get(path)
    assert answer.status_code == 401
    assert answer.json() == {"error": "Sign in first."}


def test_what_holds_nothing_is_for_anybody(server: Guarded) -> None:
    for path in ("/healthz", "/static/js/index.js", "/favicon.png", "/icon.png"):
        assert server.client().get(path).status_code == 200


def test_whoever_is_signed_in_is_let_through_as_who_they_are(server: Guarded) -> None:
    assert "inside / as viewer@example.org" in server.client("viewer").get("/").text
    assert "inside /training as NAMI" in server.client("partner").get("/training").text


@pytest.mark.parametrize("cookie", ["", "x" * 43, "' or 1=1 --", "../../state.sqlite", "None"])
def test_a_forged_cookie_is_nobody(server: Guarded, cookie: str) -> None:
    client = server.client()
    client.cookies.set("onemind_session", cookie)
    assert client.get("/training", headers=PAGE).status_code == 303


def test_the_hash_that_is_kept_is_no_cookie(server: Guarded) -> None:
    client = server.client()
    client.cookies.set("onemind_session", key_of(server.token("admin")))
    assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "name",
    ["X-Onemind-User", "Remote-User", "X-Remote-User", "X-Auth-Request-Email", "X-Forwarded-User"],
)
def test_a_forged_identity_header_is_stripped_and_means_nothing(server: Guarded, name: str) -> None:
    forged = {name: "admin@example.org"}
    assert server.client().get("/", headers=forged).status_code == 401
    text = server.client("viewer").get("/", headers=forged).text
    assert "as viewer@example.org" in text
    assert name.lower() not in text


def test_an_unknown_page_is_not_found_and_says_so_in_words(server: Guarded) -> None:
    answer = server.client("viewer").get("/nowhere", headers=PAGE)
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


def test_a_page_that_is_not_theirs_is_refused_in_words_and_logged_once(server: Guarded) -> None:
    client = server.client("viewer")
    for _ in range(3):
        answer = client.get("/upload", headers=PAGE)
    assert answer.status_code == 403
    assert "You don't have permission to upload, publish or restore data." in unescape(answer.text)
    (event,) = server.appdb.activity.events(("refusal",))
    assert (event.actor, event.subject, event.ip) == (
        "viewer@example.org", "/upload", "203.0.113.9",
    )  # fmt: skip


def test_refusals_without_end_are_one_line_and_hold_no_link(server: Guarded) -> None:
    foreign = {"Origin": "http://evil.example"}
    for number in range(20):
        for path in (f"/share/token{number}", f"/made-up/{number}"):
            assert server.client().post(path, headers=foreign).status_code == 403
    found = server.appdb.activity.events(("refusal",))
    assert [event.subject for event in found] == ["/made-up/0", "/share/*"]


def test_only_who_may_publish_may_put_files_into_memory(server: Guarded) -> None:
    path = "/_stcore/upload_file/session/file"
    own = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
    for who, status in [("partner", 403), ("viewer", 403), ("staff", 200), ("admin", 200)]:
        assert server.client(who).put(path, content=b"x", headers=own).status_code == status, who
    assert server.client().put(path, content=b"x", headers=own).status_code == 401
    foreign = {"Origin": "http://evil.example"}
    assert server.client("staff").put(path, content=b"x", headers=foreign).status_code == 403


def test_a_known_address_is_asked_only_what_it_answers(server: Guarded) -> None:
    client = server.client("admin")
    assert client.post("/training").status_code == 405
    assert client.get("/_stcore/upload_file/session/file").status_code == 405
    assert client.options("/_stcore/upload_file/session/file").status_code == 405


def test_another_sites_page_opens_no_websocket(server: Guarded) -> None:
    for origin in ("http://evil.example", "null", "http://[evil", f"http://{HOST}.evil.example"):
        headers = {"Origin": origin}
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            server.client("admin").websocket_connect(STREAM, headers=headers),
        ):
            pass
        assert refused.value.code == 1008


def test_a_websocket_without_a_session_is_refused(server: Guarded) -> None:
    with pytest.raises(WebSocketDisconnect), server.client().websocket_connect(STREAM):
        pass
    with (
        pytest.raises(WebSocketDisconnect),
        server.client("admin").websocket_connect("/_stcore/other"),
    ):
        pass


def test_a_websocket_of_our_own_page_is_open(server: Guarded) -> None:
    own = {"Origin": f"http://{HOST}", "Host": HOST}
    with server.client("partner").websocket_connect(STREAM, headers=own) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


def waited(socket: object) -> tuple[int, float]:
    """The code with which a websocket is closed, and after how many seconds."""
    begun = time.monotonic()
    with pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_text()  # type: ignore[attr-defined]
    return closed.value.code, time.monotonic() - begun


@pytest.mark.parametrize("how", ["disabled", "signed out everywhere", "another role", "revoked"])
def test_what_is_open_ends_within_two_seconds_of_its_session(server: Guarded, how: str) -> None:
    client = server.client("partner" if how == "revoked" else "staff")
    now = datetime.now(UTC)
    with client.websocket_connect(STREAM) as socket:
        if how == "disabled":
            server.appdb.people.change("staff", disabled_at=now)
        elif how == "signed out everywhere":
            server.appdb.sessions.end_of("staff")
        elif how == "another role":
            server.appdb.people.change("staff", role="viewer")
        else:
            server.appdb.links.revoke("l1", now)
        code, seconds = waited(socket)
    assert code == 4401
    assert seconds < 2


def test_a_tab_that_lies_open_is_no_use_of_its_session(server: Guarded) -> None:
    almost = datetime.now(UTC) - timedelta(hours=12, seconds=-2)
    client = server.client("staff")
    with client.websocket_connect(STREAM) as socket:
        server.appdb.sessions.seen(key_of(client.cookies["onemind_session"]), almost)
        code, seconds = waited(socket)
    assert code == 4401
    assert seconds < 5


def test_what_only_a_developers_page_says_goes_no_further(server: Guarded) -> None:
    with server.client("partner").websocket_connect(STREAM) as socket:
        for said in (BackMsg(clear_cache=True), BackMsg(load_git_info=True)):
            socket.send_bytes(said.SerializeToString())
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


def test_when_the_server_goes_down_no_other_websocket_is_closed(server: Guarded) -> None:
    first, second = server.client("staff"), server.client("viewer")
    with first.websocket_connect(STREAM) as going, second.websocket_connect(STREAM) as stays:
        going.close(1012)
        stays.send_text("still here")
        assert stays.receive_text() == "still here"


def test_only_the_session_that_ended_is_closed(server: Guarded) -> None:
    gone, stays = server.token("staff"), server.client("viewer")
    client = server.client()
    client.cookies.set("onemind_session", gone)
    with client.websocket_connect(STREAM) as first, stays.websocket_connect(STREAM) as second:
        end(server.appdb, gone)
        assert waited(first)[0] == 4401
        second.send_text("still here")
        assert second.receive_text() == "still here"


def test_the_reader_of_a_link_that_ended_is_told_when(server: Guarded) -> None:
    client = server.client("partner")
    server.appdb.links.revoke("l1", datetime(2026, 6, 30, tzinfo=UTC))
    answer = client.get("/training", headers=PAGE)
    assert answer.status_code == 410
    assert "This link ended on June 30, 2026." in answer.text


def test_a_public_view_lets_visitors_in_as_partners_in_its_scope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="state=MA") as server:
        assert "inside / as visitor" in server.client().get("/").text
        assert server.client().get("/upload", headers=PAGE).status_code == 403
        assert server.client("staff").get("/upload").status_code == 200
        with server.client().websocket_connect(STREAM) as socket:
            socket.send_text("x")
            assert socket.receive_text() == "x"


def test_cookies_that_visitors_make_up_are_not_looked_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str | None] = []

    class Noted(Open):
        def __init__(self, kind: str, key: str | None, *more: Any) -> None:
            opened.append(key)
            super().__init__(kind, key, *more)

    monkeypatch.setattr(guard, "Open", Noted)
    with guarded(tmp_path, monkeypatch, ONEMIND_PUBLIC="state=MA") as server:
        client, token = server.client(), server.token("viewer")
        for cookie in ("made-up", token):
            client.cookies.set("onemind_session", cookie)
            with client.websocket_connect(STREAM):
                pass
    assert opened == [None, key_of(token)]


def test_only_a_trusted_proxy_says_where_a_caller_is(server: Guarded) -> None:
    said = {"X-Forwarded-For": "198.51.100.1, 10.0.0.5", "Accept": "text/html"}
    server.client("viewer").get("/upload", headers=said)
    server.client("viewer", "127.0.0.1").get("/versions", headers=said)
    first, second = server.appdb.activity.events(("refusal",))[::-1]
    assert (first.ip, second.ip) == ("203.0.113.9", "10.0.0.5")


@pytest.mark.parametrize(
    ("peer", "said", "known"),
    [
        ("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:51234", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8::7]:51234", "2001:db8::7"),
        ("127.0.0.1", "unknown", "unknown"),
    ],
)
def test_an_address_is_one_however_it_is_written(
    server: Guarded, peer: str, said: str, known: str
) -> None:
    """Else tries from everywhere would count as one's, or those of one as everybody's."""
    server.client("viewer", peer).get("/upload", headers={**PAGE, "X-Forwarded-For": said})
    (refusal,) = server.appdb.activity.events(("refusal",))
    assert refusal.ip == known


def local(server: Guarded, address: str = "127.0.0.1", name: str = "localhost", **headers: str):
    client = server.client(address=address)
    return client.get("/", headers={"Host": name, "Accept": "text/html", **headers})


def test_with_nothing_set_up_this_computer_is_its_admin_and_nobody_else_comes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "pat")
    with guarded(tmp_path, monkeypatch, people=False) as server:
        assert "inside / as pat" in local(server).text
        assert local(server, "203.0.113.9").status_code == 403
        assert local(server, name="evil.example").status_code == 403
        said = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host")
        for name in (*said, "X-Forwarded-Proto", "Via", "CF-Connecting-IP", "True-Client-IP"):
            assert local(server, **{name: "127.0.0.1"}).status_code == 403, name


def test_the_first_person_added_ends_the_open_house_and_removing_them_does_not_open_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, people=False) as server:
        client = server.client(address="127.0.0.1")
        with client.websocket_connect(STREAM, headers={"Host": "localhost"}) as socket:
            server.appdb.people.add(
                Person("p", "pat@example.org", "admin", None, None, "x", datetime.now(UTC), None)
            )
            assert waited(socket)[0] == 4401
        assert local(server).status_code == 303
        server.appdb.people.remove("p")
        assert local(server).status_code == 303
