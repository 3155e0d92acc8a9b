"""Each request: its id, its line, its numbers, and what is in none of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from onemind import __version__, access, telemetry
from onemind import server as our_server
from onemind.access.people import Actor
from onemind.access.sessions import new_token
from onemind.server.guard import rules
from onemind.server.requests import QUIET, Requests
from tests.server.entrances.test_share import add
from tests.support.guarded import HOST, NOW, Guarded, guarded
from tests.support.serving import serving
from tests.support.told import lines, logged, moved

PAGE = {"Accept": "text/html"}
ID = re.compile(r"[0-9a-f]{16}")
PASSWORD = "correct horse battery"
OWN = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}


def test_each_answer_has_an_id_of_its_own(server: Guarded) -> None:
    client = server.client("viewer")
    answers = [client.get(path) for path in ("/training", "/training", "/nowhere", "/healthz")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert all(map(ID.fullmatch, ids))
    assert len(set(ids)) == 4
    refused = server.client().get("/upload", headers=PAGE)
    assert ID.fullmatch(refused.headers["x-request-id"])


def test_only_a_trusted_proxy_gives_the_id(server: Guarded) -> None:
    said = {"X-Request-ID": "from.the-proxy_1"}
    near, far = server.client(address="127.0.0.1"), server.client()
    assert near.get("/healthz", headers=said).headers["x-request-id"] == "from.the-proxy_1"
    assert ID.fullmatch(far.get("/healthz", headers=said).headers["x-request-id"])
    for text in ("", "abc", "x" * 65, "a b c d", "ann@example.org", '<img src="x">', "a/../b"):
        answer = near.get("/healthz", headers={"X-Request-ID": text})
        assert ID.fullmatch(answer.headers["x-request-id"]), text


def test_the_line_of_a_request_has_its_id_and_no_query(server: Guarded) -> None:
    with logged() as written:
        answer = server.client("viewer").get("/training?county=Dukes&id=MA-7", headers=PAGE)
    (line,) = lines(written)
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["event"], line["level"]) == ("request", "info")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/training", 200)
    assert 0 < line["ms"] < 60_000
    assert "Dukes" not in written.getvalue() and "MA-7" not in written.getvalue()


def test_what_nobody_asks_after_leaves_no_line_unless_it_fails(server: Guarded) -> None:
    assert {path for path in QUIET if not rules.rule("http", path.replace("*", "x"))} == set()
    with logged() as written:
        for path in ("/healthz", "/static/js/x.js", "/icon.png", "/readyz", "/metrics"):
            server.client().get(path)
        server.client().get("/api/session")
    told = [line for line in lines(written) if line["event"] == "request"]
    assert [(line["path"], line["status"]) for line in told] == [("/api/session", 401)]


def test_a_websocket_leaves_a_line_at_its_end(server: Guarded) -> None:
    with logged() as written:
        with server.client("staff").websocket_connect("/_stcore/stream") as socket:
            socket.send_text("hello")
            socket.receive_text()
        with (
            pytest.raises(WebSocketDisconnect),
            server.client().websocket_connect("/_stcore/stream"),
        ):
            pass
    assert [(line["path"], line["status"]) for line in lines(written)] == [
        ("/_stcore/stream", 101), ("/_stcore/stream", 403),
    ]  # fmt: skip


def test_the_script_is_told_the_id_of_its_websocket_by_us_alone(server: Guarded) -> None:
    answer = server.client("viewer").get("/", headers={"X-Onemind-Request": "forged"})
    assert f"'x-onemind-request': '{answer.headers['x-request-id']}'" in answer.text
    assert "forged" not in answer.text


@contextmanager
def failing(error: Exception) -> Iterator[TestClient]:
    """A server whose inside fails, before the answer and within it."""

    async def fails(request: Request) -> Response:
        secret = "correct horse"
        raise error if secret else AssertionError

    async def halfway(request: Request) -> Any:
        async def begins(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise error

        return begins

    async def breaks(socket: WebSocket) -> None:
        await socket.accept()
        raise error

    routes = [
        Route("/training", fails), Route("/map", halfway),
        WebSocketRoute("/_stcore/stream", breaks),
    ]  # fmt: skip
    app = Starlette(routes=routes)
    app.add_middleware(Requests)
    yield TestClient(app)


def test_an_error_is_told_the_log_and_never_the_visitor() -> None:
    told = "ann@example.org opened /share/abcdefghij?token=x"
    with logged() as written, failing(ValueError(told)) as client:
        with moved("onemind_errors_total", work="request"):
            page = client.get("/training?county=Lee", headers=PAGE)
        program = client.get("/training")
    number = page.headers["x-request-id"]
    assert (page.status_code, program.status_code) == (500, 500)
    assert f"send this number to the person who runs this dashboard: {number}." in page.text
    assert program.headers["x-request-id"] in program.json()["error"]
    for text in (page.text, program.text):
        assert "ValueError" not in text and "ann@" not in text and "Traceback" not in text
    failed = lines(written)[0]
    assert (failed["event"], failed["level"], failed["request"]) == (
        "request failed", "error", number,
    )  # fmt: skip
    assert "ValueError: [email] opened /share/*" in failed["exception"]
    assert "fails" in failed["exception"]
    assert "ann@" not in written.getvalue() and "abcdefghij" not in written.getvalue()


@pytest.mark.parametrize("path", ["/map", "/_stcore/stream"])
def test_an_error_in_the_middle_of_an_answer_ends_it(path: str) -> None:
    with logged() as written, failing(KeyError("x")) as client, pytest.raises(KeyError):
        if path == "/map":
            client.get(path)
        else:
            with client.websocket_connect(path) as socket:
                socket.receive_text()
    assert "request failed" in [line["event"] for line in lines(written)]


def sign_in(client: Any, email: str, password: str, **more: str) -> Any:
    form = client.get("/login", headers=PAGE).text
    tie = re.findall(r'name="form" value="([^"]+)"', form)[0]
    fields = {"form": tie, "email": email, "password": password, **more}
    return client.post("/login", data=fields, headers={**PAGE, **OWN})


def test_no_token_password_name_or_address_of_anybody_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_METRICS_TOKEN", "metrics-token-of-the-test")
    with guarded(tmp_path, monkeypatch) as server, logged() as written:
        access.people.add(server.appdb, "pat@example.org", "staff", Actor("t"), NOW, PASSWORD)
        token = add(server)
        client = server.client()
        assert client.get(f"/share/{token}?county=Essex", headers=PAGE).status_code == 303
        assert client.get("/training?county=Essex", headers=PAGE).status_code == 200
        assert client.get(f"/share/{new_token()[:20]}", headers=PAGE).status_code == 404
        assert client.get(f"/Share/{token}", headers=PAGE).status_code == 404
        assert client.get(f"/{token}").status_code == 404
        person = server.client()
        assert sign_in(person, "pat@example.org", "wrong").status_code == 401
        assert sign_in(person, "pat@example.org", PASSWORD).status_code == 303
        assert person.get("/upload", headers=PAGE).status_code == 200
        given = {"Authorization": "Bearer metrics-token-of-the-test"}
        assert person.get("/metrics", headers=given).status_code == 200
        cookies = [*client.cookies.values(), *person.cookies.values()]
    log = written.getvalue()
    paths = [line["path"] for line in lines(written)]
    assert paths[:3] == ["/share/*", "/training", "/share/*"]
    assert paths[3:5] == ["undeclared", "undeclared"]
    assert cookies
    secrets = ["pat@", PASSWORD, "Essex", "County", token, token[:8], "metrics-token", HOST]
    for secret in (*secrets, "203.0.113.9", *cookies):
        assert secret not in log, secret
    for secret in (*secrets, *cookies):
        assert secret not in telemetry.exposition(), secret


def test_requests_and_refusals_are_counted(server: Guarded) -> None:
    telemetry.start()
    with moved("onemind_requests_total", status="2xx"):
        server.client("viewer").get("/training")
    with moved("onemind_requests_total", 0, status="2xx"):
        server.client().get("/healthz")
    with moved("onemind_refusals_total", reason="signed out"):
        server.client().get("/training", headers=PAGE)
    with moved("onemind_refusals_total", reason="not allowed"):
        server.client("viewer").get("/upload")
    with moved("onemind_refusals_total", reason="not found"):
        server.client("viewer").get("/nowhere")
    with moved("onemind_refusals_total", reason="other site"):
        server.client("staff").post("/login", headers={"Origin": "http://evil.example"})
    with moved("onemind_refusals_total", reason="unknown link"):
        server.client().get("/share/nothing")
    access.people.add(server.appdb, "pat@example.org", "staff", Actor("t"), NOW, PASSWORD)
    with moved("onemind_refusals_total", reason="sign-in failed"):
        sign_in(server.client(), "nobody@example.org", "wrong")
    with moved("onemind_refusals_total", reason="wrong method"):
        server.client("admin").post("/training")


def test_the_requests_part_is_within_the_headers_and_before_the_guard() -> None:
    names = [getattr(part.cls, "__name__", "") for part in our_server.middleware]
    assert names[:4] == ["Express", "Headers", "Requests", "Guard"]


def drawn(base: str, path: str = "") -> None:
    """Open a page as a browser does, over the websocket, and wait until it is drawn."""
    place = base.replace("http", "ws", 1) + "/_stcore/stream"
    protocols = [Subprotocol("streamlit")]
    with connect(place, subprotocols=protocols, origin=Origin(base), max_size=None) as socket:
        asked = BackMsg()
        asked.rerun_script.page_name = path
        socket.send(asked.SerializeToString())
        came = ForwardMsg()
        while came.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or (
            came.WhichOneof("type") != "script_finished"
        ):
            came.ParseFromString(socket.recv(timeout=60, decode=False))


def test_a_server_writes_json_alone_and_a_screen_has_the_id_of_its_websocket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_LOG", "json")
    with serving(tmp_path / "store") as base:
        drawn(base)
        drawn(base, "upload")
        with urlopen(f"{base}/metrics") as answer:
            numbers = answer.read().decode()
    written = (tmp_path / "server.log").read_text(encoding="utf-8")
    banner = ("You can now view", "URL:", "Stopping")  # Streamlit's own, on standard output
    others = [line.strip() for line in written.splitlines() if not line.startswith("{")]
    assert [line for line in others if line and not line.startswith(banner)] == []
    told = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    opened = {line["page"]: line for line in told if line["event"] == "page opened"}
    sockets = {line["request"] for line in told if line.get("path") == "/_stcore/stream"}
    assert set(opened) == {"Overview", "Upload"}
    assert {line["session"] for line in opened.values()} == sockets
    assert len(sockets) == 2
    assert 'onemind_page_opens_total{page="Overview"} 1.0' in numbers
    assert 'onemind_redraw_seconds_count{page="Upload"} 1.0' in numbers
    assert f'version="{__version__}"' in numbers
