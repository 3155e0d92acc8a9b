"""A backup holds all that a store holds but what is fleeting; it is one plain file, or none."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from onemind import access, backup, runtime
from onemind.access import links
from onemind.access.sessions import begin, user_of
from onemind.access.signin import Browser, by_password
from onemind.appdb import PSEUDONYMS, AppDatabase
from onemind.backup import make
from onemind.backup.archive import pack, unpack
from onemind.campaign import contracts
from onemind.errors import NotPossibleNow, WrongUse
from onemind.settings import Settings
from onemind.store import Store, compact
from onemind.ui.base import visitor
from tests.backup.conftest import EMAIL, NOW, OUTLINES, PASSWORD, TOWN, Full, names, originals
from tests.conftest import Campaign
from tests.support.screens import screen, texts


def test_every_version_is_restored_as_it_was(full: Full, restored: Settings) -> None:
    with closing(Store(restored)) as store:
        assert store.versions() == full.store.versions()
        for number in (1, 2, 3, 4):
            assert names(store, number) == names(full.store, number)
        assert names(store, 1) == ["Lee", "Lynn"] and names(store, 3) == ["Lee", "Lynnfield"]
        assert [path.name for path in originals(store)] == [
            path.name for path in originals(full.store)
        ]
        assert {path.read_bytes() for path in originals(store)} == {
            path.read_bytes() for path in originals(full.store)
        }
    assert (restored.store / "boundaries" / "municipality-MA.geojson").read_bytes() == OUTLINES
    assert [path.name for path in (restored.store / "rules").iterdir()] == ["courses.toml"]


def test_a_restored_store_is_published_to_and_compacted(restored: Settings, tmp_path: Path) -> None:
    with closing(Store(restored)) as store:
        found = Campaign(store, tmp_path)
        assert found.publish(departments=f"{TOWN}D3,Lowell,municipal,MA\n").number == 5
        with store.cursor() as con:  # as in two days, when merged files are deleted
            con.execute("call ducklake_cleanup_old_files('lake', cleanup_all => true)")
        compact.compact(store)
        assert names(store, 5) == ["Lee", "Lowell", "Lynnfield"]
        assert names(store, 1) == ["Lee", "Lynn"]


def test_people_sign_in_again_links_work_and_pseudonyms_are_the_same(
    full: Full, restored: Settings
) -> None:
    with closing(AppDatabase(restored.store)) as appdb:
        visitors = access.Visitors(appdb, restored)
        assert user_of(appdb, full.session, datetime.now(UTC), visitors.limits) is None
        token = by_password(visitors, EMAIL, PASSWORD, Browser("", ""))
        user = user_of(appdb, token, datetime.now(UTC), visitors.limits)
        assert user and user.name == EMAIL
        link = links.known(appdb, full.token, "203.0.113.9", NOW)
        assert link and link.label == "State office"
        assert appdb.secrets.get(PSEUDONYMS) == full.secret
        assert [item.url for item in appdb.sources.all()] == ["https://data.example.org/a.csv"]
        assert appdb.readings.of(["Dept", "Day"])["columns"] == {"Dept": "department_id"}
        assert {"link made", "person added"} <= set(appdb.activity.actions())


def test_the_dashboard_shows_a_restored_store(
    restored: Settings, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(restored.store)
    appdb = runtime.appdb()
    token = begin(appdb, access.people.known(appdb, EMAIL), datetime.now(UTC))
    monkeypatch.setattr(visitor, "token", lambda: token)
    app = screen("pages/explore/departments.py")
    assert not app.exception
    assert {"Lee", "Lynnfield"} <= set(app.dataframe[0].value.astype(str).to_numpy().flatten())
    assert "State office" in " ".join(texts(screen("pages/admin/links.py")))


def test_what_is_fleeting_is_left_out_to_the_last_byte(full: Full, restored: Settings) -> None:
    with closing(AppDatabase(restored.store)) as appdb:
        assert appdb.staged() == []
    assert not (restored.store / "staged").exists()
    content = (restored.store / "state.sqlite").read_bytes()
    assert b"names.csv" not in content
    assert access.sessions.key_of(full.session).encode() not in content
    whole = b"".join(path.read_bytes() for path in restored.store.rglob("*") if path.is_file())
    assert b"Pat Doe" not in whole


def test_only_the_owner_may_read_a_backup_and_what_is_restored(
    full: Full, restored: Settings
) -> None:
    assert stat.S_IMODE(full.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(restored.store.stat().st_mode) == 0o700
    assert stat.S_IMODE((restored.store / "state.sqlite").stat().st_mode) == 0o600


def test_any_tool_opens_it_and_proves_it(full: Full, tmp_path: Path) -> None:
    with tarfile.open(full.file) as tar:
        listed = tar.getnames()
        tar.extractall(tmp_path, filter="data")
    assert listed[:2] == ["manifest.json", "manifest.json.sha256"]
    subprocess.run(
        ["sha256sum", "--check", "--strict", "manifest.json.sha256"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert len(manifest["files"]) == len(listed) - 2
    for entry in manifest["files"]:
        path = tmp_path / (entry["name"] + (".gz" if entry["packed"] else ""))
        content = gzip.decompress(path.read_bytes()) if entry["packed"] else path.read_bytes()
        assert (len(content), path.stat().st_size) == (entry["size"], entry["stored"])
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert {item["packed"] for item in manifest["files"] if item["name"][:5] == "data/"} == {False}
    assert any(item["packed"] for item in manifest["files"])


def test_the_list_has_the_numbers_of_every_version(full: Full) -> None:
    manifest = unpack.listed(full.file)
    assert [item.rows["departments"] for item in manifest.versions] == [2, 2, 2, 2]
    assert [item.rows["training"] for item in manifest.versions] == [0, 2, 2, 1]
    assert [item.version for item in manifest.versions] == [1, 2, 3, 4]
    assert set(manifest.versions[0].rows) == set(contracts())
    assert manifest.schema["training"] == list(contracts()["training"].columns)
    assert (manifest.newest, manifest.made_at) == (4, NOW)


def test_in_a_folder_it_is_named_by_the_moment_and_nothing_else_is_left(full: Full) -> None:
    assert [path.name for path in full.file.parent.iterdir()] == ["onemind-20261129T130500Z.tar"]


def test_nothing_is_ever_overwritten(full: Full, tmp_path: Path) -> None:
    before = full.file.read_bytes()
    for target in (full.file, full.file.parent):
        with pytest.raises(WrongUse, match="is there already"):
            backup.back_up(full.store, target, NOW)
    assert full.file.read_bytes() == before
    link = tmp_path / "link.tar"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(WrongUse, match="is there already"):
        backup.back_up(full.store, link, NOW)
    with pytest.raises(WrongUse, match="no folder"):
        backup.back_up(full.store, tmp_path / "no" / "such.tar", NOW)


def test_a_name_taken_at_the_last_moment_stays_whose_it_is(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, original = tmp_path / "b.tar", unpack.read

    def slow(path: Path) -> backup.Manifest:
        target.write_text("somebody else's")
        return original(path)

    monkeypatch.setattr(unpack, "read", slow)
    with pytest.raises(NotPossibleNow, match="File exists"):
        backup.back_up(full.store, target, NOW)
    assert target.read_text() == "somebody else's"


def test_what_does_not_read_back_is_no_backup(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = pack.write

    def faulty(file, sources, known):  # a disk that keeps something else
        manifest = original(file, sources, known)
        file.seek(-3000, 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
        return manifest

    monkeypatch.setattr(make, "write", faulty)
    with pytest.raises(NotPossibleNow, match=r"is damaged.*No backup was made"):
        backup.back_up(full.store, tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_store_that_can_not_be_read_whole_is_not_backed_up(empty: Campaign, fault: str) -> None:
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    (file,) = (empty.store.settings.store / "data").rglob("*.parquet")
    content = file.read_bytes()
    file.unlink()
    if fault == "damaged":
        file.write_bytes(content[:200] + bytes(len(content) - 300) + content[-100:])
    backups = empty.folder / "backups"
    backups.mkdir()
    with pytest.raises(NotPossibleNow, match="No backup was made"):
        backup.back_up(empty.store, backups, NOW)
    assert list(backups.iterdir()) == []


def test_an_empty_store_can_be_backed_up(empty: Campaign, tmp_path: Path) -> None:
    made = backup.back_up(empty.store, tmp_path / "none.tar", NOW)
    backup.restore(made.target, Settings(store=tmp_path / "again"))
    with closing(Store(Settings(store=tmp_path / "again"))) as store:
        assert store.versions() == ()


def test_only_compacting_waits_for_a_backup(
    empty: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    original, said = pack.write, []

    def meanwhile(file, sources, known):
        with pytest.raises(NotPossibleNow):
            compact.compact(empty.store, seconds=0.1)
        publish = Thread(
            target=lambda: said.append(
                empty.publish(departments=f"{TOWN}D2,Lynn,municipal,MA\n").number
            )
        )
        publish.start()
        publish.join(60)
        return original(file, sources, known)

    monkeypatch.setattr(make, "write", meanwhile)
    made = backup.back_up(empty.store, tmp_path / "b.tar", NOW)
    assert said == [2]
    assert made.manifest.newest == 1
    assert compact.compact(empty.store).after > 0


def test_it_goes_into_a_folder_that_is_new_or_empty(full: Full, tmp_path: Path) -> None:
    volume = tmp_path / "volume"  # as a container has it: there already, and not to be renamed
    volume.mkdir()
    backup.restore(full.file, Settings(store=volume))
    with closing(Store(Settings(store=volume))) as store:
        assert names(store, 4) == ["Lee", "Lynnfield"]
    assert not [path for path in volume.iterdir() if path.name.startswith(".")]
    with pytest.raises(NotPossibleNow, match="is in use"):
        backup.restore(full.file, Settings(store=volume))
    with pytest.raises(NotPossibleNow, match="is a file"):
        backup.restore(full.file, Settings(store=full.file))
    with pytest.raises(WrongUse, match="There is no backup"):
        backup.restore(tmp_path / "no.tar", Settings(store=tmp_path / "x"))
    assert {path.name for path in tmp_path.iterdir()} == {"volume"}


def test_a_second_backup_holds_what_came_since(empty: Campaign, tmp_path: Path) -> None:
    sizes = []
    for number in (1, 2):
        empty.publish(departments=f"{TOWN}D{number},Town {number},municipal,MA\n")
        made = backup.back_up(empty.store, tmp_path, NOW + timedelta(days=number))
        sizes.append(len(made.manifest.versions))
    assert sizes == [1, 2]
