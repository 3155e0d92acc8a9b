"""Training, Partners, Outcomes and Methodology walked through in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.serving import PHONE, fits, visit

pytestmark = pytest.mark.browser


def test_training_is_sorted_grouped_and_paged_in_the_address(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample)
    seen.open("/training?as_of=2019-06-11")
    page = seen.page
    expect(page.get_by_text("Departments 1 to 25 of 197 by furthest behind")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Most officers missing").click()
    page.get_by_text("Grouped by county").click()
    expect(page.get_by_text("by most officers missing, county by county.")).to_be_visible()
    page.get_by_test_id("stPagination").first.get_by_text("2", exact=True).click()
    expect(page.get_by_text("Departments 26 to 50 of 197")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Largest departments").click()
    expect(page.get_by_text("At each month's end.")).to_be_visible()
    seen.settle()
    for part in ("order=Most+officers+missing", "by_county=true", "part=2", "panels=Largest"):
        assert part in page.url
    other = visit(browser, served_sample, PHONE)
    other.open(page.url.removeprefix(served_sample))
    expect(other.page.get_by_text("Departments 26 to 50 of 197 by most officers")).to_be_visible()
    assert fits(other.page)
    assert seen.faults == other.faults == []


def test_a_partner_is_chosen_shown_and_left_again(browser: Browser, served_sample: str) -> None:
    seen = visit(browser, served_sample)
    seen.open("/partners")
    page = seen.page
    expect(page.get_by_test_id("stPlotlyChart").first.locator(".scattergeo").first).to_be_visible()
    box = page.get_by_role("combobox", name="Organization")
    box.fill("Barnstable Community")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Barnstable Community")).to_be_visible()
    expect(page.get_by_role("link", name="example.org")).to_have_attribute(
        "href", "https://example.org/p-001"
    )
    seen.settle()
    assert "partner=P-001" in page.url
    page.get_by_role("button", name="Show all organizations").click()
    expect(page.get_by_role("heading", name="Who does what")).to_be_visible()
    seen.settle()
    assert "partner=" not in page.url
    assert seen.faults == []


def test_outcomes_are_drawn_by_year_beside_one_department(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample)
    seen.open("/outcomes?as_of=2026-06-30")
    page = seen.page
    expect(page.get_by_text("one point per quarter, by the quarter")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("year").click()
    expect(page.get_by_text("one point per year, by the year")).to_be_visible()
    box = page.get_by_role("combobox", name="Compare all departments with")
    box.fill("Cape Cod")
    box.press("Enter")
    legend = page.get_by_test_id("stPlotlyChart").first.locator(".legendtext")
    expect(legend.filter(has_text="Cape Cod Community College")).to_be_visible()
    expect(page.get_by_text("says nothing about why they differ")).to_be_visible()
    seen.settle()
    assert "department=MA0011600" in page.url
    assert seen.faults == []


def test_a_number_leads_to_its_own_definition(browser: Browser, served_sample: str) -> None:
    seen = visit(browser, served_sample)
    seen.open("/outcomes")
    page = seen.page
    page.get_by_text("What these numbers mean").click()
    link = page.get_by_role("link", name="How it is counted").nth(1)
    assert link.get_attribute("href") == "methodology?number=referral_share"
    seen.open("/methodology?number=referral_share")
    expect(page.get_by_role("heading", name="Referred to care").first).to_be_in_viewport()
    page.get_by_role("link", name="Arrests", exact=True).click()
    expect(page.get_by_role("heading", name="Arrests", exact=True)).to_be_in_viewport()
    assert page.url.endswith("#arrest_share")
    assert seen.faults == []
