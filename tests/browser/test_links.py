"""A share link in a real browser: opened, reloaded, revoked while open, ended, frozen, embedded."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from onemind import access
from onemind.access.links import Terms
from onemind.access.sessions import key_of, new_token
from onemind.appdb import AppDatabase, Link, Person
from onemind.campaign import Scope
from onemind.settings import Settings
from onemind.store import Store
from onemind.words import long_day
from tests.conftest import campaigning
from tests.support.serving import PHONE, Watched, fits, serving, visit

pytestmark = pytest.mark.browser
TITLES = ("Overview", "Departments", "Department", "Training", "Methodology")
DEPARTMENTS = "department_id,name,type,county,state,sworn_officers\n" + "".join(
    f"D{n},Town {n},municipal,{county},MA,{10 + n}\n"
    for n, county in enumerate(("Essex", "Essex", "Essex", "Dukes", "Dukes"))
)
PLEDGES = "department_id,pledged_on\nD0,2024-01-01\nD1,2025-01-01\nD3,2025-01-01\n"
ESSEX = Scope(state=("MA",), county=("Essex",))


@dataclass
class Shared:
    """A server whose links this test makes and ends."""

    base: str
    store: Path
    appdb: AppDatabase

    def link(self, label: str = "NAMI Essex", **given: Any) -> str:
        """Create a link and return its token."""
        store = Store(Settings(store=self.store))
        terms = Terms(label, **{"scope": ESSEX, **given})
        made = access.links.make(self.appdb, store, terms, TITLES, "pat@example.org", now())
        store.close()
        return made[1]

    def of(self, token: str) -> Link:
        """Return the link of a token as it is now."""
        found = self.appdb.links.by_token(key_of(token))
        assert found
        return found


def now() -> datetime:
    return datetime.now(UTC)


def publish(store: Path, **csvs: str) -> None:
    with campaigning(store.parent) as made:
        made.publish(**csvs)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    store = tmp_path_factory.mktemp("links") / "store"
    publish(store, departments=DEPARTMENTS, pledges=PLEDGES)
    appdb = AppDatabase(store)
    appdb.people.add(Person("p1", "pat@example.org", "staff", None, None, "x", now(), None))
    with serving(store) as base:
        yield Shared(base, store, appdb)
    appdb.close()


@pytest.fixture
def watched(shared: Shared, browser: Browser) -> Iterator[Watched]:
    found = visit(browser, shared.base, PHONE)
    yield found
    found.page.context.close()


def test_a_link_opens_survives_reload_and_pages_and_ends_while_it_is_open(
    shared: Shared, watched: Watched
) -> None:
    token = shared.link(pages=("Overview", "Departments"))
    watched.open(f"/share/{token}")
    page = watched.page
    expect(page.get_by_text("Shared with you: Massachusetts, county Essex")).to_be_visible()
    assert token not in page.url
    page.reload()
    watched.settle()
    watched.open("/departments")
    expect(page.get_by_text("Shared with you:")).to_be_visible()
    expect(page.get_by_text("Dukes")).to_have_count(0)
    assert page.get_by_text("Download", exact=False).count() == 0
    assert fits(page)
    assert watched.faults == []
    assert shared.of(token).uses == 1
    access.links.revoke(shared.appdb, shared.of(token).id, "pat@example.org", now())
    expect(page.get_by_role("heading", name="This link has ended")).to_be_visible(timeout=5_000)
    page.reload()
    expect(page.get_by_text("Ask the person who sent it")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Continue without it").click()
    page.wait_for_url("**/login**")


def test_a_page_the_link_was_not_made_for_is_refused(shared: Shared, watched: Watched) -> None:
    watched.open(f"/share/{shared.link(pages=('Departments', 'Training'))}")
    expect(watched.page.get_by_role("heading", level=1)).to_have_text("Departments")
    assert watched.page.url.endswith("/departments")
    watched.page.goto(f"{shared.base}/")
    watched.settle()
    assert watched.page.url.endswith("/departments")
    answer = watched.page.goto(f"{shared.base}/methodology")
    assert answer
    assert answer.status == 403


def test_a_link_that_ended_and_one_that_never_was_say_so(shared: Shared, watched: Watched) -> None:
    token = new_token()
    known = shared.of(shared.link())
    yesterday = date.today() - timedelta(days=2)
    shared.appdb.links.add(replace(known, id="old", token_hash=key_of(token), expires_on=yesterday))
    answer = watched.page.goto(f"{shared.base}/share/{token}")
    assert answer
    assert answer.status == 410
    expect(watched.page.get_by_text(f"This link ended on {long_day(yesterday)}.")).to_be_visible()
    watched.page.goto(f"{shared.base}/share/{new_token()}")
    expect(watched.page.get_by_role("heading", name="There is no such link")).to_be_visible()


def test_a_passphrase_is_asked_for_once(shared: Shared, watched: Watched) -> None:
    token = shared.link(passphrase="one in five officers")
    page = watched.page
    page.goto(f"{shared.base}/share/{token}")
    page.get_by_label("Passphrase").fill("all of them")
    assert watched.faults == []
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_have_text("Incorrect passphrase.")
    page.get_by_label("Passphrase").fill("one in five officers")
    page.get_by_role("button", name="Open").click()
    watched.settle()
    expect(page.get_by_text("Shared with you:")).to_be_visible()
    assert token not in page.url


@contextmanager
def site(html: str) -> Iterator[str]:
    """Serve a page of another site on this computer and lend its origin."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_link_is_embedded_in_a_site_it_allows_and_in_no_other(
    shared: Shared, browser: Browser
) -> None:
    with site("<h1>Ours</h1><iframe width=900 height=700></iframe>") as ours:
        token = shared.link(sites=(ours,))
        framed = f"{shared.base}/share/{token}?embed=true"
        page = browser.new_page()
        put(page, ours, framed)
        inside = page.frame_locator("iframe")
        expect(inside.get_by_text("Shared with you:")).to_be_visible(timeout=30_000)
        expect(inside.get_by_role("heading", level=1)).to_have_text("Overview")
        cookies = [item["name"] for item in page.context.cookies(shared.base)]
        assert cookies in ([], ["__Host-onemind_embed"])
        with site("<h1>Theirs</h1><iframe width=900 height=700></iframe>") as theirs:
            with page.expect_event("requestfailed", lambda asked: asked.frame.parent_frame):
                put(page, theirs, framed)
            assert page.frame_locator("iframe").get_by_text("Shared with you:").count() == 0
        page.close()


def put(page: Page, origin: str, framed: str) -> None:
    page.goto(origin)
    page.evaluate("address => { document.querySelector('iframe').src = address }", framed)


def test_a_frozen_link_never_sees_newer_data(shared: Shared, watched: Watched) -> None:
    token, live = shared.link(version=1), shared.link()
    publish(shared.store, pledges=PLEDGES + "D2,2026-01-01\n")
    watched.open(f"/share/{token}")
    expect(watched.page.get_by_text("fixed at version 1")).to_be_visible()
    expect(watched.page.get_by_text("2 of 3 departments have pledged")).to_be_visible()
    watched.open("/?version=2")
    expect(watched.page.get_by_text("2 of 3 departments have pledged")).to_be_visible()
    watched.page.goto("about:blank")  # else what the page still fetches is refused without a cookie
    watched.page.context.clear_cookies()
    watched.open(f"/share/{live}")
    expect(watched.page.get_by_text("3 of 3 departments have pledged")).to_be_visible()
    assert watched.faults == []
