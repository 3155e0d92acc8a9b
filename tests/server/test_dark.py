"""The server on a full disk: whoever is in stays in; whoever comes anew is told why not."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path

import pytest

from onemind import access, runtime
from onemind.server import events
from tests.server.entrances.test_share import PAGE, add
from tests.server.entrances.test_signin import BY, NOW, WORDS
from tests.server.entrances.test_signin import filled as form_filled
from tests.support.guarded import guarded
from tests.support.troubles import filled, small_disk


def test_whoever_is_in_stays_and_whoever_comes_anew_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk") as disk, guarded(disk, monkeypatch) as server:
        access.people.reset(server.appdb, "staff@example.org", WORDS, BY, NOW)
        viewer, partner, token = server.client("viewer"), server.client("partner"), add(server)
        assert viewer.get("/training").status_code == 200
        with filled(disk):
            assert viewer.get("/training").status_code == 200
            assert partner.get("/training").status_code == 200
            assert viewer.get("/people", headers=PAGE).status_code == 403  # and noted, later
            answer = server.client().get(f"/share/{token}", headers=PAGE)
            assert answer.status_code == 503
            assert "Try again later" in answer.text
            answer = form_filled(server.client())
            assert answer.status_code == 503
            assert "Signing in is not possible now." in answer.text
        assert server.client().get(f"/share/{token}").status_code == 303
        assert form_filled(server.client()).status_code == 303
        actions = [event.action for event in server.appdb.activity.events()]
        assert "refusal" in actions


def test_a_server_starts_without_its_catalog_and_opens_the_store_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.forget()
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path))
    lost = tmp_path / "data" / "main" / "departments" / "a.parquet"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"PAR1")
    looked_after: list[object] = []
    lifespan = import_module("onemind.server.lifespan")  # its face names the function of this name
    monkeypatch.setattr(lifespan, "AGAIN", 0.05)
    monkeypatch.setattr(lifespan, "look_after", lambda store, stop: looked_after.append(store))

    async def started() -> None:
        async with lifespan.lifespan(None):
            assert (events.newest(), events.mark()) == (0, ())
            lost.unlink()
            for _ in range(200):
                if looked_after:
                    break
                await asyncio.sleep(0.05)

    asyncio.run(started())
    assert looked_after == [runtime.store()]
    runtime.store().close()
    runtime.forget()
