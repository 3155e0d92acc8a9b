"""Trouble made for a store: a disk that fills up, a folder that can only be read, damaged files."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onemind.settings import ROOT

NOBODY = 65534
BLOCK = 4096


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Iterator[Path]:
    """Lend a folder on a small disk of its own; skips the test where that can't be made."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if not is_root() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk can be made by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path, leave: int = 0) -> Iterator[None]:
    """Fill a small disk, but for some blocks of 4 KB; free it again at the end."""
    path = disk / "filling"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(BLOCK))
        except OSError:
            pass
        file.truncate(max(file.tell() // BLOCK - leave, 0) * BLOCK)
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write below a folder, not even root; skips the test where that can't be."""
    if not is_root():
        places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for path in places:
            path.chmod(0o555)
        try:
            yield
        finally:
            for path in places:
                path.chmod(0o755)
        return
    bind = ["mount", "--bind", str(folder), str(folder)]
    lock = ["mount", "-o", "remount,ro,bind", str(folder)]
    if any(subprocess.run(command, capture_output=True).returncode for command in (bind, lock)):
        pytest.skip("a folder can't be made read-only here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def flipped(path: Path, chance: random.Random) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def truncated(path: Path, chance: random.Random) -> None:
    """Cut a file off somewhere."""
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def data_files(store: Path, dataset: str = "*") -> list[Path]:
    """The Parquet files of a dataset, the oldest first."""
    return sorted((store / "data").rglob(f"{dataset}/*.parquet"), key=lambda path: path.name)


def command(store: Path, *words: str) -> tuple[int, str, str]:
    """Run a command on a store in a process of its own; its exit code and what it wrote."""
    environment = {**os.environ, "ONEMIND_STORE": str(store)}
    done = subprocess.run(
        [sys.executable, "-m", "onemind", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def copied(store: Path, target: Path) -> Path:
    """Copy a store that nobody has open."""
    return Path(shutil.copytree(store, target))
