"""The supervisor: what ends is started again, what must not be left is stopped.

The children are small servers, so that their lives and ends are what is looked at.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onemind.errors import NotPossibleNow
from onemind.replicas import proxy, supervisor
from onemind.replicas.supervisor import Child, supervise
from onemind.settings import ROOT
from tests.support.replicated import alive, children_of
from tests.support.waiting import eventually, free_port

REPLICA = """
import http.server, sys
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()
"""
SERVE = f"""
import shutil, sys
from onemind.replicas import proxy, supervisor
name = sys.argv[2]
supervisor.found = lambda: (proxy.PROXIES[name], shutil.which(name))
supervisor._replica = lambda port: [sys.executable, "-c", {REPLICA!r}, str(port)]
supervisor.supervise("127.0.0.1", int(sys.argv[1]), 2, lambda address: print(address, flush=True))
"""


NEEDS_A_PROXY = pytest.mark.skipif(
    not any(map(shutil.which, proxy.PROXIES)), reason="no proxy is installed"
)
BOTH = pytest.mark.parametrize("name", list(proxy.PROXIES))


@contextmanager
def served(name: str = "haproxy") -> Iterator[subprocess.Popen[str]]:
    """A supervisor with two small replicas and the proxy; what it leaves behind is killed."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    command = [sys.executable, "-c", SERVE, str(free_port()), name]
    pids: set[int] = set()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline().startswith("http://127.0.0.1:")
            assert len(children_of(child.pid)) == 3
            pids = family(child.pid)
            yield child
        finally:
            child.kill()
            for pid in filter(alive, pids):
                os.kill(pid, signal.SIGKILL)


def family(pid: int) -> set[int]:
    """Its children and theirs: nginx has workers."""
    return {each for own in children_of(pid) for each in (own, *children_of(own))}


def replicas(pid: int) -> set[int]:
    return {pid for pid, command in children_of(pid).items() if "http.server" in command}


def proxy_of(pid: int) -> int:
    return next(pid for pid, command in children_of(pid).items() if "http.server" not in command)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@BOTH
def test_a_signal_stops_everything(name: str, number: signal.Signals) -> None:
    with served(name) as child:
        pids = family(child.pid)
        child.send_signal(number)
        assert child.wait(20) == 0
        assert not any(map(alive, pids))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children on Linux alone")
@BOTH
def test_nothing_is_left_when_it_is_killed(name: str) -> None:
    with served(name) as child:
        pids = family(child.pid)
        child.kill()
        child.wait()
        eventually(lambda: not any(map(alive, pids)), 10)


def test_a_replica_that_was_killed_is_started_again_and_the_others_stay() -> None:
    with served() as child:
        before = replicas(child.pid)
        gone, stays = sorted(before)
        os.kill(gone, signal.SIGKILL)
        eventually(lambda: len(replicas(child.pid) - {gone}) == 2, 20)
        assert stays in replicas(child.pid)
        child.terminate()
        assert child.wait(20) == 0
        assert child.stderr is not None
        assert "ended (exit code -9). It starts again in 0.5 seconds." in child.stderr.read()


def test_when_the_proxy_ends_everything_is_stopped() -> None:
    with served() as child:
        pids = children_of(child.pid)
        os.kill(proxy_of(child.pid), signal.SIGKILL)
        assert child.wait(20) != 0
        assert not any(map(alive, pids))
        assert child.stderr is not None
        assert "so everything was stopped" in child.stderr.read()


@NEEDS_A_PROXY
def test_a_replica_that_can_not_start_is_said_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "_replica", lambda port: [sys.executable, "-c", "exit(3)"])
    before = children_of(os.getpid())  # servers that other tests of this process use
    with pytest.raises(NotPossibleNow, match="did not start"):
        supervise("127.0.0.1", free_port(), 2, print)
    assert children_of(os.getpid()) == before


@NEEDS_A_PROXY
def test_a_port_that_is_taken_is_said() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NotPossibleNow, match=f"127.0.0.1:{port} can't be used.*--port"):
            supervise("127.0.0.1", port, 2, print)


def test_the_pause_grows_while_it_ends_soon_and_not_beyond_the_longest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    child = Child("Replica 1", [sys.executable, "-c", ""], dict(os.environ))
    pauses = []
    for _ in range(9):
        _ended(child)
        now[0] += 1
        child.look()
        pauses.append(child.pause)
        now[0] += child.pause - 0.1
        child.look()
        assert not _runs(child)
        now[0] += 0.2
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    _ended(child)
    now[0] += 61  # it lived long
    child.look()
    assert child.pause == 0.5
    assert "It starts again in 30 seconds." in capsys.readouterr().err


def _ended(child: Child) -> None:
    if not _runs(child):
        child.start()
    assert child.process is not None
    child.process.wait()


def _runs(child: Child) -> bool:
    return child.process is not None


def test_the_command_refuses_what_others_reach_while_there_is_no_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from onemind import cli

    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    assert cli.main(["serve", "--address", "0.0.0.0"]) == 3
    assert "Refused to start on 0.0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "x"], ["--port", "70000"]])
def test_the_command_says_what_to_write(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from onemind import cli

    with pytest.raises(SystemExit):
        cli.main(["serve", *words])
    assert f"'{words[1]}' is not a" in capsys.readouterr().err
