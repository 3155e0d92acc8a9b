"""Every publish is a version: who, why, how much; each can be read again, and gone back to."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onemind import exports, ingest, metrics
from onemind.contract import DATASETS, contracts
from onemind.diff import Diff
from onemind.errors import NothingChanged, NotPossibleNow, VersionMoved, WrongUse
from onemind.filters import Filter
from onemind.settings import ROOT, Settings
from onemind.store import VERSIONS_IN_MEMORY, Store
from onemind.store_lock import publish_lock
from onemind.store_publish import commit, compare_versions, restore
from tests.conftest import TODAY, Campaign

HEADER = "department_id,name,type,state\n"
VERSIONS = VERSIONS_IN_MEMORY + 3
AVON = HEADER + "A,Avon Police,municipal,MA\n"
BATH = HEADER + "B,Bath Police,municipal,ME\n"
PLEDGES = "department_id,pledged_on\nA,2017-09-20\n"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store whose version n has n departments and n - 1 pledges. For reading only."""
    folder = tmp_path_factory.mktemp("history")
    store = Store(Settings(store=folder / "store"))
    found = Campaign(store, folder)
    for number in range(1, VERSIONS + 1):
        files = {"departments": f"{HEADER}D{number},Town {number},municipal,MA\n"}
        if number > 1:
            files["pledges"] = f"department_id,pledged_on\nD{number - 1},2017-09-20\n"
        found.publish(f"version {number}", **files)
    yield found
    store.close()


def content(store: Store, version: int | None = None) -> dict[str, Any]:
    return {name: exports.dataset(store, name, version).rows for name in DATASETS}


def count(store: Store, version: int | None, *datasets: str) -> tuple[int, ...]:
    """Count rows inside one reading."""
    with store.reading(version, datasets) as con:
        found = [con.execute(f"select count(*) from {name}").fetchone() for name in datasets]
    return tuple(row[0] for row in found if row)


# --- publishing -----------------------------------------------------------------------------------


def test_an_empty_store_has_no_versions_and_empty_datasets(empty: Campaign):
    assert empty.store.versions() == ()
    assert empty.store.current() is None
    assert not any(content(empty.store).values())


def test_several_datasets_are_published_as_one_version(empty: Campaign):
    began = datetime.now(UTC) - timedelta(seconds=1)
    version = empty.publish("first data", departments=AVON, pledges=PLEDGES)
    assert empty.store.versions() == (version,)
    assert (version.number, version.author, version.message) == (1, "tester", "first data")
    assert version.counts == {
        "departments": {"added": 1, "changed": 0, "removed": 0},
        "pledges": {"added": 1, "changed": 0, "removed": 0},
    }
    assert (version.mode, version.sample, version.restored) == ("update", False, None)
    assert [(file["name"], file["dataset"]) for file in version.files] == [
        ("departments.csv", "departments"),
        ("pledges.csv", "pledges"),
    ]
    assert began <= version.published_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_a_store_opened_again_knows_its_versions(empty: Campaign):
    message = 'It\'s "quoted", ünïcode, {"version":7} and a\nline'
    made = empty.publish(message, departments=AVON)
    empty.store.close()
    again = Store(empty.store.settings)
    versions, rows = again.versions(), content(again)
    again.close()
    assert versions == (made,)
    assert versions[0].message == message
    assert len(rows["departments"]) == 1


def test_counts_say_what_was_added_changed_and_removed(empty: Campaign):
    empty.publish(departments=HEADER + "A,Avon,municipal,MA\nB,Bath,municipal,ME\n")
    version = empty.publish(
        mode="replace",
        allow_shrink=True,
        departments=HEADER + "A,Avon Police,municipal,MA\nC,Cary,municipal,ME\n",
    )
    assert version.counts == {"departments": {"added": 1, "changed": 1, "removed": 1}}
    assert version.mode == "replace"
    assert [row[0] for row in content(empty.store)["departments"]] == ["A", "C"]


def test_publishing_what_is_there_makes_no_version_and_says_so(empty: Campaign):
    empty.publish(departments=AVON)
    with pytest.raises(NothingChanged, match="version 1 already holds all of this") as same:
        empty.publish(departments=AVON)
    assert same.value.current == 1
    assert len(empty.store.versions()) == 1


def test_a_version_as_json_is_called_version_and_hides_the_snapshot(history: Campaign):
    version = history.store.version(2)
    assert version is not None
    record = version.record()
    assert record["version"] == 2
    assert record["counts"]["pledges"] == {"added": 1, "changed": 0, "removed": 0}
    assert "snapshot" not in record and "number" not in record


# --- somebody else publishes meanwhile ------------------------------------------------------------


def test_a_draft_against_a_stale_version_writes_nothing(empty: Campaign):
    empty.publish(departments=AVON)
    uploads = empty.uploads(departments=BATH)
    with ingest.draft(empty.store, uploads, empty.options()) as (made, con):
        empty.publish("meanwhile", pledges=PLEDGES)
        with pytest.raises(VersionMoved, match="published version 2 meanwhile") as moved:
            commit(empty.store, con, list(made.deltas), made.base, "late", "late")
    assert moved.value.current == 2
    assert [item.message for item in empty.store.versions()] == ["test", "meanwhile"]
    assert [row[0] for row in content(empty.store)["departments"]] == ["A"]


def test_a_first_draft_is_stale_too_once_somebody_has_published(empty: Campaign):
    uploads = empty.uploads(departments=BATH)
    with ingest.draft(empty.store, uploads, empty.options()) as (made, con):
        empty.publish(departments=AVON)
        with pytest.raises(VersionMoved):
            commit(empty.store, con, list(made.deltas), made.base, "late", "late")
    assert len(empty.store.versions()) == 1


def test_an_empty_draft_against_a_stale_version_does_not_claim_that_nothing_changed(
    empty: Campaign,
):
    empty.publish(departments=AVON)
    with ingest.draft(empty.store, empty.uploads(departments=AVON), empty.options()) as lent:
        made, con = lent
        empty.publish(departments=AVON.replace("Police", "Town"))
        with pytest.raises(VersionMoved):
            commit(empty.store, con, list(made.deltas), made.base, "late", "late")


def test_two_people_publishing_at_once_both_get_their_version(empty: Campaign):
    empty.publish(departments=AVON)

    def publish(letter: str) -> int:
        path = empty.folder / f"{letter}.csv"
        path.write_text(f"{HEADER}{letter},{letter},municipal,MA\n")
        uploads = [ingest.Upload(path, path.name)]
        return ingest.publish(empty.store, uploads, empty.options(), letter, letter)[0].number

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(publish, "XY"))
    assert sorted(numbers) == [2, 3]
    assert [row[0] for row in content(empty.store)["departments"]] == ["A", "X", "Y"]


def test_while_another_publish_holds_the_lock_the_wait_has_an_end(tmp_path: Path):
    with (
        publish_lock(tmp_path),
        pytest.raises(NotPossibleNow, match="Nothing of yours was published"),
        publish_lock(tmp_path, seconds=0.1),
    ):
        pass


# --- reading --------------------------------------------------------------------------------------


def test_a_version_can_be_read_again(history: Campaign):
    assert count(history.store, 1, "departments", "pledges") == (1, 0)
    assert count(history.store, 3, "departments", "pledges") == (3, 2)
    assert count(history.store, None, "departments", "pledges") == (VERSIONS, VERSIONS - 1)


def test_more_versions_than_are_kept_in_memory_are_read_in_turn_and_again(history: Campaign):
    for number in [*range(1, VERSIONS + 1), *range(1, VERSIONS + 1), VERSIONS, 1]:
        assert count(history.store, number, "departments") == (number,)
        assert count(history.store, number, "pledges", "departments") == (number - 1, number)


def test_versions_are_read_from_several_threads_at_once(history: Campaign):
    numbers = [number for number in range(1, VERSIONS + 1) for _ in range(4)]
    random.Random(7).shuffle(numbers)

    def read(number: int) -> bool:
        chosen = Filter(as_of=TODAY, version=number)
        rows = metrics.progress(history.store, chosen, TODAY).records()
        pledged = [row for row in rows if row["pledged_on"]]
        return (len(rows), len(pledged)) == (number, number - 1)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, numbers))


def test_a_reading_keeps_its_version_while_others_publish_and_read(empty: Campaign):
    empty.publish(departments=AVON)
    with empty.store.reading(None, ["departments"]) as con:
        for number in range(VERSIONS_IN_MEMORY + 1):
            empty.publish(departments=f"{HEADER}N{number},N,municipal,MA\n")
            assert count(empty.store, None, "departments") == (number + 2,)
        assert con.execute("select department_id from departments").fetchall() == [("A",)]


def test_only_the_datasets_asked_for_are_lent(history: Campaign):
    with (
        history.store.reading(1, ["departments"]) as con,
        pytest.raises(history.store.database_error),
    ):
        con.execute("from outcomes")


@pytest.mark.parametrize("number", [0, -1, VERSIONS + 1])
def test_a_version_that_does_not_exist_is_named_with_the_newest(history: Campaign, number: int):
    with (
        pytest.raises(WrongUse, match=f"There is no version {number}. The newest is {VERSIONS}."),
        history.store.reading(number, ["departments"]),
    ):
        pass


def test_while_nothing_is_published_no_version_is_called_the_newest(empty: Campaign):
    with pytest.raises(WrongUse, match="no version 1") as refusal:
        empty.store.version(1)
    assert "newest is 0" not in str(refusal.value)


# --- comparing and going back ---------------------------------------------------------------------


def test_two_versions_are_compared_dataset_by_dataset(history: Campaign):
    departments, pledges = compare_versions(history.store, 2, 4)
    assert (departments.dataset, departments.added, departments.before) == ("departments", 2, 2)
    assert (pledges.dataset, pledges.added, pledges.changed, pledges.removed) == (
        "pledges",
        2,
        0,
        0,
    )
    assert [change.key for change in departments.changes] == [
        {"department_id": "D3"},
        {"department_id": "D4"},
    ]


def test_compared_backwards_what_was_added_is_removed(history: Campaign):
    assert [diff.counts() for diff in compare_versions(history.store, 4, 2)] == [
        {"added": 0, "changed": 0, "removed": 2}
    ] * 2


def test_a_version_does_not_differ_from_itself(history: Campaign):
    assert compare_versions(history.store, 3, 3) == []


def test_a_change_shows_the_old_and_the_new_value_of_what_differs(empty: Campaign):
    empty.publish(departments=AVON)
    empty.publish(departments=AVON.replace("Police", "Town"))
    [diff] = compare_versions(empty.store, 1, 2)
    assert isinstance(diff, Diff)
    [change] = diff.changes
    assert (change.kind, change.key) == ("changed", {"department_id": "A"})
    assert (change.before, change.after) == ({"name": "Avon Police"}, {"name": "Avon Town"})


def test_restoring_makes_a_new_version_equal_to_the_old_one(empty: Campaign):
    empty.publish(departments=AVON, pledges=PLEDGES)
    empty.publish(departments=BATH + "A,Avon Town,campus,MA\n")
    empty.publish(pledges="department_id,pledged_on\nB,2018-01-01\n")
    version = restore(empty.store, 1, "pat", "the upload was wrong")
    assert (version.number, version.author) == (4, "pat")
    assert (version.message, version.mode, version.restored) == (
        "the upload was wrong",
        "restore",
        1,
    )
    assert version.counts == {
        "departments": {"added": 0, "changed": 1, "removed": 1},
        "pledges": {"added": 0, "changed": 0, "removed": 1},
    }
    assert content(empty.store) == content(empty.store, 1) == content(empty.store, 4)
    assert len(content(empty.store, 3)["pledges"]) == 2, "history stays"


def test_a_restore_can_be_undone_by_a_restore(empty: Campaign):
    empty.publish(departments=AVON)
    empty.publish(departments=BATH)
    restore(empty.store, 1, "pat", "back")
    restore(empty.store, 2, "pat", "forth")
    assert content(empty.store) == content(empty.store, 2)
    assert [item.restored for item in empty.store.versions()] == [None, None, 1, 2]


def test_restoring_the_newest_version_changes_nothing(history: Campaign):
    with pytest.raises(NothingChanged) as same:
        restore(history.store, VERSIONS, "pat", "again")
    assert same.value.current == VERSIONS == len(history.store.versions())


def test_a_version_that_does_not_exist_can_not_be_restored(history: Campaign):
    with pytest.raises(WrongUse, match="no version 99"):
        restore(history.store, 99, "pat", "back")
    assert len(history.store.versions()) == VERSIONS


def test_in_an_empty_store_there_is_nothing_to_restore(empty: Campaign):
    with pytest.raises(WrongUse):
        restore(empty.store, 1, "pat", "back")
    assert empty.store.versions() == ()


# --- on disk --------------------------------------------------------------------------------------


def published_outside(store: Store, path: Path) -> dict[str, Any]:
    """Publish a file from a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "onemind", "publish", path, "-m", "from outside", "--json"],
        cwd=ROOT,
        env={**os.environ, "ONEMIND_STORE": str(store.settings.store)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_a_publish_from_another_process_is_seen_by_an_open_store(empty: Campaign):
    empty.publish(departments=AVON)
    assert len(exports.dataset(empty.store, "departments").rows) == 1
    [upload] = empty.uploads(departments=HEADER + "B,Bath Police,municipal,ME\n")
    assert published_outside(empty.store, upload.path)["version"] == 2
    assert [item.message for item in empty.store.versions()] == ["test", "from outside"]
    assert [row[0] for row in exports.dataset(empty.store, "departments").rows] == ["A", "B"]
    assert empty.publish(departments=HEADER + "C,Cary,municipal,ME\n").number == 3


def test_a_folder_whose_name_has_blanks_and_quotes_is_a_store_too(tmp_path: Path):
    store = Store(Settings(store=tmp_path / "O'Brien's \"store\" é"))
    campaign = Campaign(store, tmp_path)
    campaign.publish(departments=AVON)
    rows = exports.dataset(store, "departments").rows
    store.close()
    assert len(rows) == 1


def test_a_store_that_can_not_be_opened_says_where_and_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotPossibleNow, match=r"file/store can't be opened.*ONEMIND_STORE"):
        Store(Settings(store=tmp_path / "file" / "store"))


def test_a_catalog_that_is_no_catalog_says_so(tmp_path: Path):
    (tmp_path / "catalog.sqlite").write_text("this is no database " * 100)
    with pytest.raises(NotPossibleNow, match="can't be opened"):
        Store(Settings(store=tmp_path))


def columns(store: Store, dataset: str) -> list[str]:
    with store.cursor() as con:
        rows = con.execute(
            "select column_name from duckdb_columns() where database_name = 'lake'"
            f" and table_name = '{dataset}'"
        ).fetchall()
    return [name for (name,) in rows]


def test_a_new_store_has_every_column_of_every_contract(empty: Campaign):
    for name, parsed in contracts().items():
        assert columns(empty.store, name) == list(parsed.columns)


@pytest.fixture
def older(empty: Campaign) -> Campaign:
    """A store as a release would have left it whose pledges had no `source` yet: one version."""
    with empty.store.cursor() as con:
        con.execute("alter table lake.pledges drop column source")
        con.begin()
        con.execute(
            "insert into lake.departments (department_id, name, type, state, country)"
            " values ('A', 'Avon Police', 'municipal', 'MA', 'US')"
        )
        con.execute(
            "insert into lake.pledges (department_id, pledged_on, precision)"
            " values ('A', '2017-09-20', 'day')"
        )
        extra = '{"version":1,"counts":{}}'
        con.execute("call lake.set_commit_message('pat', 'old', extra_info => ?)", [extra])
        con.commit()
    empty.store.close()
    return Campaign(Store(empty.store.settings), empty.folder)


def test_a_column_the_lake_lacks_is_added_when_it_is_opened(older: Campaign):
    assert "source" in columns(older.store, "pledges")
    assert [item.message for item in older.store.versions()] == ["old"]
    older.publish(pledges="department_id,pledged_on,source\nA,2017-09-20,letter\n")
    found = exports.dataset(older.store, "pledges").records()
    older.store.close()
    assert [row["source"] for row in found] == ["letter"]


def test_a_version_older_than_a_column_can_still_be_read_compared_and_restored(older: Campaign):
    older.publish(pledges="department_id,pledged_on,source\nA,2017-09-20,letter\n")
    [row] = exports.dataset(older.store, "pledges", 1).records()
    assert (row["department_id"], row["source"]) == ("A", None)
    [diff] = compare_versions(older.store, 1, 2)
    assert diff.changes[0].after == {"source": "letter"}
    restore(older.store, 1, "pat", "back")
    [row] = exports.dataset(older.store, "pledges").records()
    older.store.close()
    assert row["source"] is None


def test_opening_a_store_again_changes_nothing(empty: Campaign):
    empty.publish(departments=AVON)
    with empty.store.cursor() as con:
        before = con.execute("select count(*) from lake.snapshots()").fetchone()
        again = Store(empty.store.settings)
        after = con.execute("select count(*) from lake.snapshots()").fetchone()
    again.close()
    assert before == after
