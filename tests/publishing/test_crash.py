"""Killed at any moment: the store holds the old version or the new one, and no file is lost.

A publish in a loop, and a watch on a folder being filled, are each killed (SIGKILL) at random
moments, spread over the whole and crowded around the COMMIT. Seeds and moments are printed.
"""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from onemind import metrics
from onemind.ingest import Upload
from onemind.publishing import Options, publish
from onemind.settings import ROOT, Settings
from onemind.store import Store, Version
from tests.conftest import TODAY

ROWS = 150
# One column of each dataset says of which generation the row is.
MARKS = {
    "departments": "population",
    "partners": "name",
    "pledges": "source",
    "training": "provider",
}
# (seed, kills): a few always, a hundred in all with `-m long`, ten at a time: a test may take five
# minutes (faulthandler_timeout), also on a machine that has much else to do.
FEW = [pytest.param(1, 3)]
PUBLISHING = [*FEW, *(pytest.param(seed, 10, marks=pytest.mark.long) for seed in range(2, 8))]
WATCHING = [*FEW, *(pytest.param(seed, 10, marks=pytest.mark.long) for seed in range(8, 12))]


HEADS = {
    "departments": "department_id,name,type,state,population",
    "partners": "partner_id,name,kind",
    "pledges": "department_id,pledged_on,source",
    "training": "department_id,officer_id,course,completed_on,provider",
}


def texts(g: int, own: str = "") -> dict[str, str]:
    """Every dataset's CSV at generation `g`, each with a number of rows of its own.

    Its keys are those of any generation; or its own, with `own`, but for the departments it names.
    """
    numbers = range(size(g))
    rows = {
        "departments": [f"D{own}{n},Town {n},municipal,MA,{g}" for n in numbers],
        "partners": [f"P{own}{n},{g},nami" for n in numbers],
        "pledges": [f"D{n},{date(2017, 9, 20) + timedelta(g if own else 0)},{g}" for n in numbers],
        "training": [f"D{n},A{own}{n},MHFA,2018-01-01,{g}" for n in numbers],
    }
    return {name: "\n".join([HEADS[name], *rows[name], ""]) for name in MARKS}


def size(generation: int) -> int:
    return ROWS + generation % 5


def generations(store: Store, dataset: str, version: int | None = None) -> Counter[int]:
    """Count a dataset's rows by generation."""
    found = metrics.export.dataset(store, dataset, version)
    place = found.columns.index(MARKS[dataset])
    return Counter(int(row[place]) for row in found.rows)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    with closing(Store(Settings(store=folder))) as store:
        yield store


@contextmanager
def running(log: Path, store: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Start Python on the store; by its end it has been killed by its own process id."""
    with log.open("a") as errors:
        given = [sys.executable, *command]
        env = {**os.environ, "ONEMIND_STORE": str(store)}
        pipe = subprocess.PIPE
        with subprocess.Popen(given, cwd=ROOT, env=env, stdout=pipe, stderr=errors, text=True) as p:
            try:
                yield p
            finally:
                p.kill()


# --- a publish ------------------------------------------------------------------------------------


def publish_generation(store: Store, folder: Path, generation: int, say=lambda _: None) -> None:
    """Publish all datasets at a generation as one version, replacing what is there."""
    uploads = []
    for name, text in texts(generation).items():
        path = folder / f"{name}.csv"
        path.write_text(text)
        uploads.append(Upload(path, path.name))
    options = Options(TODAY, mode="replace", say=say)
    publish(store, uploads, options, "tester", str(generation))


def publish_for_ever(store: str, folder: str, first: str) -> None:
    """Publish generation after generation, saying what is begun, being committed, and done."""
    with opened(Path(store)) as opening:
        for generation in range(int(first), sys.maxsize):

            def say(step: str, generation: int = generation) -> None:
                if step == "Publishing":
                    print("commit", generation, flush=True)

            print("begin", generation, flush=True)
            publish_generation(opening, Path(folder), generation, say)
            print("done", generation, flush=True)


def kill_a_publish(folder: Path, first: int, moment: str, seconds: float) -> list[str]:
    """Kill the publishing program some time after a moment; return all that it said.

    The moments: "begin" of a publish, "commit" of one, and "write", when the catalog's log changes.
    """
    code = (
        "import sys; from tests.publishing.test_crash import publish_for_ever as go; "
        "go(*sys.argv[1:])"
    )
    given = (str(folder / "store"), str(folder), str(first))
    with running(folder / "log", folder / "store", "-c", code, *given) as program:
        assert program.stdout
        said = []
        for line in program.stdout:
            said.append(line)
            if line.startswith("begin" if moment == "begin" else "commit"):
                break
        if moment == "write":
            wait_for_write(folder / "store" / "catalog.sqlite-wal")
        time.sleep(seconds)
        program.kill()
        said += program.stdout
    assert program.returncode == -signal.SIGKILL, (folder / "log").read_text()
    return said


def wait_for_write(log: Path) -> None:
    """Wait until the catalog's log has grown or was begun: COMMIT has got to the disk."""

    def state() -> tuple[int, int]:
        found = log.stat() if log.exists() else None
        return (found.st_size, found.st_mtime_ns) if found else (0, 0)

    before, end = state(), time.perf_counter() + 20
    while state() == before and time.perf_counter() < end:
        time.sleep(0.0002)


def check_store(folder: Path, done: int) -> int:
    """Check that the store holds generation `done`, or the next, whole; return which."""
    with opened(folder / "store") as store:
        numbers = [version.number for version in store.versions()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [version.message for version in store.versions()] == list(map(str, numbers))
        newest = numbers[-1]
        assert newest in (done, done + 1)
        for number in (newest - 1, newest):
            for dataset in MARKS:
                assert generations(store, dataset, number) == {number: size(number)}
        publish_generation(store, folder, newest + 1)
        for dataset in MARKS:
            assert generations(store, dataset) == {newest + 1: size(newest + 1)}
    return newest


@pytest.mark.parametrize(("seed", "kills"), PUBLISHING)
def test_a_publish_killed_at_any_moment_is_there_or_not_there(
    tmp_path: Path, seed: int, kills: int
):
    chance = random.Random(seed)
    with opened(tmp_path / "store") as store:
        publish_generation(store, tmp_path, 1)
        began = time.perf_counter()
        publish_generation(store, tmp_path, 2)
        whole = time.perf_counter() - began
    print(f"seed {seed}; a publish takes {whole * 1e3:.0f} ms")
    newest, ends = 2, Counter[str]()
    for kill in range(kills):
        moment = ("begin", "commit", "write")[kill % 3]
        most = {"begin": whole * 1.5, "commit": whole / 2, "write": 0.03}[moment]
        seconds = chance.uniform(0, most)
        said = kill_a_publish(tmp_path, newest + 1, moment, seconds)
        done = max([newest, *(int(line.split()[1]) for line in said if line.startswith("done"))])
        found = check_store(tmp_path, done)
        last = said[-1].split()[0]
        ends[f"{last}, {'new' if found > done else 'old'}"] += 1
        print(f"{moment} + {seconds * 1e3:.1f} ms: last said {said[-1].strip()!r}, holds {found}")
        newest = found + 1
    print(dict(ends))
    assert not ends["begin, new"]


# --- a watched folder -----------------------------------------------------------------------------


class Filling:
    """An inbox being filled with generations, and what is known of every file ever dropped."""

    def __init__(self, folder: Path) -> None:
        self.store, self.inbox, self.log = folder / "store", folder / "inbox", folder / "log"
        self.inbox.mkdir()
        path = folder / "departments.csv"
        path.write_text(texts(ROWS - 1)["departments"])
        with opened(self.store) as store:
            publish(store, [Upload(path, path.name)], Options(TODAY), "tester", "to begin with")
        self.sums: dict[str, str] = {}
        self.faulty: set[str] = set()

    def drop(self, generation: int, datasets: list[str], faulty: bool) -> None:
        """Drop files of a generation, as a program does that copies them in under other names."""
        made = texts(generation, own=f"{generation}-")
        for name in datasets:
            self._write(f"{name}-{generation}.csv", made[name])
        if faulty:
            self._write(f"bad-{generation}.csv", f"department_id,pledged_on\nD0,soon{generation}\n")
            self.faulty.add(f"bad-{generation}.csv")

    def _write(self, name: str, text: str) -> None:
        (self.inbox / f"{name}.part").write_text(text)
        (self.inbox / f"{name}.part").rename(self.inbox / name)
        self.sums[name] = hashlib.sha256(text.encode()).hexdigest()

    @contextmanager
    def watched(self) -> Iterator[subprocess.Popen[str]]:
        options = ("--every", "0.02", "--settle", "0.05", "--json")
        command = ("-m", "onemind", "watch", str(self.inbox), *options)
        with running(self.log, self.store, *command) as program:
            yield program

    def wait_for_commit(self, seconds: float) -> None:
        """Wait until a version is committed, at most so long."""
        end = time.perf_counter() + seconds
        with closing(sqlite3.connect(self.store / "catalog.sqlite", timeout=10)) as catalog:
            query = "select max(snapshot_id) from ducklake_snapshot"
            before = catalog.execute(query).fetchone()
            while catalog.execute(query).fetchone() == before and time.perf_counter() < end:
                time.sleep(0.0005)

    def places(self) -> dict[str, list[str]]:
        """Where each file lies: "inbox", "done", "failed"; whole in each."""
        found: dict[str, list[str]] = {name: [] for name in self.sums}
        for place in (self.inbox, self.inbox / "done", self.inbox / "failed"):
            for path in place.glob("*.csv"):
                if ".problems." not in path.name:
                    assert hashlib.sha256(path.read_bytes()).hexdigest() == self.sums[path.name]
                    found[path.name].append(place.name)
        return found

    def check(self) -> Counter[str]:
        """Check that nothing is lost, doubled or half-published; count files by place."""
        places = self.places()
        assert all(len(where) == 1 for where in places.values()), places
        with opened(self.store) as store:
            versions = [v for v in store.versions() if v.message.startswith("Watched folder")]
            held = [file["name"] for version in versions for file in version.files]
            assert len(held) == len(set(held)), "a file was published twice"
            assert {name for name in places if places[name] == ["done"]} <= set(held)
            assert {name for name in places if places[name] == ["failed"]} <= self.faulty
            assert not self.faulty & set(held)
            self._check_rows(store, versions)
        return Counter(where for [where] in places.values())

    def _check_rows(self, store: Store, versions: list[Version]) -> None:
        for version in versions[-2:]:
            for file in version.files:
                generation = int(Path(file["name"]).stem.split("-")[1])
                rows = generations(store, file["dataset"], version.number)
                assert rows[generation] == size(generation), (file, rows)


@pytest.mark.parametrize(("seed", "kills"), WATCHING)
def test_a_watch_killed_at_any_moment_loses_nothing_and_publishes_nothing_twice(
    tmp_path: Path, seed: int, kills: int
):
    chance, filling, generation = random.Random(seed), Filling(tmp_path), 0
    print(f"seed {seed}")
    for kill in range(kills):
        with filling.watched() as program:
            time.sleep(chance.uniform(0, 1))
            for _ in range(chance.randint(1, 2)):
                generation += 1
                names = chance.sample(list(MARKS), chance.randint(1, len(MARKS)))
                filling.drop(generation, names, faulty=chance.random() < 0.3)
            if kill % 3:
                filling.wait_for_commit(5)
                moment = f"commit + {(seconds := chance.uniform(0, 0.05)) * 1e3:.0f} ms"
            else:
                moment = f"drop + {(seconds := chance.uniform(0, 1)) * 1e3:.0f} ms"
            time.sleep(seconds)
        print(f"{moment}: {dict(filling.check())}")
        assert program.returncode == -signal.SIGKILL, filling.log.read_text()
    finish(filling)


def finish(filling: Filling) -> None:
    """Let the folder be taken once more: everything ends in its place, in one version each."""
    given = ("-m", "onemind", "watch", str(filling.inbox), "--once", "--settle", "0.05", "--json")
    with running(filling.log, filling.store, *given) as program:
        answer, _ = program.communicate(timeout=180)
    assert program.returncode in (0, 1), filling.log.read_text()
    assert {outcome["became"] for outcome in json.loads(answer)} <= {
        *("published", "unchanged", "failed")
    }
    filling.check()
    for name, where in filling.places().items():
        assert where == ["failed" if name in filling.faulty else "done"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_a_watch_finishes_what_it_has_begun(tmp_path: Path, number: signal.Signals):
    filling = Filling(tmp_path)
    filling.drop(1, list(MARKS), faulty=False)
    with filling.watched() as program:
        filling.wait_for_commit(30)
        program.send_signal(number)
        answer, _ = program.communicate(timeout=30)
    assert program.returncode == 0, filling.log.read_text()
    assert [json.loads(line)["became"] for line in answer.splitlines()] == ["published"] * 4
    assert filling.check() == {"done": 4}
