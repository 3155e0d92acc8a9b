"""A store whose disk is full or can't be written is read on, says so, and opens again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import metrics
from onemind.appdb import AppDatabase
from onemind.campaign import Filter
from onemind.errors import NotWritable, Unreachable
from onemind.settings import Settings
from onemind.store import Store
from tests.conftest import TODAY, Campaign, campaigning
from tests.support.troubles import data_files, filled, read_only, small_disk

DEPARTMENTS = "department_id,name,type,state,sworn_officers\nA,Avon,municipal,MA,10\n"
PLEDGES = "department_id,pledged_on\nA,2018-01-01\n"
FULL = "the disk of the store is full"
LOCKED = "the folder of the store is read-only"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def small(disk: Path) -> Iterator[Campaign]:
    """A campaign of two versions on a small disk."""
    with campaigning(disk) as found:
        found.publish(departments=DEPARTMENTS)
        found.publish(pledges=PLEDGES)
        yield found


def town(name: str) -> str:
    return DEPARTMENTS + f"{name},{name},municipal,MA,5\n"


def numbers(store: Store, version: int | None = None) -> tuple[int, int]:
    """How many departments a version has, and how many have pledged."""
    rows = metrics.progress(store, Filter(as_of=TODAY, version=version), TODAY).records()
    return len(rows), sum(row["pledged_on"] is not None for row in rows)


def says(store: Store) -> list[str]:
    return [f"{trouble.says} {trouble.action}" for trouble in store.health.troubles()]


def test_an_open_store_is_read_on_a_full_disk_and_recovers(small: Campaign, disk: Path) -> None:
    with filled(disk):
        assert [item.number for item in small.store.versions()] == [1, 2]
        assert numbers(small.store) == (1, 1)
        assert numbers(small.store, 1) == (1, 0)
        assert FULL in says(small.store)[0]
        [trouble] = small.store.health.troubles()
        assert datetime.now(UTC) >= trouble.since
    assert says(small.store) == []
    assert small.publish(departments=town("B")).number == 3
    assert numbers(small.store) == (2, 1)


def test_a_store_opens_on_a_full_disk_and_publishes_when_it_is_free(
    small: Campaign, disk: Path
) -> None:
    settings = small.store.settings
    small.store.close()
    with filled(disk):
        store = Store(settings)
        assert numbers(store) == (1, 1)
        assert FULL in says(store)[0]
    campaign = Campaign(store, disk)
    assert campaign.publish(departments=town("B")).number == 3
    assert says(store) == []
    store.close()


def test_a_publish_on_a_full_disk_says_so_and_leaves_nothing(small: Campaign, disk: Path) -> None:
    store, files = small.store, data_files(small.store.settings.store)
    uploads = small.uploads(departments=town("B"))
    with filled(disk):
        with pytest.raises(NotWritable) as refused:
            small.publish(departments=town("B"))
        assert FULL in str(refused.value)
        assert uploads[0].path.read_text() == town("B")
    assert data_files(store.settings.store) == files
    assert not list(store.settings.store.rglob("*.tmp"))
    assert [item.number for item in store.versions()] == [1, 2]
    assert small.publish(departments=town("B")).number == 3


@pytest.mark.parametrize("leave", [1, 4, 8, 20, 40])
def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half_published(
    small: Campaign, disk: Path, leave: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onemind.store.care import health

    store = small.store
    before = data_files(store.settings.store)
    many = DEPARTMENTS + "".join(f"N{n},Town {n},municipal,MA,{n}\n" for n in range(3000))
    uploads = small.uploads(departments=many)
    monkeypatch.setattr(health, "unwritable", lambda folder: None)  # it was not full yet
    with filled(disk, leave):
        try:
            small.publish(departments=many)
        except NotWritable as error:
            assert FULL in str(error)
    monkeypatch.undo()
    assert uploads[0].path.read_text() == many
    published = len(store.versions()) == 3
    assert numbers(store) == ((3001, 1) if published else (1, 1))
    if not published:
        assert data_files(store.settings.store) == before
        assert small.publish(departments=many).number == 3


def test_a_store_in_a_folder_that_can_only_be_read_is_read(small: Campaign) -> None:
    settings = small.store.settings
    small.store.close()
    AppDatabase(settings.store).close()
    with read_only(settings.store):
        store = Store(settings)
        assert numbers(store) == (1, 1)
        assert LOCKED in says(store)[0]
        with pytest.raises(NotWritable, match=LOCKED):
            Campaign(store, settings.store.parent).publish(departments=town("B"))
    assert Campaign(store, settings.store.parent).publish(departments=town("B")).number == 3
    assert says(store) == []
    store.close()


def test_people_and_notes_outlast_a_full_disk(small: Campaign, disk: Path) -> None:
    appdb, now = AppDatabase(small.store.settings.store), datetime(2026, 6, 30, tzinfo=UTC)
    appdb.activity.add(now, "ann", "publish", "version 1")
    with filled(disk):
        assert [event.actor for event in appdb.activity.events()] == ["ann"]
        appdb.activity.add(now, "bob", "export", "pledges")  # waits
        with pytest.raises(NotWritable, match=FULL):
            appdb.stage("ann", [], {}, now)
        second = AppDatabase(small.store.settings.store)
        assert [event.actor for event in second.activity.events()] == ["ann"]
        second.close()
    appdb.activity.add(now, "cleo", "export", "training")
    assert [event.actor for event in appdb.activity.events()] == ["cleo", "bob", "ann"]
    appdb.close()


def test_a_lost_catalog_leaves_what_is_in_memory_and_makes_no_new_one(small: Campaign) -> None:
    store, folder = small.store, small.store.settings.store
    assert numbers(store) == (1, 1)
    kept = {path: path.read_bytes() for path in folder.glob("catalog.sqlite*")}
    for path in kept:
        path.unlink()
    assert [item.number for item in store.versions()] == [1, 2]
    assert numbers(store) == (1, 1)
    assert "its catalog is missing. Restore it from a backup" in says(store)[0]
    with pytest.raises(Unreachable, match="its catalog is missing"):
        small.publish(departments=town("B"))
    with pytest.raises(Unreachable, match="its catalog is missing"):
        Store(Settings(store=folder))
    assert not list(folder.glob("catalog.sqlite*"))
    for path, content in kept.items():
        path.write_bytes(content)
    assert says(store) == []
    assert small.publish(departments=town("B")).number == 3


def test_a_damaged_catalog_leaves_what_is_in_memory(small: Campaign) -> None:
    store, catalog = small.store, small.store.settings.store / "catalog.sqlite"
    assert numbers(store) == (1, 1)
    content = catalog.read_bytes()
    catalog.write_bytes(b"no database" * 1000)
    assert [item.number for item in store.versions()] == [1, 2]
    assert numbers(store) == (1, 1)
    assert "its catalog is damaged" in says(store)[0]
    with pytest.raises(Unreachable, match="its catalog is damaged"):
        Store(Settings(store=catalog.parent))
    catalog.write_bytes(content)
    assert [item.number for item in store.versions()] == [1, 2]
    assert says(store) == []
