"""The end of the server: it waits for nobody who only listens."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import urllib.request
from pathlib import Path
from types import FrameType

import pytest

from onemind.server.events import Publishes
from onemind.server.lifespan import calling_on_stop
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
