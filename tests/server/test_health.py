"""Alive, ready, and the numbers: who may ask, and what a broken or slow store is answered with."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from onemind import runtime, telemetry
from onemind.server import health
from onemind.server.health import HEALTH, Look
from onemind.server.lifespan import look_after
from onemind.store import lake
from onemind.store.locks import gate
from onemind.telemetry import meters
from tests.conftest import Campaign
from tests.support.guarded import Guarded, guarded
from tests.support.told import families, number

TOKEN = "a-token-of-sixteen-letters"
DEPARTMENTS = "department_id,name,type,state\nD1,Lee,municipal,MA\n"
LOCAL = {"Host": "localhost"}


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has just begun: not warm, and that has looked at no store."""
    monkeypatch.setattr(HEALTH, "is_warm", False)
    monkeypatch.setattr(HEALTH, "_looking", None)
    monkeypatch.setattr(HEALTH, "_known", Look())
    monkeypatch.setattr(HEALTH, "patience", 30.0)  # a busy machine takes its time
    runtime.forget()
    yield
    runtime.forget()


def ready(server: Guarded) -> tuple[int, dict[str, Any]]:
    answer = server.client().get("/readyz")
    return answer.status_code, answer.json()


def warm() -> None:
    """Have the process prepare its first screens, as it does at its start."""
    stop = Event()
    thread = Thread(target=look_after, args=(runtime.store(), stop))
    thread.start()
    for _ in range(600):
        if HEALTH.is_warm:
            break
        time.sleep(0.05)
    stop.set()
    thread.join(30)
    assert HEALTH.is_warm


def test_a_process_is_ready_when_it_is_warm_and_says_which_version_it_has(server: Guarded) -> None:
    assert ready(server) == (503, {"status": "not ready", "why": health.COLD})
    warm()
    assert ready(server) == (200, {"status": "ready", "version": 0, "lag": 0.0})
    Campaign(runtime.store(), Path(runtime.store().settings.store).parent).publish(
        departments=DEPARTMENTS
    )
    status, answer = ready(server)
    assert (status, answer["version"]) == (200, 1)
    assert 0 <= answer["lag"] < 60  # nobody has read it yet


def test_a_version_in_memory_is_no_lag_and_another_counts_from_its_publish() -> None:
    now = datetime.now(UTC)
    assert Look(3, now - timedelta(seconds=9), held=3).lag(now) == 0
    assert Look(3, now - timedelta(seconds=9), held=2).lag(now) == 9
    assert Look(3, now + timedelta(seconds=9), held=2).lag(now) == 0  # another computer's clock
    assert Look().lag(now) == 0


def test_memory_holds_a_version_once_somebody_has_read_it(
    campaign: Callable[..., Campaign],
) -> None:
    made = campaign(departments=DEPARTMENTS)
    assert made.store.held() == 0
    with made.store.reading(1, ()):  # a place for it, and nothing in it
        assert made.store.held() == 0
    made.progress()
    assert made.store.held() == 1
    made.publish(departments=DEPARTMENTS + "D2,Lynn,municipal,MA\n")
    assert made.store.held() == 1


def test_the_size_of_a_store_is_that_of_its_folder_or_of_the_newest_versions_files(
    campaign: Callable[..., Campaign],
) -> None:
    made = campaign(departments=DEPARTMENTS)
    files = list((made.store.settings.store / "data").rglob("*.parquet"))
    with made.store.cursor() as con:
        assert lake.size(con) == sum(path.stat().st_size for path in files) > 0
    assert made.store.size() > sum(path.stat().st_size for path in files)


def test_the_age_of_the_last_good_backup_is_told_once_there_is_one(server: Guarded) -> None:
    warm()
    assert number("onemind_backup_age_seconds") is None
    made = datetime.now(UTC) - timedelta(hours=27)
    server.appdb.activity.add(made, "schedule", "backup", "a file", "", {})
    HEALTH.is_warm = False
    warm()
    age = number("onemind_backup_age_seconds")
    assert age is not None and 27 * 3600 <= age < 27 * 3600 + 120
    meters.BACKUP_AGE.read_by(None)


def test_a_version_that_came_while_nobody_listened_is_warmed(server: Guarded) -> None:
    warm()
    made = Campaign(runtime.store(), Path(runtime.store().settings.store).parent)
    made.publish(departments=DEPARTMENTS)
    stop = Event()
    thread = Thread(target=look_after, args=(made.store, stop))
    thread.start()
    for _ in range(600):
        if made.store.held() == 1:
            break
        time.sleep(0.05)
    stop.set()
    thread.join(30)
    assert ready(server) == (200, {"status": "ready", "version": 1, "lag": 0.0})


def test_a_store_that_can_not_be_read_is_not_ready_and_the_process_is_alive(
    server: Guarded,
) -> None:
    warm()
    place = runtime.store().settings.store
    moved = place.with_name("elsewhere")
    shutil.move(place, moved)
    try:
        assert ready(server) == (503, {"status": "not ready", "why": health.UNREADABLE})
        assert server.client().get("/healthz").status_code == 200
    finally:
        shutil.move(moved, place)
    assert ready(server)[0] == 200


def test_a_catalog_that_is_broken_is_not_ready(server: Guarded) -> None:
    warm()
    Campaign(runtime.store(), Path(runtime.store().settings.store).parent).publish(
        departments=DEPARTMENTS
    )
    catalog = runtime.store().settings.store / "catalog.sqlite"
    whole = catalog.read_bytes()
    catalog.write_bytes(b"x" * len(whole))
    assert ready(server) == (503, {"status": "not ready", "why": health.UNREADABLE})
    catalog.write_bytes(whole)
    assert ready(server)[0] == 200


def test_a_store_that_does_not_answer_is_told_within_a_second_however_many_ask(
    server: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm()
    monkeypatch.setattr(HEALTH, "patience", health.PATIENCE)
    client, held, release = server.client(), Event(), Event()

    def hold() -> None:
        with gate(runtime.store().settings, alone=True):
            held.set()
            release.wait(60)

    holder = Thread(target=hold)
    holder.start()
    held.wait(30)
    try:
        with client:  # one event loop for all of them, as in a server
            for _ in range(5):
                begun = time.monotonic()
                answer = client.get("/readyz")
                assert time.monotonic() - begun < 2 * health.PATIENCE + 1
                assert answer.json() == {"status": "not ready", "why": health.SILENT}
            release.set()
            holder.join()
            for _ in range(100):
                if client.get("/readyz").status_code == 200:
                    return
                time.sleep(0.05)
    finally:
        release.set()
        holder.join()
    raise AssertionError("it did not become ready again")


def test_an_answer_tells_nothing_else(server: Guarded) -> None:
    warm()
    assert set(ready(server)[1]) == {"status", "version", "lag"}


def asked(server: Guarded, address: str = "203.0.113.9", **headers: str) -> int:
    return int(server.client(address=address).get("/metrics", headers=headers).status_code)


def test_without_a_token_the_numbers_are_for_this_computer_alone(server: Guarded) -> None:
    assert asked(server, "127.0.0.1", Host="localhost") == 200
    assert asked(server) == 404
    assert asked(server, Authorization="Bearer ") == 404
    assert asked(server, "127.0.0.1") == 404  # by the name that others use
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"):
        assert asked(server, "127.0.0.1", Host="localhost", **{name: "127.0.0.1"}) == 404, name


def test_with_a_token_the_numbers_are_for_whoever_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(tmp_path, monkeypatch, ONEMIND_METRICS_TOKEN=TOKEN) as server:
        assert asked(server, Authorization=f"Bearer {TOKEN}") == 200
        assert asked(server, Authorization=f"bearer {TOKEN}") == 200
        assert asked(server, Authorization=f"Basic {TOKEN}") == 404
        for wrong in ("", TOKEN[:-1], f"{TOKEN}x", "ünïcode-of-sixteen"):
            given = f"Bearer {wrong}".encode("latin-1")
            answer = server.client().get("/metrics", headers={"Authorization": given})
            assert answer.status_code == 404, wrong
        assert asked(server, "127.0.0.1", Host="localhost") == 404


def test_nobody_is_told_that_the_address_is_there(server: Guarded) -> None:
    page = {"Accept": "text/html"}
    admin = server.client("admin")
    hidden, unknown = (admin.get(path, headers=page) for path in ("/metrics", "/nowhere"))
    assert (hidden.status_code, hidden.text) == (unknown.status_code, unknown.text)
    assert server.client().post("/metrics").status_code == 404


@pytest.mark.parametrize("token", ["short", "with spaces in it all along", "x" * 201])
def test_a_token_that_is_too_simple_stops_the_start(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onemind import settings
    from onemind.errors import WrongUse

    with pytest.raises(WrongUse, match="ONEMIND_METRICS_TOKEN must be"):
        settings.load({"ONEMIND_METRICS_TOKEN": token})
    assert TOKEN not in repr(settings.load({"ONEMIND_METRICS_TOKEN": TOKEN}))


def test_the_numbers_come_as_openmetrics_with_those_of_the_version(server: Guarded) -> None:
    warm()
    made = Campaign(runtime.store(), Path(runtime.store().settings.store).parent)
    made.publish(departments=DEPARTMENTS)
    client = server.client(address="127.0.0.1")
    answer = client.get("/metrics", headers=LOCAL)
    assert answer.headers["content-type"] == telemetry.MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    found = families(answer.text)
    assert found["onemind_version"].samples[0].value == 1
    assert 0 <= found["onemind_version_age_seconds"].samples[0].value < 60
    assert found["onemind_ready"].samples[0].value == 1
    assert found["onemind_warmup_seconds"].samples[0].value > 0
    assert found["onemind_store_bytes"].samples[0].value > 0


def test_open_screens_and_streams_are_counted(server: Guarded) -> None:
    client = server.client("staff")
    assert number("onemind_sessions") == 0
    with client.websocket_connect("/_stcore/stream") as socket:
        socket.send_text("hello")
        socket.receive_text()
        assert number("onemind_sessions") == 1
    for _ in range(100):
        if number("onemind_sessions") == 0:
            break
        time.sleep(0.05)
    assert number("onemind_sessions") == 0
    assert meters.STREAMS.read() == 0
