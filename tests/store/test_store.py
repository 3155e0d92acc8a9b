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

from onemind import ingest, metrics, publishing
from onemind.campaign import contracts
from onemind.errors import NothingChanged, NotPossibleNow, VersionMoved, WrongUse
from onemind.settings import ROOT, Settings
from onemind.store import Store
from onemind.store.diff import Diff
from onemind.store.locks import publish_lock
from onemind.store.memory import VERSIONS as VERSIONS_IN_MEMORY
from onemind.store.publish import commit, compare_versions, restore
from tests.conftest import Campaign, campaigning

HEADER = "department_id,name,type,state\n"
VERSIONS = VERSIONS_IN_MEMORY + 3
AVON = HEADER + "A,Avon Police,municipal,MA\n"
BATH = HEADER + "B,Bath Police,municipal,ME\n"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store whose version n has n departments and n - 1 pledges. For reading only."""
    with campaigning(tmp_path_factory.mktemp("history")) as found:
        for number in range(1, VERSIONS + 1):
            files = {"departments": f"{HEADER}D{number},Town {number},municipal,MA\n"}
            if number > 1:
                files["pledges"] = f"department_id,pledged_on\nD{number - 1},2017-09-20\n"
            found.publish(f"version {number}", **files)
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store to which each test publishes rows of its own."""
    with campaigning(tmp_path_factory.mktemp("shared")) as found:
        found.publish(departments=AVON)
        yield found


def town(key: str, name: str = "Police") -> str:
    """A file of one department."""
    return f"{HEADER}{key},{name},municipal,MA\n"


def keys(store: Store) -> set[str]:
    """The ids of the published departments."""
    return {row[0] for row in metrics.export.dataset(store, "departments").rows}


def content(store: Store, version: int | None = None) -> dict[str, Any]:
    names = ("departments", "pledges", "partners")
    return {name: metrics.export.dataset(store, name, version).rows for name in names}


def count(store: Store, version: int | None, *datasets: str) -> tuple[int, ...]:
    """Count rows inside one reading."""
    with store.reading(version, datasets) as con:
        found = [con.execute(f"select count(*) from {name}").fetchone() for name in datasets]
    return tuple(row[0] for row in found if row)


# --- publishing -----------------------------------------------------------------------------------


def test_an_empty_store_has_no_versions_and_nothing_to_restore(empty: Campaign):
    assert empty.store.versions() == ()
    assert empty.store.current() is None
    assert not any(content(empty.store).values())
    with pytest.raises(WrongUse):
        restore(empty.store, 1, "pat", "back")
    with pytest.raises(WrongUse, match="no version 1") as refusal:
        empty.store.version(1)
    assert "newest is 0" not in str(refusal.value), "there is no version 0"


def test_several_datasets_are_published_as_one_version(shared: Campaign):
    began, before = datetime.now(UTC) - timedelta(seconds=1), shared.store.versions()
    version = shared.publish(
        "more data", departments=town("C"), pledges="department_id,pledged_on\nC,2017-09-20\n"
    )
    assert shared.store.versions() == (*before, version)
    assert version.number == len(before) + 1
    assert (version.author, version.message) == ("tester", "more data")
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


def test_a_store_opened_again_knows_its_versions(shared: Campaign):
    message = 'It\'s "quoted", ünïcode, {"version":7} and a\nline'
    shared.publish(message, departments=town("Again"))
    with shared.store.cursor() as con:
        before = con.execute("select count(*) from lake.snapshots()").fetchone()
        again = Store(shared.store.settings)
        after = con.execute("select count(*) from lake.snapshots()").fetchone()
    versions, rows = again.versions(), content(again)
    again.close()
    assert versions == shared.store.versions()
    assert versions[-1].message == message
    assert rows == content(shared.store)
    assert before == after, "opening writes nothing"


def test_counts_say_what_was_added_changed_and_removed(shared: Campaign):
    header = "partner_id,name,kind\n"
    shared.publish(partners=f"{header}p1,East,court\np2,West,nami\n")
    version = shared.publish(
        mode="replace", allow_shrink=True, partners=f"{header}p1,East,school\np3,North,court\n"
    )
    assert version.counts == {"partners": {"added": 1, "changed": 1, "removed": 1}}
    assert version.mode == "replace"
    assert [row[:3:2] for row in content(shared.store)["partners"]] == [
        ("p1", "school"),
        ("p3", "court"),
    ]


def test_publishing_what_is_there_makes_no_version_and_says_so(shared: Campaign):
    number = shared.publish(departments=town("Same")).number
    with pytest.raises(NothingChanged, match=f"version {number} already has all") as same:
        shared.publish(departments=town("Same"))
    assert same.value.current == number == len(shared.store.versions())


def test_a_version_as_json_is_called_version_and_hides_the_snapshot(history: Campaign):
    version = history.store.version(2)
    assert version is not None
    record = version.record()
    assert record["version"] == 2
    assert record["counts"]["pledges"] == {"added": 1, "changed": 0, "removed": 0}
    assert "snapshot" not in record and "number" not in record


# --- somebody else publishes meanwhile ------------------------------------------------------------


def test_a_draft_against_a_stale_version_writes_nothing(shared: Campaign):
    uploads = shared.uploads(departments=town("Late"))
    with publishing.draft(shared.store, uploads, shared.options()) as (made, con):
        version = shared.publish("meanwhile", departments=town("Early"))
        meanwhile = f"version {version.number} in the meantime"
        with pytest.raises(VersionMoved, match=meanwhile) as moved:
            commit(shared.store, con, list(made.deltas), made.base, "late", "late")
    assert moved.value.current == version.number
    assert shared.store.current() == version
    assert "Late" not in keys(shared.store) and "Early" in keys(shared.store)


def test_a_first_draft_is_stale_too_once_somebody_has_published(empty: Campaign):
    uploads = empty.uploads(departments=BATH)
    with publishing.draft(empty.store, uploads, empty.options()) as (made, con):
        empty.publish(departments=AVON)
        with pytest.raises(VersionMoved):
            commit(empty.store, con, list(made.deltas), made.base, "late", "late")
    assert len(empty.store.versions()) == 1


def test_an_empty_draft_against_a_stale_version_does_not_claim_that_nothing_changed(
    shared: Campaign,
):
    shared.publish(departments=town("Stale"))
    uploads = shared.uploads(departments=town("Stale"))
    with publishing.draft(shared.store, uploads, shared.options()) as (made, con):
        shared.publish(departments=town("Stale", "Changed"))
        with pytest.raises(VersionMoved):
            commit(shared.store, con, list(made.deltas), made.base, "late", "late")


def test_two_people_publishing_at_once_both_get_their_version(shared: Campaign):
    before = len(shared.store.versions())

    def publish(letter: str) -> int:
        path = shared.folder / f"{letter}.csv"
        path.write_text(town(letter))
        uploads = [ingest.Upload(path, path.name)]
        return publishing.publish(shared.store, uploads, shared.options(), letter, letter)[0].number

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(publish, "XY"))
    assert sorted(numbers) == [before + 1, before + 2]
    assert {"X", "Y"} <= keys(shared.store)


def test_while_another_publish_holds_the_lock_the_wait_has_an_end(tmp_path: Path):
    with (
        publish_lock(Settings(tmp_path)),
        pytest.raises(NotPossibleNow, match="Your data was not published"),
        publish_lock(Settings(tmp_path), seconds=0.1),
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
    numbers = [number for number in range(1, VERSIONS + 1) for _ in range(6)]
    random.Random(7).shuffle(numbers)

    def read(number: int) -> bool:
        datasets = ("departments", "pledges") if number % 2 else ("pledges", "departments")
        found = dict(zip(datasets, count(history.store, number, *datasets), strict=True))
        return found == {"departments": number, "pledges": number - 1}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, numbers))


def test_a_reading_keeps_its_version_while_others_publish_and_read(shared: Campaign):
    [before] = count(shared.store, None, "departments")
    with shared.store.reading(None, ["departments"]) as con:
        for number in range(VERSIONS_IN_MEMORY + 1):
            shared.publish(departments=town(f"N{number}"))
            assert count(shared.store, None, "departments") == (before + number + 1,)
        assert con.execute("select count(*) from departments").fetchone() == (before,)


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


def test_a_change_shows_the_old_and_the_new_value_of_what_differs(shared: Campaign):
    old = shared.publish(departments=town("Q", "Old")).number
    new = shared.publish(departments=town("Q", "New")).number
    [diff] = compare_versions(shared.store, old, new)
    assert isinstance(diff, Diff)
    [change] = diff.changes
    assert (change.kind, change.key) == ("changed", {"department_id": "Q"})
    assert (change.before, change.after) == ({"name": "Old"}, {"name": "New"})


def test_restoring_makes_a_new_version_equal_to_the_old_one_and_can_be_undone(shared: Campaign):
    pledge = "department_id,pledged_on\nR,{}\n"
    old = shared.publish(departments=town("R", "Old"), pledges=pledge.format("2017-09-20")).number
    shared.publish(departments=town("R", "New") + "S,S,campus,MA\n")
    new = shared.publish(pledges=pledge.format("2018-01-01")).number
    version = restore(shared.store, old, "pat", "the upload was wrong")
    assert (version.number, version.author, version.message) == (
        new + 1,
        "pat",
        "the upload was wrong",
    )
    assert (version.mode, version.restored) == ("restore", old)
    assert version.counts == {
        "departments": {"added": 0, "changed": 1, "removed": 1},
        "pledges": {"added": 0, "changed": 0, "removed": 1},
    }
    assert content(shared.store) == content(shared.store, old) != content(shared.store, new)
    restore(shared.store, new, "pat", "it was right after all")
    assert content(shared.store) == content(shared.store, new)
    assert [item.restored for item in shared.store.versions()[-2:]] == [old, new]


def test_restoring_the_newest_version_changes_nothing(history: Campaign):
    with pytest.raises(NothingChanged) as same:
        restore(history.store, VERSIONS, "pat", "again")
    assert same.value.current == VERSIONS == len(history.store.versions())


def test_a_version_that_does_not_exist_can_not_be_restored(history: Campaign):
    with pytest.raises(WrongUse, match="no version 99"):
        restore(history.store, 99, "pat", "back")
    assert len(history.store.versions()) == VERSIONS


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
    answered: dict[str, Any] = json.loads(answer.stdout)
    return answered


def test_a_publish_from_another_process_is_seen_by_an_open_store(shared: Campaign):
    number = shared.publish(departments=town("Here")).number
    assert "Outside" not in keys(shared.store)
    [upload] = shared.uploads(departments=town("Outside"))
    assert published_outside(shared.store, upload.path)["version"] == number + 1
    assert [item.message for item in shared.store.versions()[-2:]] == ["test", "from outside"]
    assert "Outside" in keys(shared.store)
    assert shared.publish(departments=town("Back")).number == number + 2


def test_a_folder_whose_name_has_blanks_and_quotes_is_a_store_too(tmp_path: Path):
    store = Store(Settings(store=tmp_path / "O'Brien's \"store\" é"))
    campaign = Campaign(store, tmp_path)
    campaign.publish(departments=AVON)
    rows = metrics.export.dataset(store, "departments").rows
    store.close()
    assert len(rows) == 1


def test_a_store_that_can_not_be_opened_says_where_and_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotPossibleNow, match=r"file/store can't be opened.*ONEMIND_STORE"):
        Store(Settings(store=tmp_path / "file" / "store"))


def test_a_catalog_that_is_no_catalog_says_so(tmp_path: Path):
    (tmp_path / "catalog.sqlite").write_text("this is no database " * 100)
    with pytest.raises(NotPossibleNow, match="its catalog is damaged"):
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
    found = metrics.export.dataset(older.store, "pledges").records()
    older.store.close()
    assert [row["source"] for row in found] == ["letter"]


def test_a_version_older_than_a_column_can_still_be_read_compared_and_restored(older: Campaign):
    older.publish(pledges="department_id,pledged_on,source\nA,2017-09-20,letter\n")
    [row] = metrics.export.dataset(older.store, "pledges", 1).records()
    assert (row["department_id"], row["source"]) == ("A", None)
    [diff] = compare_versions(older.store, 1, 2)
    assert diff.changes[0].after == {"source": "letter"}
    restore(older.store, 1, "pat", "back")
    [row] = metrics.export.dataset(older.store, "pledges").records()
    older.store.close()
    assert row["source"] is None
