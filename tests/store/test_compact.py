"""Compacting: few files again, every version as it was, and nobody reads meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from threading import Thread

import pytest

from onemind import metrics
from onemind.errors import NotPossibleNow
from onemind.settings import ROOT, Settings
from onemind.store import Store, compact
from onemind.store.locks import gate
from tests.conftest import Campaign

HEADER = "department_id,name,type,state\n"
VERSIONS = 8


@pytest.fixture
def grown(campaign: Callable[..., Campaign]) -> Campaign:
    made = campaign(departments=HEADER + "D1,Lee,municipal,MA\nD2,Lynn,municipal,MA\n")
    for number in range(2, VERSIONS + 1):
        made.publish(departments=HEADER + f"D{number},Town {number},municipal,MA\n")
    return made


def contents(store: Store) -> list[object]:
    return [
        (
            item.number,
            item.author,
            item.message,
            metrics.export.dataset(store, "departments", item.number),
        )
        for item in store.versions()
    ]


def test_files_are_merged_and_no_version_is_changed(grown: Campaign) -> None:
    before = contents(grown.store)
    compacted = compact.compact(grown.store)
    assert compacted.before >= VERSIONS
    assert compacted.after <= 2  # rows that were changed lie apart
    reopened = Store(Settings(store=grown.store.settings.store))
    assert contents(grown.store) == before
    assert contents(reopened) == before
    reopened.close()


def test_publishing_and_compacting_again_go_on(grown: Campaign) -> None:
    compact.compact(grown.store)
    grown.publish(departments=HEADER + "D1,Leeds,municipal,MA\n")
    assert compact.compact(grown.store).after <= 2
    assert grown.store.versions()[-1].number == VERSIONS + 1
    assert "Leeds" not in str(metrics.export.dataset(grown.store, "departments", VERSIONS))
    assert "Leeds" in str(metrics.export.dataset(grown.store, "departments"))


def test_it_is_due_after_many_publishes(grown: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not compact.due(grown.store)
    monkeypatch.setattr(compact, "EVERY", 3)
    assert compact.due(grown.store)
    compact.compact(grown.store)
    assert not compact.due(grown.store)


def test_a_reader_keeps_it_out_and_loses_nothing(grown: Campaign) -> None:
    with (
        grown.store.reading(None, ["departments"]) as con,
        pytest.raises(NotPossibleNow, match="try again"),
    ):
        assert con.execute("select count(*) from departments").fetchone() == (VERSIONS,)
        compact.compact(grown.store, seconds=0.1)
    assert compact.compact(grown.store).after <= 2


def test_readers_of_this_and_of_other_processes_wait_for_it(grown: Campaign) -> None:
    place = grown.store.settings.store
    command = [sys.executable, "-m", "onemind", "export", "departments", "--json"]
    with gate(grown.store.settings, alone=True):
        reader = Thread(target=lambda: metrics.export.dataset(grown.store, "departments", 1))
        reader.start()
        other = subprocess.Popen(command, cwd=ROOT, env={"ONEMIND_STORE": str(place)},
                                 stdout=subprocess.PIPE)  # fmt: skip
        reader.join(0.2)
        assert reader.is_alive()
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(2)
    reader.join(20)
    out, _ = other.communicate(timeout=60)
    assert not reader.is_alive()
    assert out.count(b"department_id") == VERSIONS
