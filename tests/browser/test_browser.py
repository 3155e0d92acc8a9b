"""The main job in a real browser against the real server: upload, publish, see the number."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.conftest import campaigning
from tests.support.serving import DESKTOP, PHONE, Scheme, fits, serving, visit

pytestmark = pytest.mark.browser
FILES = {
    "departments.csv": """\
department_id,name,type,municipality,county,state,sworn_officers
D1,Lee Police Department,municipal,Lee,Berkshire,MA,10
D2,Becket Police Department,municipal,Becket,Berkshire,MA,4
""",
    "pledges.csv": "Dept ID,Date Pledged\nD1,9/20/2017\nD2,2017-09-20\n",
    "training.csv": "ORI,Badge,Course,Date\nD1,A-1,Mental Health First Aid,2026-01-01\n",
}


def test_a_csv_dropped_on_the_page_becomes_a_number_on_the_overview(
    browser: Browser, tmp_path: Path
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    with serving(tmp_path / "store") as base:
        seen = visit(browser, base, DESKTOP)
        seen.open("/upload")  # the first request after the start is a deep link
        page = seen.page
        expect(page.get_by_text("Nothing is published yet")).to_be_visible()
        page.locator("input[type=file]").set_input_files([tmp_path / name for name in FILES])
        page.get_by_test_id("stBaseButton-primaryFormSubmit").click()
        expect(page.get_by_text("Published version 1.")).to_be_visible(timeout=30_000)
        page.get_by_text("View it on the overview").click()
        number = page.get_by_test_id("stMetric").filter(has_text="Pledged")
        expect(number).to_contain_text("2", timeout=30_000)
        expect(page.get_by_text("2 of 2 departments have pledged")).to_be_visible()
        assert seen.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_on_the_sample_opens_clean(
    browser: Browser, served_sample: str, size: ViewportSize, scheme: Scheme
) -> None:
    seen = visit(browser, served_sample, size, scheme)
    seen.open("/")
    expect(seen.page.get_by_test_id("stPlotlyChart").locator("svg").first).to_be_visible()
    expect(seen.page.get_by_text("Sample campaign.")).to_be_visible()
    assert fits(seen.page)
    assert seen.faults == []


@pytest.mark.parametrize(
    "path", ["/departments", "/training", "/methodology", "/upload", "/versions"]
)
def test_a_page_opened_at_its_own_address_is_clean(
    browser: Browser, served_sample: str, path: str
) -> None:
    seen = visit(browser, served_sample, DESKTOP)
    seen.open(path)
    expect(seen.page.get_by_role("heading", name=path[1:].capitalize())).to_be_visible()
    assert seen.faults == []


def test_the_map_is_drawn_over_its_counties_with_points(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample, DESKTOP)
    seen.open("/")
    chart = seen.page.get_by_test_id("stPlotlyChart").first
    expect(chart.locator("path.choroplethlocation")).to_have_count(14)
    expect(chart.locator(".scattergeo path.point")).to_have_count(392)
    assert seen.faults == []


def test_a_filter_chosen_on_a_page_stands_in_the_address_and_opens_elsewhere(
    browser: Browser, served_sample: str
) -> None:
    seen = visit(browser, served_sample, DESKTOP)
    seen.open("/?county=Dukes&as_of=2019-06-11")
    said = seen.page.get_by_text("As of June 11, 2019")
    expect(said).to_contain_text("county Dukes")
    seen.page.get_by_test_id("stTopNavLink").filter(has_text="Departments").click()
    expect(seen.page.get_by_text("8 departments. Choose a row")).to_be_visible(timeout=30_000)
    assert "county=Dukes" in seen.page.url
    assert "as_of=2019-06-11" in seen.page.url
    other = visit(browser, served_sample, PHONE)
    other.open(seen.page.url.removeprefix(served_sample))
    expect(other.page.get_by_text("8 departments. Choose a row")).to_be_visible()
    assert seen.faults == other.faults == []


def test_a_publish_from_the_command_line_is_seen_by_the_running_app(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path / "store") as base:
        seen = visit(browser, base, DESKTOP)
        seen.open("/")
        expect(seen.page.get_by_text("Nothing is published yet")).to_be_visible()
        with campaigning(tmp_path) as made:
            made.publish("from elsewhere", departments=FILES["departments.csv"])
        seen.open("/")
        expect(seen.page.get_by_text("0 of 2 departments have pledged")).to_be_visible()
        assert seen.faults == []
