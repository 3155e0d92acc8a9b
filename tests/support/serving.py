"""A real server on a free port of this computer, and a real browser, for who needs them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from onemind.settings import ROOT
from tests.support import hosting
from tests.support.waiting import free_port

expect.set_options(timeout=30_000)  # a busy machine takes its time; a test that passes does not
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
Scheme = Literal["light", "dark"]
FITS = """[document.documentElement, document.querySelector('[data-testid=stMain]')]
    .every(part => !part || part.scrollWidth <= window.innerWidth)"""
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def serving(store: Path, *options: str, ready: str = "/healthz") -> Iterator[str]:
    """Start the dashboard on a store and lend its address; it is stopped by its own process id.

    Nothing is asked of it first where `ready` is empty.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    given = [f"--server.port={port}", "--server.headless=true", *options]
    log = (store.parent / "server.log").open("wb")
    environment = {**os.environ, "ONEMIND_STORE": str(store), **hosting.environment(store)}
    server = subprocess.Popen([*command, *given], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        if ready:
            _wait(f"http://127.0.0.1:{port}{ready}", server)
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
    """A page whose console errors, failed answers and requests to other hosts are noted."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    sent: list[str | bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("websocket", lambda socket: socket.on("framesent", self._keep))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._note)
        self.page.on("response", self._answered)

    def _keep(self, message: str | bytes) -> None:
        self.sent.append(message)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

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
        running = self.page.locator("[data-test-script-state=notRunning]")
        running.wait_for(state="attached", timeout=30_000)
        expect(self.page.locator("[data-stale=true]")).to_have_count(0, timeout=30_000)


def visit(
    browser: Browser, base: str, size: ViewportSize = DESKTOP, scheme: Scheme = "light"
) -> Watched:
    """Begin a visit of its own to a server, with nothing kept from any other."""
    return Watched(browser.new_context(viewport=size, color_scheme=scheme).new_page(), base)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen: not the page, and not the part that scrolls."""
    return bool(page.evaluate(FITS))


def until(page: Page, expression: str, argument: str) -> Any:
    """Wait until a function in the page gives something, and return it.

    Playwright's own way evaluates a text in the page, which our content security policy forbids.
    """
    for _ in range(300):
        if found := page.evaluate(expression, argument):
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"{argument} did not come in 30 seconds")
