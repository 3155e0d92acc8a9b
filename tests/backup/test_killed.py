"""Killed at any moment, or on a full disk: there is a whole backup, or none; a store, or none."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import backup
from onemind.backup.archive import unpack
from onemind.settings import ROOT, Settings
from onemind.store import Store
from tests.backup.conftest import Full, names

KILLS = [3, pytest.param(10, marks=pytest.mark.long)]
MAKE = """
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from onemind import backup
from onemind.settings import Settings
from onemind.store import Store
store, folder = Store(Settings(store=Path(sys.argv[1]))), Path(sys.argv[2])
for number in count(int(sys.argv[3])):
    print("begin", flush=True)
    backup.back_up(store, folder, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number))
    print("done", flush=True)
"""
RESTORE = """
import sys
from itertools import count
from pathlib import Path
from onemind import backup
from onemind.settings import Settings
for number in count(int(sys.argv[3])):
    print("begin", flush=True)
    backup.restore(Path(sys.argv[1]), Settings(store=Path(sys.argv[2]) / str(number)))
    print("done", flush=True)
"""


def kill(code: str, *arguments: object, chance: random.Random) -> None:
    """Run a program that begins again and again, and kill it in the middle of a second turn."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "begin\n"
            begun = time.monotonic()
            assert program.stdout.readline() == "done\n"
            took = time.monotonic() - begun
            assert program.stdout.readline() == "begin\n"
            time.sleep(chance.random() * took)
        finally:
            program.kill()
    assert program.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kills", KILLS)
def test_a_backup_that_is_killed_leaves_no_half_file(
    full: Full, tmp_path: Path, kills: int
) -> None:
    chance = random.Random(kills)
    for turn in range(kills):
        kill(MAKE, full.store.settings.store, tmp_path, turn * 1000, chance=chance)
        named = sorted(tmp_path.glob("[!.]*"))
        assert len(named) > turn
        assert all(unpack.read(path).newest == 4 for path in named)
    backup.back_up(full.store, tmp_path, datetime.now(UTC))
    assert list(tmp_path.glob(".*")) == [], "what the killed ones left is removed by the next"


@pytest.mark.parametrize("kills", KILLS)
def test_a_restore_that_is_killed_leaves_a_whole_store_or_none(
    full: Full, tmp_path: Path, kills: int
) -> None:
    chance = random.Random(kills)
    for turn in range(kills):
        kill(RESTORE, full.file, tmp_path, turn * 1000, chance=chance)
        for place in tmp_path.glob("[!.]*"):
            with closing(Store(Settings(store=place))) as store:
                assert names(store, 4) == ["Lee", "Lynnfield"]
    backup.restore(full.file, Settings(store=tmp_path / "last"))
    assert list(tmp_path.glob(".*")) == []


def limited(size: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command that can't write a file beyond a size, as on a disk that is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [sys.executable, "-m", "onemind", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit)


def test_on_a_full_disk_there_is_no_backup_and_a_sentence(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(full.store.settings.store))
    done = limited(60_000, "backup", tmp_path)
    assert done.returncode == 3
    assert "No backup was made" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [3_000, 60_000])
def test_on_a_full_disk_nothing_is_restored(full: Full, tmp_path: Path, size: int) -> None:
    done = limited(size, "restore-backup", full.file, "--to", tmp_path / "store")
    assert done.returncode == 3
    assert "File too large" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kilobytes", [100, 330, 360])
def test_on_a_disk_that_fills_up_nothing_is_left(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kilobytes: int
) -> None:
    """A file system of memory, where this user may mount one."""
    monkeypatch.setenv("ONEMIND_STORE", str(full.store.settings.store))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting needs more rights")
    try:
        for words in (["backup", disk], ["restore-backup", full.file, "--to", disk / "store"]):
            done = limited(resource.RLIM_INFINITY, *words)
            assert done.returncode in (1, 3) and "Traceback" not in done.stderr, done.stderr
            assert len(done.stderr) < 400, done.stderr
            assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
