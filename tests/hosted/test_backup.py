"""A hosted store is backed up into the same file as one in a folder, and restored from it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from onemind import backup, migration
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.files import files_of
from onemind.store import Store
from tests.conftest import Campaign
from tests.hosted.test_replicas import PLEDGE, TOWN, training

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
    backup.restore(made.path, there)
    with closing(Store(there)) as store, closing(AppDatabase(there.state)) as appdb:
        assert list(migration.differences(one.store, store, lambda _: None)) == []
        assert appdb.secrets.get(PSEUDONYMS) == secret
    assert (there.store / "boundaries" / "municipality-MA.geojson").read_bytes() == body
    drilled = backup.drill(made.path, one.store, date(2026, 6, 30))
    assert (drilled.shared, drilled.differences) == (2, ())


def test_the_next_backup_copies_only_what_came_since(replica: Replica, tmp_path: Path) -> None:
    one = replica("one")
    one.publish(departments=TOWN)
    backup.back_up(one.store, tmp_path / "a.tar", NOW)
    first = set((one.store.settings.store / "mirror").rglob("*.parquet"))
    one.publish(training=training("1"))
    made = backup.back_up(one.store, tmp_path / "b.tar", NOW + timedelta(days=1))
    assert len(made.manifest.versions) == 2
    assert first < set((one.store.settings.store / "mirror").rglob("*.parquet"))


def test_a_copy_of_another_campaign_is_made_anew(replica: Replica, tmp_path: Path) -> None:
    one = replica("one")
    one.publish(departments=TOWN)
    other = one.store.settings.alone(one.store.settings.store / "mirror")
    with closing(Store(other)) as store:
        Campaign(store, one.folder).publish(departments=TOWN.replace("Avon", "Bolton"))
    made = backup.back_up(one.store, tmp_path / "a.tar", NOW)
    there = one.store.settings.alone(tmp_path / "back")
    backup.restore(made.path, there)
    with closing(Store(there)) as store:
        assert list(migration.differences(one.store, store, lambda _: None)) == []
