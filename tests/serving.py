"""A real server on a free port of this computer, and a real browser, for who needs them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from onemind.settings import ROOT

expect.set_options(timeout=20_000)  # a busy machine takes its time; a test that passes does not
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def serving(store: Path, *options: str) -> Iterator[str]:
    """Start the dashboard on a store and lend its address; it is stopped by its own process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    given = [f"--server.port={port}", "--server.headless=true", *options]
    log = (store.parent / "server.log").open("wb")
    environment = {**os.environ, "ONEMIND_STORE": str(store)}
    server = subprocess.Popen([*command, *given], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server stopped at its start"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up in 30 seconds")


@contextmanager
def browsing() -> Iterator[Browser]:
    """Lend a Chromium: the one $CHROMIUM names; without one the test is skipped, but not in CI."""
    path = os.environ.get("CHROMIUM")
    if not path:
        assert os.environ.get("CI") != "true", "there is no Chromium for the browser tests"
        pytest.skip("there is no Chromium: set $CHROMIUM to its path")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page whose console errors, failed answers and requests to other hosts are noted.

    So is each message it sends to the script.
    """

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    sent: list[str | bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("websocket", lambda socket: socket.on("framesent", self._keep))
        self.page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._note)
        self.page.on(
            "response",
            lambda r: r.status >= 400 and self.faults.append(f"{r.status} {r.url}"),
        )

    def _keep(self, message: str | bytes) -> None:
        self.sent.append(message)

    def _note(self, request: Request) -> None:
        own = (self.base, self.base.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(own):
            self.faults.append(f"asked another host: {request.url}")

    def open(self, path: str = "/") -> None:
        """Go to a page and wait until its script has run."""
        self.page.goto(self.base + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has a title, and nothing runs any more."""
        self.page.get_by_role("heading", level=1).wait_for(timeout=30_000)
        self.page.wait_for_function(
            "document.querySelector('[data-test-script-state=notRunning]')"
            " && !document.querySelector('[data-stale=true]')",
            timeout=30_000,
        )
