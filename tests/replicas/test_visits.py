"""Visits to two replicas over HTTP and websockets, from one address; then what becomes of them."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from onemind import access
from onemind.access.attempts import AT_ACCOUNT
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from tests.conftest import campaigning
from tests.support.replicated import COOKIE, Replicated, asked, replicated
from tests.support.waiting import eventually

WORDS = "correct horse battery"
BY = Actor("tester")
LARGE = 30 * 1024 * 1024  # bytes
DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\nD1,Lee,municipal,Essex,MA,2\n"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    folder = tmp_path_factory.mktemp("two")
    with campaigning(folder) as made:
        made.publish(departments=DEPARTMENTS)
    with closing(AppDatabase(folder / "store")) as appdb:
        for name in ("ann", "bob"):
            access.people.add(appdb, f"{name}@example.org", "admin", BY, datetime.now(UTC), WORDS)
    with replicated(folder / "store") as made_of:
        yield made_of


def post(two: Replicated, replica: int, email: str, password: str) -> tuple[int, str]:
    """Fill in the form of signing in; return the status, and the cookie of the session."""
    chosen = f"{COOKIE}={replica}"
    form = two.ask("/login", chosen)
    tie = re.findall(r'name="form" value="(\w+)"', form.text)[0]
    body = f"form={tie}&email={email}&password={password.replace(' ', '+')}&next=/"
    answer = asked(two.port, "POST", "/login", body.encode(), {
        "Cookie": f"{chosen}; onemind_form={form.cookies['onemind_form']}",
        "Content-Type": "application/x-www-form-urlencoded",
    })  # fmt: skip
    return answer.status, f"onemind_session={answer.cookies.get('onemind_session')}"


@pytest.fixture(scope="module")
def session(two: Replicated) -> str:
    status, cookie = post(two, 1, "ann@example.org", WORDS)
    assert status == 303
    return cookie


def screen(two: Replicated, cookie: str) -> ClientConnection:
    """Open a screen, as a browser does."""
    return connect(
        two.base.replace("http", "ws") + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")], origin=Origin(two.base), max_size=None,
        additional_headers={"Cookie": cookie}, open_timeout=60, close_timeout=1,
    )  # fmt: skip


def screens_of(two: Replicated, session: str) -> list[int]:
    """Ask each replica itself how many screens it has."""
    found = []
    for port in two.replicas():
        path = "/_stcore/metrics?families=active_sessions"
        text = asked(port, "GET", path, b"", {"Cookie": session}).text
        found.append(int(float(re.findall(r"^active_sessions(?:{.*})? (\S+)$", text, re.M)[0])))
    return found


def test_visitors_from_one_address_are_spread_and_each_stays(two: Replicated, session: str) -> None:
    cookies = [f"{COOKIE}={two.ask('/login').cookies[COOKIE]}" for _ in range(8)]
    assert {f"{COOKIE}=1", f"{COOKIE}=2"} == set(cookies)
    before = screens_of(two, session)
    with ExitStack() as stack:
        for cookie in cookies * 2:
            stack.enter_context(screen(two, f"{session}; {cookie}"))
        after = screens_of(two, session)
    there = [2 * cookies.count(f"{COOKIE}={number}") for number in (1, 2)]
    assert [now - then for now, then in zip(after, before, strict=True)] == there


def test_who_signed_in_on_one_replica_is_known_on_the_other(two: Replicated, session: str) -> None:
    other = post(two, 2, "ann@example.org", WORDS)[1]
    for cookie in (session, other):
        for replica in (1, 2):
            assert two.ask("/api/session", f"{cookie}; {COOKIE}={replica}").status == 204
    assert two.ask("/api/session", f"{COOKIE}=1").status == 401


def test_attempts_count_over_all_replicas(two: Replicated) -> None:
    tried = [post(two, 1 + number % 2, "bob@example.org", "x")[0] for number in range(AT_ACCOUNT)]
    assert tried == [401] * AT_ACCOUNT
    assert [post(two, number, "bob@example.org", WORDS)[0] for number in (1, 2)] == [429, 429]


def test_a_large_file_goes_to_the_replica_of_its_screen(two: Replicated, session: str) -> None:
    for replica in (1, 2):
        cookie = f"{session}; {COOKIE}={replica}"
        with screen(two, cookie) as socket:
            place = session_of(socket)
            own = put(two, place, cookie)
            other = put(two, place, f"{session}; {COOKIE}={3 - replica}")
        assert (own, other) == (204, 400)


def session_of(socket: ClientConnection) -> str:
    message = BackMsg()
    message.rerun_script.query_string = ""
    socket.send(message.SerializeToString())
    while True:
        came = ForwardMsg()
        raw = socket.recv(60)
        assert isinstance(raw, bytes)
        came.ParseFromString(raw)
        if came.WhichOneof("type") == "new_session":
            return came.new_session.initialize.session_id


def put(two: Replicated, place: str, cookie: str) -> int:
    """Upload a large file for a screen; return the status."""
    token = two.ask("/_stcore/health", cookie).cookies["_streamlit_xsrf"]
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
    body = head + bytes(LARGE) + b"\r\n--x--\r\n"
    answer = asked(two.port, "PUT", f"/_stcore/upload_file/{place}/one", body, {
        "Cookie": f"{cookie}; _streamlit_xsrf={token}", "X-Xsrftoken": token,
        "Content-Type": "multipart/form-data; boundary=x", "Origin": two.base,
    })  # fmt: skip
    return answer.status


def test_a_publish_is_told_at_once_to_listeners_of_both(two: Replicated, session: str) -> None:
    heard: dict[int, float] = {}
    ready: list[int] = []

    def listen(replica: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", two.port, timeout=60)
        cookie = f"{session}; {COOKIE}={replica}"
        connection.request("GET", "/api/events", headers={
            "Cookie": cookie, "Accept": "text/event-stream",
        })  # fmt: skip
        answer = connection.getresponse()
        while line := answer.readline():
            if b'"version": 1' in line:
                ready.append(replica)
            if b'"version": 2' in line:
                heard[replica] = time.monotonic()
                break
        connection.close()

    threads = [Thread(target=listen, args=(replica,)) for replica in (1, 2)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(ready) == 2)
    with campaigning(two.store.parent) as made:
        made.publish(departments=DEPARTMENTS + "D2,Lynn,municipal,Essex,MA,4\n")
    done = time.monotonic()
    for thread in threads:
        thread.join(30)
    assert set(heard) == {1, 2}
    assert max(heard.values()) - done < 10


def test_one_replica_looks_after_the_store_and_the_other_takes_over(two: Replicated) -> None:
    def holders() -> list[int]:
        """The replicas that hold the lock, by the kernel's own list."""
        status = (two.store / "duty.lock").stat()
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        fields = [line.split() for line in lines if "->" not in line]
        held = {int(each[4]) for each in fields if int(each[5].rpartition(":")[2]) == status.st_ino}
        return [pid for pid in two.replicas().values() if pid in held]

    eventually(holders)
    assert len(holders()) == 1


def test_a_replica_that_is_killed_comes_back_and_its_visitors_are_served_meanwhile(
    two: Replicated, session: str
) -> None:
    (_, gone), (_, stays) = two.replicas().items()
    os.kill(gone, signal.SIGKILL)
    for _ in range(10):
        assert two.ask("/api/session", f"{session}; {COOKIE}=1").status == 204
    eventually(lambda: len(set(two.replicas().values()) - {gone}) == 2, 60)
    assert stays in two.replicas().values()
