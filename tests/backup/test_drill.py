"""The drill and the commands: what they say, and with what they end."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from onemind import backup, cli
from onemind.appdb import AppDatabase
from onemind.settings import Settings
from onemind.store import Store
from tests.backup.conftest import NOW, ROW, RULES, TOWN, Full
from tests.backup.test_archives import other_bytes, other_numbers
from tests.conftest import TODAY, Campaign
from tests.support.archives import changed


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a temporary folder of its own, to see that nothing is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_all_numbers_are_compared_with_the_running_store(full: Full, temporary: Path) -> None:
    result = backup.drill(full.file, full.store, TODAY)
    assert (result.versions, result.counts, result.shared) == (4, 36, 4)
    assert result.metrics > 20 and result.differences == ()
    assert result.says().startswith("onemind-20261129T130500Z.tar was restored and compared in ")
    assert "4 versions, 36 row counts as the backup lists them; 4 versions and" in result.says()
    assert list(temporary.iterdir()) == []


def test_a_store_that_has_gone_on_is_compared_as_it_was(empty: Campaign, tmp_path: Path) -> None:
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    made = backup.back_up(empty.store, tmp_path / "b.tar", NOW)
    empty.publish(departments=f"{TOWN}D2,Lynn,municipal,MA\n")
    result = backup.drill(made.target, empty.store, TODAY)
    assert (result.versions, result.shared, result.differences) == (1, 1, ())


def test_another_store_is_compared_with_nothing(full: Full, empty: Campaign) -> None:
    assert backup.drill(full.file, empty.store, TODAY).shared == 0
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    result = backup.drill(full.file, empty.store, TODAY)
    assert result.shared == 0
    assert "no version to compare them with" in result.says()


def test_a_store_that_went_another_way_differs(empty: Campaign, tmp_path: Path) -> None:
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    shutil.copytree(empty.store.settings.store, tmp_path / "copy")
    empty.publish(departments=f"{TOWN}D2,Lynn,municipal,MA\n")
    made = backup.back_up(empty.store, tmp_path / "b.tar", NOW)
    with closing(Store(Settings(store=tmp_path / "copy"))) as store:
        result = backup.drill(made.target, store, TODAY)
        assert "It has 1 versions instead of 2." in result.differences
        Campaign(store, tmp_path).publish(departments=f"{TOWN}D3,Lowell,municipal,MA\n")
        result = backup.drill(made.target, store, TODAY)
    assert "Version 2 is another one." in result.differences
    assert "differs from the running store. Version 2" in result.says()


def test_a_metric_that_another_rule_counts_otherwise_differs(
    empty: Campaign, tmp_path: Path
) -> None:
    empty.publish(
        departments="department_id,name,type,state,sworn_officers\nD1,Lee,municipal,MA,2\n",
        pledges="department_id,pledged_on\nD1,2024-11-20\n",
        training=f"{ROW}D1,A-1,MHFA,2025-12-31\nD1,A-2,MHFA,2025-12-31\n",
    )
    made = backup.back_up(empty.store, tmp_path / "b.tar", NOW)
    rules = tmp_path / "rules"
    rules.mkdir()
    text = (RULES / "courses.toml").read_text()
    (rules / "courses.toml").write_text(text.replace("valid_months = 36", "valid_months = 1"))
    chosen = Settings(store=empty.store.settings.store, rules=rules)
    with closing(Store(chosen)) as store:
        result = backup.drill(made.target, store, TODAY)
    assert any(" of version 1 is " in sentence for sentence in result.differences)


def test_the_commands_from_backup_to_drill(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, temporary: Path
) -> None:
    place = tmp_path / "store"
    backup.restore(full.file, Settings(store=place))
    monkeypatch.setenv("ONEMIND_STORE", str(place))
    folder = tmp_path / "backups"
    folder.mkdir()
    assert cli.main(["drill", str(folder)]) == 3
    assert "There is no backup in" in capsys.readouterr().err
    assert cli.main(["backup", str(folder), "--keep", "7d", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["versions"], said["removed"]) == (4, [])
    assert cli.main(["backup", said["file"]]) == 2
    assert cli.main(["backup", str(tmp_path / "b.tar"), "--keep", "7d"]) == 2
    assert cli.main(["backup", str(folder), "--keep", "seven"]) == 2
    assert cli.main(["backup", str(tmp_path / "not-mounted")]) == 2
    assert not (tmp_path / "not-mounted").exists(), "a folder that is away is not a file's name"
    capsys.readouterr()
    assert cli.main(["drill", str(folder)]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert cli.main(["restore-backup", said["file"]]) == 3, "the store is in use"
    assert cli.main(["restore-backup", said["file"], "--to", str(tmp_path / "new")]) == 0
    assert "People sign in again" in capsys.readouterr().out
    assert list(temporary.iterdir()) == []
    with closing(AppDatabase(place)) as appdb:
        assert "drill" in appdb.activity.actions()
        (event,) = appdb.activity.events(("backup",))
        assert event.ip == "command line" and event.subject == Path(said["file"]).name


@pytest.mark.parametrize("change", [other_bytes, other_numbers])
def test_a_bad_backup_ends_drill_and_restore_with_one(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, change, temporary: Path
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(full.store.settings.store))
    file = changed(full.file, tmp_path / "b.tar", change)
    assert cli.main(["drill", str(file)]) == 1
    assert cli.main(["restore-backup", str(file), "--to", str(tmp_path / "new")]) == 1
    assert "Nothing was restored." in capsys.readouterr().err
    assert not (tmp_path / "new").exists() and list(temporary.iterdir()) == []


def test_a_failed_backup_by_hand_is_noted(
    empty: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.publish(departments=f"{TOWN}D1,Lee,municipal,MA\n")
    place = empty.store.settings.store
    (file,) = (place / "data").rglob("*.parquet")
    file.unlink()
    monkeypatch.setenv("ONEMIND_STORE", str(place))
    assert cli.main(["backup", str(tmp_path / "b.tar")]) == 3
    with closing(AppDatabase(place)) as appdb:
        (event,) = appdb.activity.events(("backup failed",))
    assert "No backup was made" in event.details["why"]
