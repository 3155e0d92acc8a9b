"""Each kind of fault again and again: nothing is lost, and a sentence says what is wrong.

A few of each always, thirty or more with `-m long`. A publish killed half-way has a file of its
own, tests/publishing/test_crash.py.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from onemind import metrics
from onemind.errors import DataLost, NotWritable, Unreachable, VersionMoved
from onemind.settings import ROOT, Settings
from onemind.store import Store
from tests.conftest import Campaign, campaigning
from tests.support.screens import OVERVIEW, screen, words
from tests.support.troubles import (
    copied,
    data_files,
    filled,
    flipped,
    read_only,
    small_disk,
    truncated,
)

TIMES = [2, pytest.param(30, marks=pytest.mark.long)]
HEAD = "department_id,name,type,state,population\n"
DATASETS = ("departments", "pledges")


def publish(campaign: Campaign, generation: int, rows: int = 200) -> int:
    """Publish departments and pledges of a generation as one version; return its number."""
    towns = "".join(f"D{n},Town {n},municipal,MA,{generation}\n" for n in range(rows))
    pledges = "".join(f"D{n},2018-01-01,{generation}\n" for n in range(rows))
    version = campaign.publish(
        str(generation), departments=HEAD + towns,
        pledges="department_id,pledged_on,source\n" + pledges,
    )  # fmt: skip
    return version.number


def whole(store: Store) -> dict[int, set[str]]:
    """Each version's generations, of both datasets: one of each version that is whole."""
    found = {}
    for item in store.versions():
        towns = metrics.export.dataset(store, "departments", item.number)
        pledges = metrics.export.dataset(store, "pledges", item.number)
        place = towns.columns.index("population"), pledges.columns.index("source")
        found[item.number] = {str(row[place[0]]) for row in towns.rows}
        found[item.number] |= {str(row[place[1]]) for row in pledges.rows}
    return found


def read(store: Store, version: int, dataset: str) -> list[object]:
    return [*metrics.export.dataset(store, dataset, version).rows]


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A store of three generations that nobody has open."""
    with campaigning(tmp_path) as campaign:
        for generation in (1, 2, 3):
            publish(campaign, generation)
    yield tmp_path / "store"


def opened(folder: Path) -> closing[Store]:
    return closing(Store(Settings(store=folder)))


# --- files ----------------------------------------------------------------------------------------


def removed(path: Path, chance: random.Random) -> None:
    path.unlink()


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("spoil", [flipped, truncated, removed])
def test_a_data_file_at_fault(
    base: Path, times: int, spoil: Callable[[Path, random.Random], None]
) -> None:
    with opened(base) as store:
        right = {(v, name): read(store, v, name) for v in (1, 2, 3) for name in DATASETS}
    for seed in range(times):
        chance = random.Random(seed)
        path = chance.choice(data_files(base))
        content = path.read_bytes()
        spoil(path, chance)
        told = 0
        with opened(base) as store:
            for (version, name), rows in right.items():
                try:
                    assert read(store, version, name) == rows
                except DataLost as error:
                    told += 1
                    assert f"The data of version {version} can't be read: the file " in str(error)
                    assert path.name in str(error)
            assert path.name in store.looked_into().faults[0].file
        path.write_bytes(content)
        assert told, f"seed {seed}: nobody was told of {path.name}"
    with opened(base) as store:
        assert {key: read(store, *key) for key in right} == right


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("spoil", [flipped, truncated, removed])
def test_a_catalog_at_fault(
    base: Path, tmp_path: Path, times: int, spoil: Callable[[Path, random.Random], None]
) -> None:
    catalog, content = base / "catalog.sqlite", (base / "catalog.sqlite").read_bytes()
    for seed in range(times):
        spoil(catalog, random.Random(seed))
        try:
            with opened(base) as store:
                found = whole(store)
        except (DataLost, Unreachable, NotWritable) as error:
            assert str(error).count(". ") <= 1
        else:
            assert spoil is flipped  # in a page that holds nothing
            assert found.keys() <= {1, 2, 3}
        for left in base.glob("catalog.sqlite*"):
            left.unlink()
        catalog.write_bytes(content)
    with opened(base) as store:
        assert whole(store) == {1: {"1"}, 2: {"2"}, 3: {"3"}}


# --- disks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", TIMES)
def test_a_disk_that_is_or_gets_full(tmp_path: Path, times: int) -> None:
    with small_disk(tmp_path / "disk", 32) as disk, campaigning(disk) as campaign:
        done = publish(campaign, 1)
        for seed in range(times):
            chance = random.Random(seed)
            files = data_files(disk / "store")
            with filled(disk, leave=chance.choice([0, 2, 250, 260, 300])):
                try:
                    done = publish(campaign, done + 1, chance.choice([200, 20_000]))
                except NotWritable as error:
                    assert "the disk of the store is full" in str(error)
                    assert data_files(disk / "store") == files
                assert len(campaign.store.versions()) == done
                assert read(campaign.store, done, "pledges")
            assert campaign.store.health.troubles() == ()
            done = publish(campaign, done + 1)
        assert whole(campaign.store) == {n: {f"{n}"} for n in range(1, done + 1)}
        assert {fault.kind for fault in campaign.store.looked_into().faults} <= {"unknown"}


@pytest.mark.parametrize("times", TIMES)
def test_a_limit_on_the_size_of_files(base: Path, tmp_path: Path, times: int) -> None:
    """A quota, or a disk that breaks: the system refuses what the free space would let in."""
    path = tmp_path / "departments.csv"
    path.write_text(HEAD + "".join(f"D{n},Town {n},municipal,MA,4\n" for n in range(20_000)))
    code = (
        "import resource, sys; from onemind.cli import main; limit = int(sys.argv[1]);"
        " resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit));"
        " sys.exit(main(['publish', sys.argv[2], '-m', '4']))"
    )
    for seed in range(times):
        limit = random.Random(seed).choice([0, 1000, 5000, 20_000, 60_000])
        done = subprocess.run(
            [sys.executable, "-c", code, str(limit), str(path)], cwd=ROOT, capture_output=True,
            text=True, timeout=120, env={**os.environ, "ONEMIND_STORE": str(base)},
        )  # fmt: skip
        assert done.returncode == 3, done
        assert done.stderr.count("\n") == 1, done.stderr
        with opened(base) as store:
            assert whole(store) == {1: {"1"}, 2: {"2"}, 3: {"3"}}
            assert {fault.kind for fault in store.looked_into().faults} <= {"unknown"}


@pytest.mark.parametrize("times", TIMES)
def test_a_folder_that_can_only_be_read(base: Path, times: int) -> None:
    for _ in range(times):
        with read_only(base), opened(base) as store:
            assert whole(store) == {1: {"1"}, 2: {"2"}, 3: {"3"}}
            with pytest.raises(NotWritable, match="the folder of the store is read-only"):
                publish(Campaign(store, base.parent), 4)
    with opened(base) as store:
        assert publish(Campaign(store, base.parent), 4) == 4


# --- clocks and races -----------------------------------------------------------------------------


@pytest.mark.parametrize("times", TIMES)
def test_a_clock_that_was_set_back(
    base: Path, tmp_path: Path, times: int, look_at: Callable[[Path], None]
) -> None:
    for seed in range(times):
        folder = copied(base, tmp_path / f"copy{seed}" / "store")
        year = random.Random(seed).randrange(2030, 2999)
        with closing(sqlite3.connect(folder / "catalog.sqlite")) as catalog:
            future = f"{year}-12-31 23:59:59.000000+00"
            newest = "(select max(snapshot_id) from ducklake_snapshot)"
            change = f"update ducklake_snapshot set snapshot_time = ? where snapshot_id = {newest}"
            catalog.execute(change, [future])
            catalog.commit()
        with opened(folder) as store:
            assert publish(Campaign(store, folder.parent), 4) == 4
            assert [item.number for item in store.versions()] == [1, 2, 3, 4]
            assert store.versions()[2].published_at.year == year
            assert whole(store) == {n: {f"{n}"} for n in (1, 2, 3, 4)}
    look_at(folder)
    app = screen(OVERVIEW, version="3")
    assert not app.exception
    assert f"December 31, {year}" in words(app)
    assert "-" not in [metric.value[:1] for metric in app.metric]


RACES = [5, *(pytest.param(50, marks=pytest.mark.long, id=f"50-{n}") for n in range(20))]


@pytest.mark.parametrize("races", RACES)
def test_two_publishers_at_once(tmp_path: Path, races: int) -> None:
    """Every accepted publish is in the history, whole; none that was refused is."""
    with campaigning(tmp_path):
        pass
    code = (
        "import sys; from pathlib import Path; from tests.store.care.test_faults import race;"
        " race(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), name, str(races)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for name in ("A", "B")
    ]  # fmt: skip
    accepted: dict[int, str] = {}
    for racer in racers:
        out, _ = racer.communicate(timeout=280)
        assert racer.returncode == 0
        accepted |= {int(line.split()[0]): line.split()[1] for line in out.splitlines()}
    with opened(tmp_path / "store") as store:
        history = {item.number: item.message for item in store.versions()}
        assert history == accepted
        towns = {row[0] for row in metrics.export.dataset(store, "departments").rows}
        pledged = {row[0] for row in metrics.export.dataset(store, "pledges").rows}
        assert towns == pledged == set(accepted.values())
        assert len(accepted) >= races
        assert store.looked_into().faults == ()


def race(folder: Path, name: str, races: int) -> None:
    """Publish one town and its pledge after the other, and print each that was accepted."""
    own = folder / name
    own.mkdir()
    with closing(Store(Settings(store=folder / "store"))) as store:
        campaign = Campaign(store, own)
        for number in range(races):
            town = f"{name}{number}"
            try:
                version = campaign.publish(
                    town, departments=f"{HEAD}{town},Town,municipal,MA,1\n",
                    pledges=f"department_id,pledged_on\n{town},2018-01-01\n",
                )  # fmt: skip
            except VersionMoved:
                continue
            print(version.number, town, flush=True)
