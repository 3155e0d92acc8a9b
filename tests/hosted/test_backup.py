"""A hosted store is backed up into the same file as one in a folder, and restored from it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from onemind import backup, migration
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.errors import NotPossibleNow, WrongUse
from onemind.files import BucketFiles, files_of
from onemind.settings import Settings
from onemind.store import Store
from tests.conftest import Campaign, campaigning
from tests.hosted.test_replicas import PLEDGE, TOWN, training
from tests.support.wire import Wire

Replica = Callable[[str], Campaign]
NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


def test_a_backup_of_a_hosted_store_is_restored_and_every_number_is_the_same(
    replica: Replica, tmp_path: Path
) -> None:
    one = replica("one")
    one.publish(departments=TOWN, pledges=PLEDGE)
    one.publish(training=training("1"))
    with closing(AppDatabase(one.store.settings.state)) as appdb:
        secret = appdb.secrets.get(PSEUDONYMS)
    body = b'{"type":"FeatureCollection","source":"x","features":[]}'
    files_of(one.store.settings, "boundaries").put("municipality-MA.geojson", body)
    made = backup.back_up(one.store, tmp_path / "a.tar", NOW)
    assert len(made.manifest.versions) == 2
    there = one.store.settings.alone(tmp_path / "back")
    backup.restore(made.target, there)
    with closing(Store(there)) as store, closing(AppDatabase(there.state)) as appdb:
        assert list(migration.differences(one.store, store, lambda _: None)) == []
        assert appdb.secrets.get(PSEUDONYMS) == secret
    assert (there.store / "boundaries" / "municipality-MA.geojson").read_bytes() == body
    drilled = backup.drill(made.target, one.store, date(2026, 6, 30))
    assert (drilled.shared, drilled.differences) == (2, ())


@pytest.mark.long
def test_the_next_backup_copies_only_what_came_since(replica: Replica, tmp_path: Path) -> None:
    one = replica("one")
    one.publish(departments=TOWN)
    backup.back_up(one.store, tmp_path / "a.tar", NOW)
    first = set((one.store.settings.store / "mirror").rglob("*.parquet"))
    one.publish(training=training("1"))
    made = backup.back_up(one.store, tmp_path / "b.tar", NOW + timedelta(days=1))
    assert len(made.manifest.versions) == 2
    assert first < set((one.store.settings.store / "mirror").rglob("*.parquet"))


@pytest.mark.long
def test_a_copy_of_another_campaign_is_made_anew(replica: Replica, tmp_path: Path) -> None:
    one = replica("one")
    one.publish(departments=TOWN)
    other = one.store.settings.alone(one.store.settings.store / "mirror")
    with closing(Store(other)) as store:
        Campaign(store, one.folder).publish(departments=TOWN.replace("Avon", "Bolton"))
    made = backup.back_up(one.store, tmp_path / "a.tar", NOW)
    there = one.store.settings.alone(tmp_path / "back")
    backup.restore(made.target, there)
    with closing(Store(there)) as store:
        assert list(migration.differences(one.store, store, lambda _: None)) == []


def test_backups_in_a_bucket_are_kept_drilled_and_restored(
    replica: Replica, hosted: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hosted.bucket
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "onemind-20261129T030000Z.tar").write_bytes(b"somebody's own")
    one, place = replica("one"), replace(hosted.bucket, prefix="backups")
    one.publish(departments=TOWN)
    made = [backup.back_up(one.store, place, NOW + timedelta(days=day)) for day in range(3)]
    assert str(made[0].target) == f"{place}/onemind-20261129T030000Z.tar"
    assert list(backup.own(place)) == [item.manifest.made_at for item in made]
    assert backup.prune(made[-1], NOW + timedelta(days=2), ((2, "d"),)) == [made[0].name]
    assert sorted(backup.own(place).values()) == [item.name for item in made[1:]]
    assert (tmp_path / made[0].name).read_bytes() == b"somebody's own"
    with pytest.raises(WrongUse, match="is there already"):
        backup.back_up(one.store, made[1].target, NOW)
    drilled = backup.drill(place, one.store, date(2026, 6, 30))
    assert (drilled.name, drilled.shared, drilled.differences) == (made[2].name, 1, ())
    backup.restore(made[1].target, one.store.settings.alone(tmp_path / "back"))
    with closing(Store(one.store.settings.alone(tmp_path / "back"))) as store:
        assert list(migration.differences(one.store, store, lambda _: None)) == []


def test_what_is_no_backup_in_a_bucket_is_none(replica: Replica, hosted: Settings) -> None:
    assert hosted.bucket
    one, place = replica("one"), replace(hosted.bucket, prefix="backups")
    one.publish(departments=TOWN)
    files = BucketFiles(place)
    files.put("onemind-20261129T030000Z.tar", b"nothing" * 1000)
    files.put("notes.txt", b"about them")
    assert backup.own(place) == {}
    with pytest.raises(NotPossibleNow, match=f"There is no backup in {place}"):
        backup.drill(place, one.store, date(2026, 6, 30))
    with pytest.raises(WrongUse, match="There is no backup"):
        backup.drill(replace(place, prefix="backups/a.tar"), one.store, date(2026, 6, 30))
    made = backup.back_up(one.store, place, NOW + timedelta(days=1))
    whole = files.part(made.name, 0, made.size)
    files.put(made.name, whole[:-600])
    assert backup.own(place) == {}


def test_the_schedule_says_when_a_bucket_of_backups_is_gone(
    replica: Replica, hosted: Settings, to_s3: Wire, tmp_path: Path
) -> None:
    assert hosted.bucket
    elsewhere = replace(hosted.bucket, prefix="backups")
    with campaigning(tmp_path / "here", backup=elsewhere) as found:
        found.publish(departments=TOWN)
        with closing(AppDatabase(found.store.settings.state)) as appdb:
            to_s3.cut()
            assert backup.on_schedule(found.store, appdb, NOW) is None
            says = backup.standing(found.store.settings, appdb, NOW)
            assert says.is_bad and f"The bucket {elsewhere.name} can't be reached" in says.says
            to_s3.mend()
            made = backup.on_schedule(found.store, appdb, NOW + timedelta(hours=2))
            assert made and backup.own(elsewhere) == {made.manifest.made_at: made.name}
