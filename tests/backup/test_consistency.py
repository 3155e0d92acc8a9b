"""Backups taken while another process publishes and compacts: each is one moment, and whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import backup
from onemind.appdb import AppDatabase
from onemind.campaign import contracts
from onemind.errors import NotPossibleNow
from onemind.ingest import Upload
from onemind.publishing import Options, publish
from onemind.settings import ROOT, Settings
from onemind.store import Connection, Store, Version, compact, relation
from tests.conftest import TODAY

COMPACTED = 7  # every so many publishes
PUBLISHES = 30
# Once always, and for two hundred publishes with `-m long`: a test may take five minutes, also on a
# machine that has much else to do.
RUNS = [pytest.param(run, marks=pytest.mark.long) for run in range(1, 8)]


def publish_many(place: str, count: str) -> None:
    """Publish versions whose rows all say which version they are of; every so often, compact."""
    store, appdb = Store(Settings(store=Path(place))), AppDatabase(Path(place))
    for number in range(1, int(count) + 1):
        rows = {
            "departments": [f"D{n},Town,municipal,MA,{number}" for n in range(20 + number % 3)],
            "partners": [f"P{n},{number},nami" for n in range(10 + number % 2)],
        }
        heads = {
            "departments": "department_id,name,type,state,population",
            "partners": "partner_id,name,kind",
        }
        uploads = []
        for name, head in heads.items():
            path = Path(place).parent / f"{name}.csv"
            path.write_text("\n".join([head, *rows[name], ""]))
            uploads.append(Upload(path, path.name))
        options = Options(TODAY, mode="replace", allow_shrink=True)
        publish(store, uploads, options, "tester", str(number))
        appdb.activity.add(datetime.now(UTC), "tester", "publish", f"version {number}")
        if number % COMPACTED == 0:
            with suppress(NotPossibleNow):  # a backup is being made
                compact.compact(store, seconds=1)
        print(number, flush=True)
    appdb.close()
    store.close()


@contextmanager
def publisher(place: Path, count: int) -> Iterator[subprocess.Popen[str]]:
    """Run the publishing program beside the test, from its first version on."""
    code = f"from tests.backup.test_consistency import *; publish_many({str(place)!r}, '{count}')"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    ) as program:  # fmt: skip
        try:
            assert program.stdout is not None and program.stdout.readline() == "1\n"
            yield program
        finally:
            program.kill()


def proven(place: Path) -> int:
    """Read every version of a restored store, each column by its largest value; return how many."""
    with closing(Store(Settings(store=place))) as store, closing(AppDatabase(place)) as appdb:
        versions = store.versions()
        with store.cursor() as con:
            for version in versions:
                number = version.number
                found = {name: largest(con, name, version) for name in version.counts}
                assert found["departments"] == (20 + number % 3, number)
                assert found["partners"] == (10 + number % 2, str(number))
        noted = len(appdb.activity.events(("publish",)))
        assert noted >= len(versions) - 1, "the state is older than the versions"
    return len(versions)


MARKS = {"departments": "population", "partners": "name"}


def largest(con: Connection, name: str, version: Version) -> tuple[object, ...]:
    """Return how many rows there are and the mark of them all, having read every column."""
    columns = ", ".join(f"max({column})" for column in contracts()[name].columns)
    rows = f"from ({relation(name, version)})"
    con.execute(f"select {columns} {rows}").fetchone()
    told = con.execute(f"select count(*), min({MARKS[name]}), max({MARKS[name]}) {rows}").fetchone()
    assert told is not None and told[1] == told[2], "rows of two versions"
    return told[:2]


@pytest.mark.parametrize("run", RUNS)
def test_each_backup_taken_while_others_publish_is_restored_whole(tmp_path: Path, run: int) -> None:
    place, restored = tmp_path / "store", tmp_path / "restored"
    newest: list[int] = []
    with publisher(place, PUBLISHES) as program, closing(Store(Settings(store=place))) as store:
        while program.poll() is None:
            file = tmp_path / f"{len(newest)}.tar"
            made = backup.back_up(store, file, datetime.now(UTC))
            backup.restore(file, Settings(store=restored))
            assert proven(restored) == made.manifest.newest
            newest.append(made.manifest.newest)
            shutil.rmtree(restored)
        assert program.returncode == 0
    assert newest == sorted(newest)
    assert len(set(newest)) >= 3, "no publish went on meanwhile"
