"""From the list of departments to one of them, back, and onto paper, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.serving import PHONE, fits, visit

pytestmark = pytest.mark.browser
WIDE = ViewportSize(width=1400, height=900)


def choose(page: Page, key: str, row: int) -> None:
    """Click the first cell of a row, counted from 0, of a table that is drawn on a canvas."""
    table = page.locator(f".st-key-{key} .dvn-scroller").first
    table.click(position={"x": 60, "y": 36 + 35 * row + 17})


@pytest.mark.parametrize("start", ["/departments?search=dennis", "/departments?county=Barnstable"])
def test_back_from_a_department_leads_to_the_list_at_its_own_address(
    browser: Browser, served_sample: str, start: str
) -> None:
    seen = visit(browser, served_sample, WIDE)
    page = seen.page
    seen.open(start)
    listed, places = page.url, page.evaluate("window.history.length")
    choose(page, "departments_table", 0)
    expect(page.get_by_role("heading", name="The four practices")).to_be_visible()
    seen.settle()
    assert page.evaluate("window.history.length") == places + 1
    page.go_back()
    expect(page.get_by_text("Choose a row to open")).to_be_visible()
    assert page.url == listed
    assert seen.faults == []


def test_a_search_leads_to_a_department_and_back_and_stays_in_the_address(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample, WIDE)
    page = seen.page
    seen.open("/departments?as_of=2019-06-11&county=Barnstable")
    page.get_by_placeholder("Name, town, county or id").fill("police dennis")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 department. Choose a row")).to_be_visible()
    assert "search=police" in page.url
    page.get_by_placeholder("Name, town, county or id").fill("police")
    page.keyboard.press("Enter")
    expect(page.get_by_text("departments. Choose a row")).to_be_visible()
    seen.settle()
    choose(page, "departments_table", 1)
    expect(page.get_by_role("heading", name="The four practices")).to_be_visible()
    second = page.get_by_role("heading", level=2).first.inner_text()
    assert {"id", "search", "county", "as_of"} <= set(re.findall(r"(\w+)=", page.url))
    page.get_by_test_id("stPageLink").filter(has_text="Next: ").click()
    expect(page.get_by_role("heading", level=2).first).not_to_have_text(second)
    expect(page.get_by_text(f"Previous: {second}")).to_be_visible()
    elsewhere = visit(browser, served_sample, PHONE)
    elsewhere.open(page.url.removeprefix(served_sample))
    third = page.get_by_role("heading", level=2).first.inner_text()
    expect(elsewhere.page.get_by_role("heading", name=third)).to_be_visible()
    expect(elsewhere.page.get_by_text("As of June 11, 2019")).to_be_visible()
    page.get_by_text("All departments").click()
    expect(page.get_by_placeholder("Name, town, county or id")).to_have_value("police")
    expect(page.get_by_text("county Barnstable")).to_be_visible()
    assert seen.faults == elsewhere.faults == []


@pytest.mark.parametrize("path", ["/departments", "/department?id=MA0010500"])
def test_a_phone_scrolls_a_page_only_down(browser: Browser, served_sample: str, path: str) -> None:
    seen = visit(browser, served_sample, PHONE)
    seen.open(path)
    assert fits(seen.page)
    if path == "/departments":
        expect(seen.page.locator(".st-key-departments_wide")).to_be_hidden()
        choose(seen.page, "departments_phone", 0)
        expect(seen.page.get_by_role("heading", name="The four practices")).to_be_visible()
    assert seen.faults == []


def test_a_department_prints_without_menus_and_nothing_is_cut_off(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample, WIDE)
    seen.open("/department?id=MA0011600")
    with seen.page.expect_popup() as opened:
        seen.page.get_by_role("link", name="Print view").click()
    page = opened.value
    charts = page.locator("[data-testid=stPlotlyChart] svg.main-svg")
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(charts.first).to_be_visible()
    assert "print=1" in page.url
    for medium, name in (("screen", "print view"), ("print", "paper")):
        page.emulate_media(media=medium)  # type: ignore[arg-type]
        for key in ("[data-testid=stHeader]", ".st-key-filters", ".st-key-to_paper"):
            expect(page.locator(key), name).to_be_hidden()
        widths = charts.evaluate_all("all => all.map(svg => svg.getBoundingClientRect().width)")
        assert medium == "print" or 0 < max(widths) <= 720
    pdf = page.pdf(format="Letter")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= 6
    assert seen.faults == []


def test_the_brief_is_one_click_from_a_department(
    browser: Browser, served_sample: str, tmp_path: Path
) -> None:
    seen = visit(browser, served_sample, WIDE)
    seen.open("/department?id=MA0011600")
    with seen.page.expect_download() as answer:
        seen.page.get_by_role("button", name="One-page brief").click()
    target = tmp_path / "brief.pdf"
    answer.value.save_as(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert answer.value.suggested_filename.startswith("brief-MA0011600-")
    assert seen.faults == []
