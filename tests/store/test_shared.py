"""Derived tables shared by processes: one derives, others take its file, and nothing depends on it.

The tables here are random, so that equal rows can only have been taken over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from onemind.errors import OneMindError
from onemind.settings import ROOT, Settings
from onemind.store import Derived, Store
from onemind.store.shared import files as parquet
from onemind.store.shared import tables
from tests.conftest import TODAY, Campaign

DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\nD1,Lee,municipal,Essex,MA,2\n"
MORE = DEPARTMENTS + "D{0},Lynn,municipal,Essex,MA,4\n"
DICE = Derived(
    "dice",
    "select random() as thrown, len($dates) as days",
    streamed=frozenset({"training"}),
    days=(TODAY,),
    variant="today",
)


@pytest.fixture
def first(campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of one of two processes, for which every table is worth a file."""
    monkeypatch.setattr(tables, "ROWS", 0)
    monkeypatch.setattr(parquet, "SLOW", 0.0)
    with another(campaign(departments=DEPARTMENTS).folder) as store:
        yield store


@contextmanager
def another(folder: Path, **given: object) -> Iterator[Store]:
    """The same store as another process has it open."""
    store = Store(Settings(store=folder / "store", **{"replicas": 2, **given}))  # type: ignore[arg-type]
    try:
        yield store
    finally:
        store.close()


def folder_of(store: Store) -> Path:
    return store.settings.store.parent


def thrown(store: Store, version: int | None = None, table: Derived = DICE) -> float:
    with store.reading(version, (), (table,)) as con:
        row = con.execute(f"select thrown from {table.name}").fetchone()
        assert row is not None
        return float(row[0])


def files(store: Store) -> list[Path]:
    return sorted((store.settings.store / "shared").glob("v*/*.parquet"))


def publish(store: Store, number: int) -> None:
    Campaign(store, folder_of(store)).publish(departments=MORE.format(number))


def test_a_second_process_takes_over_what_the_first_derived(first: Store) -> None:
    rows = thrown(first)
    (file,) = files(first)
    assert file.name == "dice_today.parquet"
    assert file.parent.name.startswith("v1-")
    with another(folder_of(first)) as second:
        assert thrown(second) == rows


def test_alone_nothing_is_shared(first: Store) -> None:
    with another(folder_of(first), replicas=1) as alone:
        rows = thrown(alone)
        assert files(alone) == []
        assert thrown(first) != rows
    with another(folder_of(first), replicas=1) as alone:
        assert thrown(alone) != thrown(first)


@pytest.mark.parametrize(("rows", "slow"), [(1_000, 0.0), (0, 60.0)])
def test_what_is_small_or_quick_is_not_shared(
    first: Store, monkeypatch: pytest.MonkeyPatch, rows: int, slow: float
) -> None:
    monkeypatch.setattr(tables, "ROWS", rows)
    monkeypatch.setattr(parquet, "SLOW", slow)
    thrown(first)
    assert files(first) == []


@pytest.mark.parametrize(
    "table",
    [
        replace(DICE, select="select random() as thrown, len($dates) as day"),
        replace(DICE, days=(TODAY, TODAY)),
        replace(DICE, needs=(Derived("die", "select 1 as one"),)),
    ],
    ids=["SQL", "days", "needs"],
)
def test_another_table_of_the_same_name_is_not_taken_for_it(first: Store, table: Derived) -> None:
    rows = thrown(first)
    with another(folder_of(first)) as second:
        assert thrown(second, table=table) != rows


def test_other_rules_and_another_version_have_tables_of_their_own(
    first: Store, tmp_path: Path
) -> None:
    rows = thrown(first)
    rules = tmp_path / "rules"
    rules.mkdir()
    text = (ROOT / "onemind/campaign/rule_files/editions.toml").read_text(encoding="utf-8")
    (rules / "editions.toml").write_text(text.replace("2023-01-01", "2023-01-02"), encoding="utf-8")
    assert "2023-01-01" in text
    with another(folder_of(first), rules=rules) as second:
        assert thrown(second) != rows
        publish(second, 2)
    with another(folder_of(first)) as third:
        assert thrown(third) != rows
        assert thrown(third, 1) == rows


def test_a_version_of_the_same_number_from_a_backup_is_another_one(
    first: Store, tmp_path: Path
) -> None:
    rows = thrown(first)
    other = tmp_path / "other"
    other.mkdir()
    with another(other) as second:
        Campaign(second, other).publish(departments=MORE.format(7))
        (first.settings.store / "shared").rename(other / "store" / "shared")
        assert thrown(second) != rows


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-20]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:]),
        lambda file: file.with_suffix(".sum").unlink(),
        lambda file: file.with_suffix(".sum").write_bytes(b"\xff"),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["cut", "empty", "a bit", "no sum", "a sum that is no text", "a folder"],
)
def test_a_damaged_file_is_derived_anew_and_put_right(
    first: Store, damage: Callable[[Path], object], request: pytest.FixtureRequest
) -> None:
    rows = thrown(first)
    damage(files(first)[0])
    with another(folder_of(first)) as second:
        anew = thrown(second)
        assert anew != rows
        if "a folder" in request.node.name:
            return
        with another(folder_of(first)) as third:
            assert thrown(third) == anew


def test_where_nothing_can_be_written_everything_works(first: Store) -> None:
    (first.settings.store / "shared").write_text("in the way")
    assert 0 <= thrown(first) <= 1
    publish(first, 2)
    assert 0 <= thrown(first) <= 1


def test_a_full_disk_keeps_nothing(first: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(parquet, "sync", full)
    assert 0 <= thrown(first) <= 1
    assert [path.suffix for path in (first.settings.store / "shared").glob("v*/*")] != []
    assert files(first) == []
    assert list((first.settings.store / "shared").glob("v*/*.part")) == []


def test_files_of_versions_long_gone_are_removed(first: Store) -> None:
    for number in range(2, 7):
        thrown(first)
        publish(first, number)
    thrown(first)
    assert {path.parent.name.partition("-")[0] for path in files(first)} == {
        "v3", "v4", "v5", "v6",
    }  # fmt: skip
    thrown(first, 1)
    assert not any(path.parent.name.startswith("v1-") for path in files(first))


def test_there_are_never_more_files_than_the_most(
    first: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST", 3)
    for number in range(5):
        thrown(first, table=replace(DICE, variant=f"day{number}"))
    assert {path.stem for path in files(first)} == {"dice_day2", "dice_day3", "dice_day4"}


def test_a_type_that_parquet_has_not_is_not_shared(first: Store) -> None:
    huge = replace(DICE, select="select random() as thrown, 1::hugeint + len($dates) as days")
    thrown(first, table=huge)
    assert files(first) == []


SLOWLY = """
import sys, time
from pathlib import Path
from onemind.settings import Settings
from onemind.store import Store
from onemind.store.shared import files, tables
from tests.store.test_shared import DICE, thrown
tables.ROWS, files.SLOW = 0, 0.0
real = files.Place.keep
def keep(place, con, table):
    print("derived", flush=True)
    time.sleep(float(sys.argv[2]))
    real(place, con, table)
files.Place.keep = keep
print(thrown(Store(Settings(store=Path(sys.argv[1]), replicas=2))), flush=True)
"""


@contextmanager
def slow(store: Store, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that has derived the table and takes so long to write it."""
    command = [sys.executable, "-c", SLOWLY, str(store.settings.store), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "derived\n"
        try:
            yield child
        finally:
            child.kill()


def test_one_process_derives_while_another_waits(first: Store) -> None:
    with slow(first, 1.0) as child:
        begun = time.monotonic()
        rows = thrown(first)
        assert time.monotonic() - begun > 0.5
        assert child.stdout is not None
        assert float(child.stdout.readline()) == rows


def test_nobody_waits_for_ever(first: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "WAIT", 0.3)
    with slow(first, 60.0):
        begun = time.monotonic()
        assert 0 <= thrown(first) <= 1
        assert 0.3 <= time.monotonic() - begun < 20
    assert files(first) == []  # who did not get the lock does not write


def test_who_waits_for_a_process_that_is_killed_goes_on(first: Store) -> None:
    with slow(first, 60.0) as child:
        waiting = Thread(target=thrown, args=(first,))
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
        child.kill()
        waiting.join(20)
        assert not waiting.is_alive()
    assert len(files(first)) == 1


def test_a_folder_that_nobody_may_write_shares_nothing(first: Store) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    place = first.settings.store / "shared"
    place.mkdir()
    place.chmod(0o500)
    try:
        assert 0 <= thrown(first) <= 1
    except OneMindError:
        pytest.fail("it should have worked without")
    finally:
        place.chmod(0o700)
