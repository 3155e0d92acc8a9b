"""The overview and the frame in a real browser: filters, dates, versions, time that plays, a wall.

One server on a store of two versions: the sample, and one more pledge on top of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from onemind.settings import SAMPLE
from tests.conftest import campaigning
from tests.support.serving import PHONE, Watched, serving, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    whole = {  # other line ends: then it is not the sample, which goes away
        path.stem: path.read_bytes().replace(b"\n", b"\r\n") for path in SAMPLE.glob("*.csv")
    }
    with campaigning(tmp_path_factory.mktemp("overview")) as made:
        made.publish("The whole", **whole)
        with made.store.reading(None, ("departments", "pledges")) as con:
            one = "select min(department_id) from departments anti join pledges"
            (found,) = con.execute(f"{one} using (department_id)").fetchone() or ("",)
        pledges = f"department_id,pledged_on\n{found},2026-06-01\n"
        made.publish("One more pledge", pledges=pledges)
    with serving(made.folder / "store") as base:
        yield base


@pytest.fixture
def seen(browser: Browser, served: str) -> Iterator[Watched]:
    found = visit(browser, served)
    yield found
    assert found.faults == []
    found.page.context.close()


def test_the_director_sees_where_it_stands_what_changed_and_whom_to_call(seen: Watched) -> None:
    seen.open("/?as_of=2026-06-30")
    page = seen.page
    expect(page.get_by_text("of 393 departments have pledged")).to_be_visible()
    card = page.locator(".st-key-card_pledged")
    expect(card).to_contain_text("+1 in 30 days")
    expect(card).to_contain_text("+1 since version 1")
    expect(card.get_by_role("img", name="Pledged over the past year: from")).to_be_visible()
    expect(page.get_by_text("182 departments in one day: from 18 to 200")).to_be_visible()
    page.locator(".st-key-card_why_overdue").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1, name="Department")).to_be_visible()
    seen.settle()
    assert "/department?id=" in page.url
    assert "as_of=2026-06-30" in page.url


def test_a_choice_in_the_bar_says_itself_stands_in_the_address_and_opens_elsewhere(
    seen: Watched, browser: Browser
) -> None:
    seen.open("/")
    page = seen.page
    page.get_by_role("button", name="County").click()
    page.get_by_role("combobox").first.fill("Dukes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("of 8 departments have pledged")).to_be_visible()
    page.keyboard.press("Escape")  # the list,
    page.keyboard.press("Escape")  # and what it lies in
    expect(page.get_by_role("button", name="County: Dukes")).to_be_visible()
    page.get_by_role("button", name="Version 2").click()
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="1", exact=True).click()
    expect(page.get_by_text("You are viewing version 1; the newest is 2.")).to_be_visible()
    seen.settle()
    assert page.url == f"{seen.base}/?county=Dukes&version=1"
    other = visit(browser, seen.base, PHONE)
    other.open(page.url.removeprefix(seen.base))
    expect(other.page.get_by_role("button", name="County: Dukes")).to_be_visible()
    expect(other.page.get_by_text("You are viewing version 1")).to_be_visible()
    expect(other.page.get_by_text("of 8 departments have pledged")).to_be_visible()
    assert other.faults == []
    other.page.context.close()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_text("of 393 departments have pledged")).to_be_visible()
    seen.settle()
    assert page.url == f"{seen.base}/?version=1"


def test_months_play_over_the_map_and_the_funnel_stop_and_then_nothing_runs(seen: Watched) -> None:
    asked: list[str] = []
    page = seen.page
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: asked.append("")))
    seen.open("/?as_of=2019-06-11")
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "Jun 2019")
    page.get_by_role("button", name="Play").press("Enter")
    reached = page.locator(".st-key-play").get_by_test_id("stProgress")
    expect(reached).to_have_text(re.compile("201[67]"))
    expect(reached).to_have_text(re.compile("2018"), timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    seen.settle()
    assert slider.get_attribute("aria-valuetext") != "Jun 2019"
    stopped = len(asked)
    page.wait_for_timeout(1500)
    assert len(asked) == stopped
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "Jun 2019")
    expect(page.locator(".st-key-card_map")).to_contain_text("In progress")


def test_a_wall_shows_one_screen_after_the_other_without_menus_and_keeps_its_filters(
    seen: Watched,
) -> None:
    seen.open("/?kiosk=1&seconds=2&county=Dukes")
    page = seen.page
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    for title in ("Map", "Training", "Overview"):
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible(timeout=60_000)
        expect(page.get_by_text("county Dukes").first).to_be_visible()
        assert "county=Dukes" in page.url
        assert "kiosk=1" in page.url
    page.get_by_role("link", name="Leave wall mode").click()
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    seen.settle()
    assert page.url.endswith("?county=Dukes")
