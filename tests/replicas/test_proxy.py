"""The proxies' configs, tried with the real programs before small servers that say who asks."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from onemind.errors import NotPossibleNow, WrongUse
from onemind.replicas import Plan, proxy
from tests.support.replicated import COOKIE
from tests.support.waiting import eventually, free_port

MEGABYTE = 1024 * 1024


class Open(Plan):
    """A plan as for an address that others reach; it listens on this computer all the same."""

    is_local = False


class Server(ThreadingHTTPServer):
    """Says nothing of connections that the proxy keeps and drops."""

    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Echo(BaseHTTPRequestHandler):
    """Answers with its own name and what it was asked with; streams at /stream."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if self.headers.get("Upgrade"):
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            self.send_header("Sec-WebSocket-Accept", accept)
            self.end_headers()
            self.wfile.write(self.rfile.read(5).upper())
            self.close_connection = True
            return
        if self.path == "/stream":
            self._stream()
            return
        length = int(self.headers.get("Content-Length", 0))
        left = length
        while left:
            left -= len(self.rfile.read(min(left, MEGABYTE)))
        said = f"{self.server.server_port}\n{length}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_PUT = do_GET  # noqa: N815

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        time.sleep(3)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Tried:
    """A proxy that runs, in front of two servers."""

    port: int
    servers: list[Server]

    def ask(self, *, body: bytes = b"", **headers: str) -> tuple[str, str]:
        """Return what one of the servers says, and the cookie that came with it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("PUT" if body else "GET", "/", body or None, given)
        answer = connection.getresponse()
        assert answer.status == 200
        said, cookie = answer.read().decode(), answer.headers.get("Set-Cookie", "")
        connection.close()
        return said, cookie


def plan(kind: type[Plan] = Plan, **given: object) -> Plan:
    made = kind("127.0.0.1", free_port(), (1, 2), ("127.0.0.1", "::1"), 50 * MEGABYTE, False)
    return replace(made, **given)  # type: ignore[arg-type]


@contextmanager
def running(name: str, chosen: Plan, folder: Path) -> Iterator[Tried]:
    """Start the proxy of that name in front of two servers; it is stopped by its process id."""
    with ExitStack() as stack:
        servers = [Server(("127.0.0.1", 0), Echo) for _ in range(2)]
        for server in servers:
            Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        chosen = replace(chosen, ports=tuple(server.server_port for server in servers))
        made, path = proxy.PROXIES[name], shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        config = folder / made.file
        config.write_text(made.config(chosen, folder), encoding="utf-8")
        folder.chmod(0o711)
        child = subprocess.Popen(made.command(path, config))
        stack.callback(child.wait, 10)
        stack.callback(child.terminate)
        eventually(lambda: _listens(chosen.port) or child.poll() is not None, 20)
        assert child.poll() is None
        yield Tried(chosen.port, servers)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


BOTH = pytest.mark.parametrize("name", list(proxy.PROXIES))


@BOTH
def test_a_visitor_stays_on_one_replica_though_all_come_from_one_address(
    name: str, tmp_path: Path
) -> None:
    with running(name, plan(), tmp_path) as tried:
        visitors = [tried.ask() for _ in range(24)]
        assert {cookie.partition("=")[0] for _, cookie in visitors} == {COOKIE}
        assert {said.splitlines()[0] for said, _ in visitors} == {
            str(server.server_port) for server in tried.servers
        }
        for said, cookie in visitors:
            for _ in range(3):
                again, fresh = tried.ask(Cookie=cookie.partition(";")[0])
                assert again.splitlines()[0] == said.splitlines()[0]
                assert fresh == ""


@BOTH
def test_the_cookie_is_for_the_browser_alone(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried:
        cookie = tried.ask()[1].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    with running(name, plan(secure=True), tmp_path) as tried:  # in another site's frame too
        cookie = tried.ask()[1].lower()
        assert all(word in cookie for word in ("secure", "samesite=none", "partitioned"))


@BOTH
def test_when_a_replica_is_gone_its_visitors_are_answered_by_the_other(
    name: str, tmp_path: Path
) -> None:
    with running(name, plan(), tmp_path) as tried:
        _, cookie = next(
            found for found in iter(tried.ask, None)
            if found[0].startswith(str(tried.servers[0].server_port))
        )  # fmt: skip
        tried.servers[0].shutdown()
        tried.servers[0].server_close()
        for _ in range(5):
            again, _ = tried.ask(Cookie=cookie.partition(";")[0])
            assert again.startswith(str(tried.servers[1].server_port))


@BOTH
def test_for_this_computer_nothing_is_added_to_a_request(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried:
        said, _ = tried.ask(Host="localhost:8501")
        assert "forwarded" not in said.lower() and "via" not in said.lower()
        assert "host: localhost:8501" in said.lower()
        said, _ = tried.ask(X_Forwarded_For="203.0.113.9", Cf_Ray="1")  # it came by a tunnel
        assert "203.0.113.9" in said and "cf-ray" in said.lower()


@BOTH
def test_for_others_the_proxy_says_who_asks_and_believes_whom_it_should(
    name: str, tmp_path: Path
) -> None:
    with running(name, plan(Open, proxies=("10.1.2.3",)), tmp_path) as tried:
        lines = _forwarded(tried)
        assert lines == ["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http"]
    with running(name, plan(Open, proxies=("127.0.0.0/8",)), tmp_path) as tried:
        lines = _forwarded(tried)
        said = ", ".join(line.partition(": ")[2] for line in lines[:-1])
        assert said == "203.0.113.9, 127.0.0.1"
        assert lines[-1] == "x-forwarded-proto: https"


def _forwarded(tried: Tried) -> list[str]:
    """Say that it comes by https from elsewhere; return what a server is told of that."""
    said, _ = tried.ask(X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")
    lines = [line.lower() for line in said.splitlines() if "forwarded" in line.lower()]
    return sorted(lines, key=lambda line: line.partition(":")[0])


@BOTH
def test_a_stream_of_events_is_not_held_back(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried:
        connection = http.client.HTTPConnection("127.0.0.1", tried.port, timeout=20)
        begun = time.monotonic()
        connection.request("GET", "/stream", headers={"Accept": "text/event-stream"})
        assert connection.getresponse().readline() == b"data: first\n"
        assert time.monotonic() - begun < 2
        connection.close()


@BOTH
def test_a_websocket_passes(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried:
        connection = http.client.HTTPConnection("127.0.0.1", tried.port, timeout=20)
        key = base64.b64encode(os.urandom(16)).decode()
        given = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                     "Sec-WebSocket-Version": "13"}  # fmt: skip
        connection.request("GET", "/", headers=given)
        assert connection.sock is not None
        connection.sock.sendall(b"hello")
        said = b""
        while part := connection.sock.recv(4096):
            said += part
        assert b" 101 " in said and said.endswith(b"HELLO")
        connection.sock.close()
        connection.close()


@BOTH
def test_an_upload_may_be_as_large_as_the_setting_says(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried:
        said, _ = tried.ask(body=bytes(50 * MEGABYTE))
        assert said.splitlines()[1] == str(50 * MEGABYTE)


@BOTH
def test_many_at_once_are_answered(name: str, tmp_path: Path) -> None:
    with running(name, plan(), tmp_path) as tried, ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda _: tried.ask()[0], range(200)))
        assert len(found) == 200


def test_haproxy_goes_first_and_without_any_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nginx", "haproxy"):
        (tmp_path / name).touch(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(proxy, "ELSEWHERE", ())
        assert proxy.found()[1] == str(tmp_path / name)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(NotPossibleNow, match="apt install haproxy"):
        proxy.found()


@pytest.mark.parametrize(
    ("address", "bind", "is_local"),
    [
        ("127.0.0.1", "127.0.0.1:80", True),
        ("localhost", "127.0.0.1:80", True),
        ("::1", "[::1]:80", True),
        ("[::1]", "[::1]:80", True),
        ("0.0.0.0", "0.0.0.0:80", False),
        ("::", "[::]:80", False),
        ("192.0.2.7", "192.0.2.7:80", False),
    ],
)
def test_an_address_is_read(address: str, bind: str, is_local: bool) -> None:
    made = plan(address=address, port=80)
    assert (made.bind, made.is_local) == (bind, is_local)


@pytest.mark.parametrize("address", ["", "example.org", "127.0.0.1:80", "a b", "*"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(WrongUse, match="Write one such as"):
        print(plan(address=address).bind)
