"""Backups on a schedule: when one is due, by one process only, and told when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onemind import backup
from onemind.appdb import AppDatabase
from onemind.errors import WrongUse
from onemind.server.lifespan import back_up
from onemind.settings import Settings, load
from onemind.store import Store, sole
from tests.backup.conftest import NOW, TOWN
from tests.conftest import Campaign, campaigning
from tests.support.screens import screen, words
from tests.support.serving import serving

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACTIVITY, UPLOAD = "pages/admin/activity.py", "pages/publish/upload.py"


@dataclass
class Scheduled:
    """A store whose server makes backups, and the folder that they go into."""

    store: Store
    appdb: AppDatabase
    folder: Path

    def at(self, moment: datetime) -> backup.Backup | None:
        """Do what the server does at a moment."""
        return backup.on_schedule(self.store, self.appdb, moment)

    def standing(self, moment: datetime) -> backup.Standing:
        return backup.standing(self.store.settings, self.appdb, moment)


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[Scheduled]:
    folder = tmp_path / "backups"
    folder.mkdir()
    with (
        campaigning(tmp_path, backup=folder, backup_keep=((2, "d"),)) as found,
        closing(AppDatabase(tmp_path / "store")) as appdb,
    ):
        found.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
        yield Scheduled(found.store, appdb, folder)


def test_one_is_made_every_day_and_old_ones_are_removed(scheduled: Scheduled) -> None:
    assert backup.last_good_backup(scheduled.appdb) is None
    made = scheduled.at(NOW)
    assert made and made.place == scheduled.folder
    assert backup.last_good_backup(scheduled.appdb) == NOW
    assert scheduled.at(NOW + DAY - HOUR) is None
    assert scheduled.at(NOW + DAY) and scheduled.at(NOW + 2 * DAY)
    assert sorted(backup.own(scheduled.folder)) == [NOW + DAY, NOW + 2 * DAY]
    says = scheduled.standing(NOW + 2 * DAY)
    assert says.says.startswith("The last good backup was made on December 1, 2026, at 13:05 UTC")
    assert not says.is_bad


def test_one_made_by_hand_is_a_good_one_but_does_not_stand_in_for_the_schedule(
    scheduled: Scheduled, tmp_path: Path
) -> None:
    made = backup.back_up(scheduled.store, tmp_path / "hand.tar", NOW)
    backup.note(scheduled.appdb, made, "pat", NOW)
    assert backup.last_good_backup(scheduled.appdb) == NOW
    assert scheduled.at(NOW + HOUR)


def test_another_process_that_makes_one_is_left_alone(scheduled: Scheduled) -> None:
    with sole(scheduled.store.settings.store / "backup.lock") as is_mine:
        assert is_mine
        assert scheduled.at(NOW) is None
    assert scheduled.at(NOW)
    assert scheduled.at(NOW) is None, "it was made while the other one waited"


def test_a_failure_is_noted_told_and_tried_again_in_an_hour(scheduled: Scheduled) -> None:
    scheduled.at(NOW)
    scheduled.folder.rename(scheduled.folder.with_name("away"))
    assert scheduled.at(NOW + DAY) is None
    (event,) = scheduled.appdb.activity.events(("backup failed",))
    assert "There is no folder" in event.details["why"]
    says = scheduled.standing(NOW + DAY)
    assert says.is_bad
    assert says.says.startswith("The backup of November 30, 2026, at 13:05 UTC failed. There is no")
    assert says.says.endswith("The last good one was made on November 29, 2026, at 13:05 UTC.")
    assert backup.last_good_backup(scheduled.appdb) == NOW
    assert not backup.due(scheduled.store.settings, scheduled.appdb, NOW + DAY + HOUR / 2)
    assert not scheduled.folder.exists(), "a folder that is away is not made up"
    scheduled.at(NOW + DAY + HOUR)
    assert len(scheduled.appdb.activity.events(("backup failed",))) == 2
    scheduled.folder.mkdir()
    assert scheduled.at(NOW + DAY + 2 * HOUR)
    assert not scheduled.standing(NOW + DAY + 2 * HOUR).is_bad


def test_one_that_is_overdue_is_told(scheduled: Scheduled) -> None:
    scheduled.at(NOW)
    assert not scheduled.standing(NOW + 2 * DAY).is_bad
    says = scheduled.standing(NOW + 5 * DAY)
    assert says.is_bad and "is 5 days old" in says.says


def test_another_folder_begins_anew(scheduled: Scheduled, tmp_path: Path) -> None:
    scheduled.at(NOW)
    other = replace(scheduled.store.settings, backup=tmp_path)
    assert backup.due(other, scheduled.appdb, NOW)
    assert not backup.due(replace(other, backup=None), scheduled.appdb, NOW + 9 * DAY)


def test_nothing_that_goes_wrong_ends_the_thread_that_looks_after_the_store(
    scheduled: Scheduled, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full_disk() -> AppDatabase:
        raise RuntimeError("database or disk is full")

    monkeypatch.setattr("onemind.runtime.appdb", full_disk)
    back_up(scheduled.store)
    assert "The backup failed: database or disk is full" in caplog.text


def test_the_settings_are_read(tmp_path: Path) -> None:
    found = load({"ONEMIND_BACKUP": str(tmp_path), "ONEMIND_BACKUP_EVERY": "12h",
                  "ONEMIND_BACKUP_KEEP": "3d"})  # fmt: skip
    assert found == replace(Settings(), backup=tmp_path, backup_every=timedelta(hours=12),
                            backup_keep=((3, "d"),))  # fmt: skip


@pytest.mark.parametrize("text", ["0h", "12", "daily", "1w", "-1d"])
def test_a_span_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match=r"ONEMIND_BACKUP_EVERY is .*12h or 1d"):
        load({"ONEMIND_BACKUP_EVERY": text})


def test_a_server_makes_one_by_itself(campaign: Callable[..., Campaign], monkeypatch) -> None:
    made = campaign(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    folder = made.folder / "backups"
    folder.mkdir()
    monkeypatch.setenv("ONEMIND_BACKUP", str(folder))
    until = time.monotonic() + 120
    with serving(made.store.settings.store):
        while not backup.own(folder) and time.monotonic() < until:
            time.sleep(0.2)
    (name,) = backup.own(folder).values()
    backup.restore(folder / name, Settings(store=made.folder / "restored"))


def test_the_activity_page_says_when_the_last_one_was_made(
    tmp_path: Path, look_at: Callable[[Path], None]
) -> None:
    look_at(tmp_path / "store")
    said = words(screen(ACTIVITY))
    assert "No backup has been made. Set ONEMIND_BACKUP to a folder on another disk" in said
    with closing(AppDatabase(tmp_path / "store")) as appdb:
        details = {"folder": "/mnt/backups", "version": 3}
        appdb.activity.add(NOW, "schedule", "backup", "onemind-1.tar", "", details)
        said = words(screen(ACTIVITY))
        assert "made on November 29, 2026, at 13:05 UTC: onemind-1.tar in /mnt/backups" in said
        assert screen(UPLOAD).warning == []
        why = {"why": "The disk is full.", "folder": "/mnt/backups"}
        appdb.activity.add(NOW + DAY, "schedule", "backup failed", "/mnt/backups", "", why)
    for page in (ACTIVITY, UPLOAD):
        app = screen(page)
        assert len(app.warning) == 1
        assert "failed. The disk is full. The last good one was made on" in words(app)
