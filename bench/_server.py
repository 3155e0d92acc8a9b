"""The server under measure: an app of its own process, with its processor time and memory."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench._national import home
from onemind import ingest, publishing
from onemind.settings import ROOT, SAMPLE, Settings
from onemind.store import Store

TICKS = os.sysconf("SC_CLK_TCK")
APPS = Path(__file__).parent / "apps"
DASHBOARD, WITH_EMPTY, PLAIN = ROOT / "dashboard.py", APPS / "with_empty.py", APPS / "plain.py"


@dataclass(frozen=True)
class Server:
    """A running server: its address and process; behind a proxy the children count too."""

    address: str
    pid: int

    def busy(self) -> float:
        """Return the seconds of processor time it has used."""
        return sum(map(_busy, _family(self.pid)))

    def megabytes(self) -> float:
        """Return its memory; of several processes what they share counts for each."""
        return sum(map(_megabytes, _family(self.pid)))


def _family(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _busy(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise AssertionError("no such process")


@contextmanager
def serving(
    store: Path, app: Path = DASHBOARD, options: tuple[str, ...] = (), workers: int = 1
) -> Iterator[Server]:
    """Start an app on a store and lend it; it is stopped by its own process id.

    With `workers` it is the dashboard in so many processes behind a proxy.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = [f"--server.port={port}", "--server.headless=true", *options]
    environment = {**os.environ, "ONEMIND_STORE": str(store), "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        script = _beside_the_pages(app, Path(folder))
        command = [sys.executable, "-m", "streamlit", "run", str(script), *given]
        if workers > 1:
            command = [sys.executable, "-m", "onemind", "serve", f"--port={port}",
                       f"--workers={workers}"]  # fmt: skip
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}", child)
            yield Server(f"http://127.0.0.1:{port}", child.pid)
        finally:
            child.terminate()
            child.wait(20)


def _beside_the_pages(app: Path, folder: Path) -> Path:
    """Return the script; one of bench/apps is run from a folder that links to the pages."""
    if app == DASHBOARD:
        return app
    for file in APPS.glob("*.py"):
        shutil.copy(file, folder)
    for name in ("pages", ".streamlit"):
        (folder / name).symlink_to(ROOT / name)
    return folder / app.name


def _wait(address: str, child: subprocess.Popen[bytes]) -> None:
    for _ in range(1800):
        if child.poll() is not None:
            raise SystemExit("the server stopped at its start")
        try:
            with urllib.request.urlopen(address + "/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up in three minutes")


def sample_store(folder: Path | None = None) -> Path:
    """Return a store that holds the sample campaign's rows, as if they were real; made once."""
    place = (folder or home()) / "sample-store"
    store = Store(Settings(store=place))
    if store.current() is None:
        with tempfile.TemporaryDirectory() as name:
            copies = [Path(name) / path.name for path in sorted(SAMPLE.glob("*.csv"))]
            for copy in copies:  # a byte more: else a publish would drop it all as the sample
                copy.write_bytes((SAMPLE / copy.name).read_bytes() + b"\n")
            files = [ingest.Upload(copy, copy.name) for copy in copies]
            publishing.publish(
                store, files, publishing.Options(today=date.today()), "bench", "sample"
            )
    store.close()
    return place
