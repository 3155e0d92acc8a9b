"""What the server does beside answering: one of several looks after the store; its end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from types import FrameType

import pytest

from onemind.server.events import Publishes
from onemind.server.lifespan import calling_on_stop
from onemind.settings import ROOT, Settings
from onemind.store import Duty
from tests.conftest import Campaign
from tests.support.serving import serving


def test_streams_end_when_they_are_told_to() -> None:
    async def listen() -> list[int]:
        publishes = Publishes(lambda: 1, lambda: 7, lambda number: None)
        stream = publishes.notifications(alive=30)
        heard = [await anext(stream)]
        publishes.end()
        heard += [number async for number in stream]
        return heard + [number async for number in publishes.notifications(alive=30)]

    assert asyncio.run(asyncio.wait_for(listen(), 5)) == [7]


def test_whoever_listened_for_the_signal_before_hears_it_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []

    def server(number: int, frame: FrameType | None) -> None:
        heard.append("server")

    async def live() -> None:
        with calling_on_stop(lambda: heard.append("streams")):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.05)

    before = signal.signal(signal.SIGTERM, server)
    try:
        asyncio.run(live())
        assert heard == ["server", "streams"]
        assert signal.getsignal(signal.SIGTERM) is server
    finally:
        signal.signal(signal.SIGTERM, before)


lifespan = import_module("onemind.server.lifespan")  # its package shows the function of that name
HOLD = """
import sys, time
from pathlib import Path
from onemind.settings import Settings
from onemind.store import Duty
duty = Duty(Settings(store=Path(sys.argv[1])))
print(duty.is_mine(), flush=True)
time.sleep(600)
"""


@contextmanager
def holding(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that does what one does for all."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "True\n"
            yield child
        finally:
            child.kill()


def test_one_process_has_the_duty_until_it_ends(tmp_path: Path) -> None:
    duty = Duty(Settings(store=tmp_path))
    with holding(tmp_path) as other:
        assert not duty.is_mine()
        other.kill()
        other.wait()
        assert duty.is_mine()
        assert duty.is_mine()  # and stays so
        assert not Duty(Settings(store=tmp_path)).is_mine()
        duty.end()
        assert Duty(Settings(store=tmp_path)).is_mine()


def test_only_who_has_the_duty_compacts_and_it_moves(
    empty: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    monkeypatch.setattr(lifespan, "EVERY", 0.05)
    monkeypatch.setattr(lifespan.live, "warm", lambda: None)
    monkeypatch.setattr(lifespan.streamlit_seams, "warm", lambda: None)
    monkeypatch.setattr(lifespan.compact, "due", lambda store: looked.append(time.monotonic()))
    stop = Event()
    with holding(empty.store.settings.store) as other:
        thread = Thread(target=lifespan.look_after, args=(empty.store, stop))
        thread.start()
        time.sleep(0.5)
        assert looked == []
        other.kill()
        other.wait()
        for _ in range(200):
            if looked:
                break
            time.sleep(0.05)
        stop.set()
        thread.join(20)
    assert len(looked) == 1  # an hour passes until the next
    assert Duty(empty.store.settings).is_mine()


def test_the_server_stops_while_somebody_listens(tmp_path: Path) -> None:
    with serving(tmp_path / "store") as base:
        asked = urllib.request.Request(
            f"{base}/api/events", headers={"Accept": "text/event-stream"}
        )
        stream = urllib.request.urlopen(asked, timeout=60)
        assert stream.readline() == b"retry: 1000\n"
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
    stream.close()
