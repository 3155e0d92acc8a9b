"""PostgreSQL is gone: whoever reads goes on, staff are told, and it mends itself."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, expect

from onemind.settings import Settings
from tests.conftest import Campaign
from tests.hosted.test_replicas import PLEDGE, TOWN, training
from tests.support.serving import browsing, serving, visit
from tests.support.waiting import eventually
from tests.support.wire import Wire

pytestmark = pytest.mark.browser
Replica = Callable[[str], Campaign]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Lend a Chromium to this file."""
    with browsing() as found:
        yield found


@pytest.fixture
def served(hosted: Settings, replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a hosted store with one department, and lend its address."""
    bucket = hosted.bucket
    assert bucket
    for name, value in {
        "ONEMIND_CATALOG": hosted.catalog, "ONEMIND_DATA": bucket.address,
        "AWS_ACCESS_KEY_ID": bucket.key, "AWS_SECRET_ACCESS_KEY": bucket.secret,
        "AWS_ENDPOINT_URL": bucket.endpoint,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    one = replica("publisher")
    one.publish(departments=TOWN, pledges=PLEDGE)
    one.publish(training=training("1"))
    with serving(hosted.store, ready="/readyz") as address:
        yield address


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_readers_go_on_while_postgresql_is_gone(
    served: str, chromium: Browser, to_postgres: Wire
) -> None:
    before = visit(chromium, served)
    before.page.goto(served + "/departments")
    expect(before.page.get_by_text("1 department. Choose a row")).to_be_visible()
    to_postgres.cut()
    eventually(lambda: status(f"{served}/readyz") == 503, 30)
    assert status(f"{served}/healthz") == 200
    after = visit(chromium, served)
    after.page.goto(served + "/departments")
    expect(after.page.get_by_text("1 department. Choose a row")).to_be_visible()
    expect(
        after.page.get_by_text("The database of ONEMIND_CATALOG").first
    ).to_be_visible()  # the banner, for staff
    to_postgres.mend()
    eventually(lambda: status(f"{served}/readyz") == 200, 60)
    again = visit(chromium, served)
    again.page.goto(served + "/departments")
    expect(again.page.get_by_text("1 department. Choose a row")).to_be_visible()
    expect(again.page.get_by_text("The database of ONEMIND_CATALOG")).to_have_count(0)
