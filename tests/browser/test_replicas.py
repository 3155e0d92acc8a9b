"""Two replicas behind the proxy, in a real browser: signing in, publishing, losing a replica."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from onemind import access
from onemind.access.links import Terms
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.settings import Settings
from onemind.store import Store
from tests.browser.test_signin import authorized, filled, provider
from tests.conftest import campaigning
from tests.support.replicated import COOKIE, Replicated, replicated
from tests.support.serving import Watched, visit
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.long]
WORDS = "correct horse battery"
BY = Actor("tester")
DEPARTMENTS = """\
department_id,name,type,municipality,county,state,sworn_officers
D1,Lee Police Department,municipal,Lee,Berkshire,MA,10
D2,Becket Police Department,municipal,Becket,Berkshire,MA,4
"""
PLEDGES = "department_id,pledged_on\nD1,2017-09-20\nD2,2017-09-20\n"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    folder, now = tmp_path_factory.mktemp("two"), datetime.now(UTC)
    with campaigning(folder) as made:
        made.publish(departments=DEPARTMENTS)
    with closing(AppDatabase(folder / "store")) as appdb:
        access.people.add(appdb, "ann@example.org", "admin", BY, now, WORDS)
        access.people.add(appdb, "pat@example.org", "staff", BY, now)
    with provider() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMIND_OIDC_URL", base)
        patch.setenv("ONEMIND_OIDC_CLIENT_ID", "onemind")
        patch.setenv("ONEMIND_OIDC_CLIENT_SECRET", "secret")
        with replicated(folder / "store") as served:
            yield served


def visit_to(two: Replicated, browser: Browser, replica: int) -> Watched:
    """Begin a visit that the proxy sends to one replica."""
    seen = visit(browser, two.base)
    seen.page.context.add_cookies([{"name": COOKIE, "value": str(replica), "url": two.base}])
    return seen


def signed_in(two: Replicated, browser: Browser, replica: int) -> Watched:
    seen = visit_to(two, browser, replica)
    seen.page.goto(two.base + "/methodology")
    filled(seen.page, "ann@example.org")
    seen.settle()
    return seen


def replica_of(seen: Watched) -> str:
    return next(
        str(item["value"]) for item in seen.page.context.cookies() if item["name"] == COOKIE
    )


def test_a_file_published_on_one_replica_is_seen_at_once_on_the_other(
    browser: Browser, two: Replicated, tmp_path: Path
) -> None:
    one, other = signed_in(two, browser, 1), visit_to(two, browser, 2)
    authorized(other.page, two.base, "pat")  # by the provider, on the other replica
    other.settle()
    other.faults.clear()  # the provider is another host
    other.open("/")
    expect(other.page.get_by_text("0 of 2 departments have pledged")).to_be_visible()
    (tmp_path / "pledges.csv").write_text(PLEDGES)
    one.open("/upload")
    one.page.locator("input[type=file]").set_input_files([tmp_path / "pledges.csv"])
    one.page.get_by_test_id("stBaseButton-primaryFormSubmit").click()
    expect(one.page.get_by_text("Published version 2.")).to_be_visible(timeout=60_000)
    expect(other.page.get_by_text("2 of 2 departments have pledged")).to_be_visible(timeout=30_000)
    assert (replica_of(one), replica_of(other)) == ("1", "2")
    assert one.faults == other.faults == []


def test_a_share_link_is_opened_on_any_replica(browser: Browser, two: Replicated) -> None:
    store = Store(Settings(store=two.store))
    with closing(AppDatabase(two.store)) as appdb:
        terms = Terms("NAMI")
        made = access.links.make(
            appdb, store, terms, ("Overview", "Methodology"), "ann@example.org", datetime.now(UTC)
        )
    store.close()
    for replica in (1, 2):
        seen = visit_to(two, browser, replica)
        seen.open(f"/share/{made[1]}")
        expect(seen.page.get_by_text("Shared with you:")).to_be_visible()
        seen.page.context.add_cookies(
            [{"name": COOKIE, "value": str(3 - replica), "url": two.base}]
        )
        seen.open("/methodology")  # on the other one
        expect(seen.page.get_by_text("Shared with you:")).to_be_visible()
        assert seen.faults == []


def test_a_screen_whose_replica_is_killed_goes_on_at_the_other(
    browser: Browser, two: Replicated
) -> None:
    seen = signed_in(two, browser, 1)
    seen.open("/")
    expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
    (_, gone), *_ = two.replicas().items()
    sockets: list[str] = []
    seen.page.on("websocket", lambda socket: sockets.append(socket.url))
    os.kill(gone, signal.SIGKILL)
    for _ in range(300):
        seen.page.wait_for_timeout(100)
        if sockets:
            break
    assert sockets  # it connected again
    seen.settle()
    seen.page.get_by_test_id("stTopNavLink").filter(has_text="Departments").click()
    expect(seen.page.get_by_text("Choose a row")).to_be_visible(timeout=30_000)
    eventually(lambda: len(set(two.replicas().values()) - {gone}) == 2, 60)
