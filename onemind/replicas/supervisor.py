"""Looks after the children, the replicas and their proxy: a replica that ends is started again.

Each child is stopped by its own process id. On Linux the kernel ends them when we are killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import FrameType

from onemind import settings
from onemind.errors import NotPossibleNow
from onemind.replicas.proxy import HEALTH, LOOPBACK, Plan, Proxy, found

LOOK, STARTING, ENDING = 0.2, 120.0, 15.0  # seconds
FIRST, LONGEST, STEADY = 0.5, 30.0, 60.0  # seconds until a new start, and of a life that resets it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A program that we keep running; `last` is the signal that it gets when we are killed."""

    name: str
    command: list[str]
    environment: dict[str, str]
    last: int = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    due: float = 0.0
    pause: float = FIRST / 2

    def start(self) -> None:
        """Start it, in a process group of its own: a Ctrl-C is for us alone."""
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environment, process_group=0,
            preexec_fn=_tied(os.getpid(), self.last),
        )  # fmt: skip

    @property
    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def look(self) -> None:
        """Note that it has ended, and start it again once its pause is over.

        The pause doubles with each end that comes soon after the start.
        """
        now, code = time.monotonic(), self.ended
        if self.process is None and now >= self.due:
            self.start()
        elif code is not None:
            self.pause = FIRST if now - self.begun > STEADY else min(2 * self.pause, LONGEST)
            self.process, self.due = None, now + self.pause
            print(
                f"{self.name} ended (exit code {code}). It starts again in {self.pause:g} seconds.",
                file=sys.stderr, flush=True,
            )  # fmt: skip


def _tied(parent: int, last: int) -> Callable[[], None]:
    """Return what a child does first: it asks the kernel for a signal when its parent ends."""

    def tie() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, last)
            if os.getppid() != parent:  # it ended before we asked
                os._exit(1)

    return tie


class Supervisor:
    """The children of one plan; `run` returns when all have ended."""

    def __init__(
        self, plan: Plan, proxy: Proxy, path: str, folder: Path, tell: Callable[[str], None]
    ) -> None:
        self.plan, self._tell, self._stop = plan, tell, Event()
        config = folder / proxy.file
        config.write_text(proxy.config(plan, folder), encoding="utf-8")
        folder.chmod(0o711)  # nginx's workers are somebody else where it is started by root
        self.replicas = [
            Child(f"Replica {number}", _replica(port), _environment(plan))
            for number, port in enumerate(plan.ports, 1)
        ]
        last = signal.SIGKILL if proxy.single else signal.SIGTERM
        command = proxy.command(path, config)
        self.proxy = Child(proxy.title, command, settings.environment(), last)

    def run(self) -> None:
        """Start everything and look after it until a signal comes.

        Raises NotPossibleNow when a replica can't start, or when the proxy ends.
        """
        before = {number: signal.signal(number, self._told) for number in SIGNALS}
        try:
            self._start()
            while not self._stop.wait(LOOK):
                self._look()
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, number: int, frame: FrameType | None) -> None:
        if self._stop.is_set():  # again, so without waiting
            for child in self._running():
                child.kill()
        self._stop.set()

    def _start(self) -> None:
        """Start one replica and then, once it has made what a new store lacks, all others."""
        self.replicas[0].start()
        self._await(self.replicas[:1])
        for replica in self.replicas[1:]:
            replica.start()
        self._await(self.replicas)
        if not self._stop.is_set():
            self.proxy.start()
            self._look_at_the_proxy()
            self._tell(f"http://{self.plan.bind}")

    def _await(self, replicas: list[Child]) -> None:
        """Wait until each answers that it is well."""
        deadline = time.monotonic() + STARTING
        for replica, port in zip(replicas, self.plan.ports, strict=False):
            while not _is_well(port) and not self._stop.wait(LOOK):
                if replica.ended is not None:
                    raise NotPossibleNow("The dashboard did not start; it said why above.")
                if time.monotonic() > deadline:
                    raise NotPossibleNow(f"{replica.name} gave no answer in {STARTING:.0f} s.")

    def _look(self) -> None:
        self._look_at_the_proxy()
        for replica in self.replicas:
            replica.look()

    def _look_at_the_proxy(self) -> None:
        if self.proxy.ended is not None:
            raise NotPossibleNow(
                f"{self.proxy.name} ended (exit code {self.proxy.ended}), so everything was "
                "stopped. What it said is above."
            )

    def _running(self) -> list[subprocess.Popen[bytes]]:
        children = [child.process for child in (self.proxy, *self.replicas)]
        return [child for child in children if child is not None and child.poll() is None]

    def _end(self) -> None:
        """Stop each child; what has not ended in time is killed."""
        self._stop.set()
        for child in self._running():
            child.terminate()
        deadline = time.monotonic() + ENDING
        while self._running() and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._running():
            child.kill()
            child.wait()


def supervise(address: str, port: int, number: int, tell: Callable[[str], None]) -> None:
    """Serve with so many replicas until a signal comes; `tell` hears the address once all answer.

    Raises NotPossibleNow where there is no proxy, the port is taken, or something does not start;
    WrongUse when the address is none.
    """
    chosen = settings.load()
    proxy, path = found()
    ports = _free(number)
    secure = chosen.url.startswith("https://")
    plan = Plan(address, port, ports, chosen.proxies, chosen.max_upload, secure)
    _try(plan)
    with tempfile.TemporaryDirectory(prefix="onemind-") as folder:
        Supervisor(plan, proxy, path, Path(folder), tell).run()


def _free(number: int) -> tuple[int, ...]:
    """Return free ports of this computer; all are held at once, so that they differ."""
    probes = [socket.create_server((LOOPBACK, 0)) for _ in range(number)]
    ports = tuple(probe.getsockname()[1] for probe in probes)
    for probe in probes:
        probe.close()
    return ports


def _try(plan: Plan) -> None:
    """See that the proxy can listen; raises NotPossibleNow when it can't."""
    host = plan.bind.rpartition(":")[0].strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, plan.port), family=family).close()
    except OSError as error:
        raise NotPossibleNow(
            f"{plan.bind} can't be used: {error.strerror}. Choose another port with --port."
        ) from error


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}{HEALTH}", timeout=5) as answer:  # nosec B310
            return bool(answer.status == 200)
    except OSError:
        return False


def _replica(port: int) -> list[str]:
    return [
        sys.executable, "-m", "streamlit", "run", str(settings.ROOT / "dashboard.py"),
        f"--server.address={LOOPBACK}", f"--server.port={port}", "--server.headless=true",
        "--server.showEmailPrompt=false", "--logger.hideWelcomeMessage=true",
    ]  # fmt: skip


def _environment(plan: Plan) -> dict[str, str]:
    """Return a replica's environment: it shares, and believes the proxy where that says who asks.

    On this computer alone the proxy says nothing of its own, so nobody more is believed.
    """
    proxies = plan.proxies if plan.is_local else dict.fromkeys((*plan.proxies, LOOPBACK))
    return settings.environment(
        ONEMIND_PROXIES=", ".join(proxies), ONEMIND_REPLICAS=str(len(plan.ports))
    )
