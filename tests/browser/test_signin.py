"""Signing in as people do it: by password and with a real provider, in a real browser."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from onemind import access
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from tests.support.serving import serving, visit
from tests.support.waiting import free_port

pytestmark = pytest.mark.browser
WORDS = "correct horse battery"
BY = Actor("tester")
NOW = datetime(2026, 6, 30, tzinfo=UTC)


@contextmanager
def provider() -> Iterator[str]:
    """Start a real provider on this computer, which knows Pat (verified) and Eve (not)."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    started = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for name, claims in (
            ("pat", {"email": "pat@example.org", "email_verified": True, "groups": ["om-staff"]}),
            ("eve", {"email": "ann@example.org", "email_verified": False}),
        ):
            _put(f"{base}/users/{name}", claims)
        yield base
    finally:
        started.terminate()
        started.wait(10)


def _put(address: str, claims: dict[str, object]) -> None:
    asked = urllib.request.Request(
        address, json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(asked, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the provider did not come up in 10 seconds")


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("hosted") / "store"
    with closing(AppDatabase(folder)) as appdb:
        access.people.add(appdb, "ann@example.org", "admin", BY, NOW, WORDS)
        access.people.add(appdb, "vic@example.org", "viewer", BY, NOW, WORDS)
    with provider() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMIND_OIDC_URL", base)
        patch.setenv("ONEMIND_OIDC_CLIENT_ID", "onemind")
        patch.setenv("ONEMIND_OIDC_CLIENT_SECRET", "secret")
        patch.setenv("ONEMIND_OIDC_ROLES_CLAIM", "")
        with serving(folder) as address:
            yield address, folder


def filled(page: Page, email: str, password: str = WORDS) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_deep_link_survives_signing_in_and_signing_out_everywhere_reaches_every_tab(
    browser: Browser, hosted: tuple[str, Path]
) -> None:
    base, _ = hosted
    one, two = visit(browser, base), visit(browser, base)
    for seen in (one, two):
        seen.page.goto(f"{base}/methodology?county=Dukes")
        expect(seen.page.get_by_role("heading", name="Sign in")).to_be_visible()
        filled(seen.page, "ann@example.org")
        seen.settle()
        assert seen.page.url == f"{base}/methodology?county=Dukes"
        assert seen.faults == []
    one.page.get_by_role("link", name="Account and sign out").click()
    one.page.get_by_role("button", name="Sign out everywhere").click()
    expect(one.page.get_by_text("You are signed out")).to_be_visible()
    expect(two.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=4_000)
    assert "next=%2Fmethodology" in two.page.url
    one.page.goto(base + "/people")
    expect(one.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_somebody_disabled_while_a_page_is_open_lands_on_signing_in(
    browser: Browser, hosted: tuple[str, Path]
) -> None:
    base, folder = hosted
    seen = visit(browser, base)
    seen.page.goto(base + "/methodology")
    filled(seen.page, "vic@example.org")
    seen.settle()
    with closing(AppDatabase(folder)) as appdb:
        access.people.disable(appdb, "vic@example.org", BY, NOW)
    expect(seen.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=4_000)
    filled(seen.page, "vic@example.org")
    expect(seen.page.get_by_text("Incorrect email address or password")).to_be_visible()


def authorized(page: Page, base: str, sub: str) -> None:
    page.goto(base + "/methodology?state=MA")
    page.get_by_role("link", name="Sign in with Company").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_a_real_provider_lets_in_who_is_on_the_list_and_nobody_else(
    browser: Browser, hosted: tuple[str, Path]
) -> None:
    base, folder = hosted
    stranger, eve = (browser.new_context().new_page() for _ in range(2))
    authorized(stranger, base, "pat")
    expect(stranger.get_by_text("you are pat@example.org, who has no account here")).to_be_visible()
    authorized(eve, base, "eve")  # says she is Ann, and her provider does not vouch for it
    expect(eve.get_by_text("who has no account here")).to_be_visible()
    with closing(AppDatabase(folder)) as appdb:
        access.people.add(appdb, "pat@example.org", "staff", BY, NOW)
    pat = browser.new_context().new_page()
    authorized(pat, base, "pat")
    expect(pat.get_by_text("Signed in as pat@example.org (staff)")).to_be_visible(timeout=30_000)
    assert pat.url == f"{base}/methodology?state=MA"


def test_a_sign_in_begun_elsewhere_is_not_finished_here(
    browser: Browser, hosted: tuple[str, Path]
) -> None:
    """Somebody sends a sign-in of their own to a victim, who would then work as somebody else."""
    attacker, victim = (browser.new_context().new_page() for _ in range(2))
    begun = attacker.request.get(hosted[0] + "/login/company", max_redirects=0)
    victim.goto(begun.headers["location"])
    victim.locator("input[name=sub]").fill("pat")
    victim.get_by_role("button", name="Authorize").click()
    expect(victim.get_by_text("started elsewhere")).to_be_visible()


def test_a_server_with_a_page_open_stops_at_once(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_OIDC_URL", "")  # the other tests' server has a provider
    begun = 0.0
    with serving(tmp_path / "store") as base:
        seen = visit(browser, base)
        seen.open("/")
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
