"""Several processes behind a proxy, as `serve` starts them, and what is told of them by /proc."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from onemind.settings import ROOT
from tests.support import hosting
from tests.support.waiting import free_port

COOKIE = "onemind_replica"


@dataclass(frozen=True)
class Answer:
    """An answer's status and text, and its cookies as they were set."""

    status: int
    text: str
    cookies: dict[str, str]


def asked(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Ask a server of this computer in a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        lines = answer.headers.get_all("Set-Cookie") or []
        pairs = (line.partition(";")[0].partition("=") for line in lines)
        cookies = {name: value for name, _, value in pairs}
        return Answer(answer.status, answer.read().decode("utf-8", "replace"), cookies)


@dataclass
class Replicated:
    """What is served: its address, the process that looks after it, and the store."""

    base: str
    process: subprocess.Popen[bytes]
    store: Path
    log: Path

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def children(self) -> dict[int, str]:
        """The command lines of its children that live, by process id."""
        return children_of(self.process.pid)

    def replicas(self) -> dict[int, int]:
        """The process ids of the replicas, by their ports, in the order of the proxy's cookie."""
        ports = {
            int(found[1]): pid
            for pid, command in self.children().items()
            if (found := re.search(r"server\.port=(\d+)", command))
        }
        lines = Path(self.log.parent / "config").read_text(encoding="utf-8")
        order = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+) cookie", lines)]
        return {port: ports[port] for port in order if port in ports}

    def ask(self, path: str, cookie: str = "", **headers: str) -> Answer:
        """Ask for a path, following nothing."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return asked(self.port, "GET", path, b"", {"Cookie": cookie, **given})


def children_of(parent: int) -> dict[int, str]:
    """Return the command lines of a process's children that live, by process id."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, ppid = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(place.name)] = command
        except OSError:  # it has ended meanwhile
            continue
    return found


def alive(pid: int) -> bool:
    """Whether a process runs: one that ended and was not asked about yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def replicated(store: Path, *options: str, ready: bool = True) -> Iterator[Replicated]:
    """Serve a store with two replicas; whatever is left of them at the end is killed by its id."""
    if shutil.which("haproxy") is None:
        pytest.skip("HAProxy is not installed")
    port, log = free_port(), store.parent / "serve.log"
    command = [sys.executable, "-m", "onemind", "serve", "--workers", "2", "--port", str(port)]
    environment = {**os.environ, "ONEMIND_STORE": str(store), "TMPDIR": str(store.parent),
                   **hosting.environment(store)}  # fmt: skip
    seen: dict[int, str] = {}
    with log.open("wb") as file:
        child = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
        made = Replicated(f"http://127.0.0.1:{port}", child, store, log)
        try:
            if ready:
                _wait(made)
                seen = made.children()
            yield made
        finally:
            seen |= made.children()
            child.terminate()
            try:
                child.wait(30)
            finally:
                left = [pid for pid in seen if alive(pid)]
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
    assert not left, f"orphans: {[seen[pid] for pid in left]}"


def _wait(made: Replicated) -> None:
    for _ in range(1200):
        assert made.process.poll() is None, made.log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{made.base}/healthz", timeout=5):
                break
        except OSError:
            time.sleep(0.1)
    else:
        raise AssertionError("the replicas did not come up in two minutes")
    (config,) = made.store.parent.glob("onemind-*/haproxy.cfg")
    (made.log.parent / "config").write_bytes(config.read_bytes())
