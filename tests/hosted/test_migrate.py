"""A campaign moves to another place and back: all versions, files and people, every number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import migration
from onemind.appdb import PSEUDONYMS, AppDatabase, Person
from onemind.errors import NotPossibleNow, WrongUse
from onemind.files import files_of
from onemind.settings import ROOT, Settings
from onemind.store import Store, publish
from tests.conftest import Campaign, campaigning
from tests.hosted.test_replicas import PLEDGE, TOWN, training
from tests.support.servers import PostgreSQL, Storage


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Campaign]:
    """An embedded store with a few versions, an outline, a waiting upload and people."""
    with campaigning(tmp_path / "from") as made:
        made.folder.mkdir(exist_ok=True)
        made.publish(departments=TOWN)
        made.publish(pledges=PLEDGE, training=training("1", "2"))
        made.publish(training=training("1"), mode="replace", allow_shrink=True)
        publish.restore(made.store, 2, "Pat", "back")
        body = b'{"type":"FeatureCollection","source":"x","features":[]}'
        files_of(made.store.settings, "boundaries").put("municipality-MA.geojson", body)
        files_of(made.store.settings, "staged").put("abc", b"waits")
        with closing(AppDatabase(made.store.settings.state)) as appdb:
            now = datetime.now(UTC)
            appdb.people.add(person("pat@example.org", now))
            appdb.activity.add(now, "pat", "publish", "version 1", "here", {})
            appdb.stage("pat", [{"name": "a.csv", "sha256": "abc"}], {}, now)
            appdb.secrets.get(PSEUDONYMS)
        yield made


@pytest.fixture
def place(tmp_path: Path, postgres: PostgreSQL, s3: Storage) -> Settings:
    """A hosted place that nothing is in yet."""
    return Settings(
        store=tmp_path / "scratch", catalog=postgres.address(postgres.database()),
        bucket=s3.bucket(),
    )  # fmt: skip


@pytest.fixture
def there(place: Settings) -> Iterator[Store]:
    store = Store(place)
    yield store
    store.close()


@pytest.fixture
def aside(tmp_path: Path) -> Iterator[Store]:
    """Another place, in a folder: how a move goes on or is refused is the same everywhere."""
    store = Store(Settings(store=tmp_path / "aside"))
    yield store
    store.close()


def person(email: str, now: datetime) -> Person:
    return Person(email[:3], email, "staff", None, None, "root", now, None)


def quiet(_: str) -> None:
    pass


def test_there_and_back_every_number_is_the_same(
    full: Campaign, there: Store, tmp_path: Path
) -> None:
    done = migration.move(full.store, there, quiet)
    assert done.versions == 4
    assert done.files == 6  # four originals, an outline and a waiting upload
    again = Store(Settings(store=tmp_path / "back"))
    try:
        migration.move(there, again, quiet)
        assert list(migration.differences(full.store, again, quiet)) == []
        assert [item.record() for item in again.versions()] == [
            item.record() for item in full.store.versions()
        ]
        with (
            closing(AppDatabase(again.settings.state)) as appdb,
            closing(AppDatabase(full.store.settings.state)) as old,
        ):
            assert appdb.secrets.get(PSEUDONYMS) == old.secrets.get(PSEUDONYMS)
            assert appdb.people.all() == old.people.all()
            appdb.activity.add(datetime.now(UTC), "pat", "x", "y", "here", {})
        [staged] = [files_of(again.settings, "staged").path("abc").read_bytes()]
        assert staged == b"waits"
    finally:
        again.close()


def test_one_that_was_stopped_goes_on(full: Campaign, aside: Store) -> None:
    said: list[str] = []

    def stop(text: str) -> None:
        said.append(text)
        if "version 3" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migration.copy(full.store, aside, stop)
    assert len(aside.versions()) == 2
    said.clear()
    assert migration.copy(full.store, aside, said.append).versions == 4
    assert [text for text in said if text.startswith("Copying version")] == [
        "Copying version 3 of 4", "Copying version 4 of 4",
    ]  # fmt: skip
    assert migration.move(full.store, aside, quiet).versions == 4  # and once more is fine


def test_a_place_that_holds_something_else_is_refused(
    full: Campaign, aside: Store, tmp_path: Path
) -> None:
    Campaign(aside, tmp_path).publish(departments=TOWN.replace("Avon", "Bolton"))
    with pytest.raises(WrongUse, match="Choose an empty database or folder"):
        migration.move(full.store, aside, quiet)


def test_state_that_is_there_is_not_overwritten(full: Campaign, there: Store) -> None:
    with closing(AppDatabase(there.settings.state)) as appdb:
        appdb.people.add(person("b@example.org", datetime.now(UTC)))
    with pytest.raises(WrongUse, match="The target holds people already"):
        migration.move(full.store, there, quiet)


def test_a_copy_that_differs_is_not_called_done(
    full: Campaign, aside: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migration.move.__globals__["copy_version"]

    def wrong(source: Store, target: Store, version: object, before: object) -> None:
        real(source, target, version, before)
        if len(target.versions()) == 2:
            with target.cursor() as con:
                con.execute("update lake.departments set name = 'Bolton'")

    monkeypatch.setitem(migration.move.__globals__, "copy_version", wrong)
    with pytest.raises(NotPossibleNow, match="The copy differs"):
        migration.move(full.store, aside, quiet)


@pytest.mark.long
@pytest.mark.parametrize("kills", [30])
def test_killed_at_any_moment_it_is_whole_in_the_end(
    full: Campaign, place: Settings, kills: int
) -> None:
    assert place.bucket
    env = {
        **os.environ, "ONEMIND_STORE": str(full.store.settings.store), "CI": "",
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": place.bucket.endpoint,
    }  # fmt: skip
    command = [
        sys.executable, "-m", "onemind", "migrate", "--to", place.catalog,
        "--data", place.bucket.address,
    ]  # fmt: skip
    begun = time.monotonic()
    subprocess.run([*command, "--help"], cwd=ROOT, env=env, check=True, capture_output=True)
    start = time.monotonic() - begun
    for number in range(kills):
        process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
        time.sleep(start * (1 + 4 * number / kills))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "every number is the same" in done.stdout
    store = Store(replace(place))
    try:
        assert list(migration.differences(full.store, store, quiet)) == []
    finally:
        store.close()
