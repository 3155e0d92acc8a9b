"""The servers of a hosted set-up, on free ports of this computer: PostgreSQL and an S3 server."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest

from onemind.settings import Bucket
from tests.support.waiting import HOST, free_port

SECONDS = 60


def listening(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as visitor:
        visitor.settimeout(1)
        return visitor.connect_ex((HOST, port)) == 0


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + SECONDS
    while not listening(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Nobody listens on port {port}.")
        time.sleep(0.05)


def missing(what: str) -> None:
    """Skip where a server is not there; on a build machine that is a failure."""
    message = f"{what} is not installed: see .ci/services."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def _program(name: str) -> str:
    found = shutil.which(name) or next(
        map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if not found:
        missing("PostgreSQL")
    return str(found)


@dataclass
class PostgreSQL:
    """A server of PostgreSQL; it does not run as root, so `user` is whoever it runs as."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make what it keeps in its folder."""
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        command = [_program("initdb"), "-D", str(self.folder / "data"), "-A", "trust", "-U", "test"]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self.folder)

    @property
    def _user(self) -> int | None:
        if os.getuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                return pwd.getpwnam(name).pw_uid
        return None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            _program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-k", str(self.folder), "-c", f"listen_addresses={HOST}", "-c", "max_connections=300",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, user=self._user, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Stop it: by SIGINT at once and in order, by SIGQUIT as in a crash."""
        if self.process:
            self.process.send_signal(sign)
            self.process.wait(SECONDS)
            self.process = None

    def address(self, database: str, port: int | None = None) -> str:
        """Return the address of a database, through another port where one is given."""
        return f"postgresql://test@{HOST}:{port or self.port}/{database}"

    def database(self) -> str:
        """Make a new database and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as con:
            con.execute(f"create database {name}".encode())
        return name


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Lend a running server of PostgreSQL; its folder is not one of ours, which it can't enter."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgreSQL(Path(folder))
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class Storage:
    """An S3 server."""

    port: int

    def bucket(self, port: int | None = None) -> Bucket:
        """Make a new bucket; it is reached through another port where one is given."""
        name = f"test-{secrets.token_hex(6)}"
        request = Request(f"http://{HOST}:{self.port}/{name}", method="PUT")
        urlopen(request, timeout=SECONDS).close()
        endpoint = f"http://{HOST}:{port or self.port}"
        return Bucket(name, "campaign", "key", "secret", endpoint=endpoint)


@contextmanager
def storage() -> Iterator[Storage]:
    """Lend a running S3 server; it keeps everything in its memory."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("moto_server")), "-H", HOST, "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield Storage(port)
    finally:
        process.terminate()
        process.wait(SECONDS)
