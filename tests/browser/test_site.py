"""The site in a real browser, from a folder: charts, search, filters, a phone, the dark, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from onemind import site
from onemind.campaign import EVERYTHING
from onemind.drawing.palette import STAGE_COLORS
from tests.browser.test_pages import faults
from tests.conftest import TODAY, Campaign
from tests.support.serving import DESKTOP, PHONE, Scheme

pytestmark = pytest.mark.browser
PAGES = ("index.html", "map.html", "departments.html", "training.html", "methodology.html")


@pytest.fixture(scope="module")
def base(sample: Campaign, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("site") / "out"
    site.build(site.Edition.of(sample.store, site.sight_of(EVERYTHING), TODAY), folder)
    return folder.as_uri() + "/"


def a_department(base: str) -> str:
    """The page with most on it."""
    folder = Path(base.removeprefix("file://")) / "departments"
    largest = max(folder.glob("*.html"), key=lambda path: path.stat().st_size)
    return f"departments/{largest.name}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Lend a page that asks nothing of anybody and logs no error."""
    asked: list[str] = []
    errors: list[str] = []
    found = browser.new_context(viewport=DESKTOP).new_page()
    found.on("console", lambda line: errors.append(line.text))
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("request", lambda request: asked.append(request.url))
    yield found
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def draw_all(page: Page) -> int:
    """Scroll to every chart until it is drawn; return how many there are."""
    charts = page.locator(".chart")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
        expect(charts.nth(place).locator(".main-svg").first).to_be_visible()
    return charts.count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_for_everybody_without_a_server(
    page: Page, base: str, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in (*PAGES, a_department(base)):
        page.set_viewport_size(DESKTOP)
        page.goto(base + path)
        draw_all(page)
        assert faults(page, preload=False) == [], path  # which would ask for the style again
        page.set_viewport_size(PHONE)
        expect(page.locator("html")).to_have_js_property("scrollWidth", PHONE["width"])


def test_no_chart_is_loaded_before_it_comes_into_view(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 200})
    page.goto(base + "departments.html")
    page.wait_for_load_state("load")
    assert page.evaluate("typeof Plotly") == "undefined"
    page.goto(base + "training.html")
    assert draw_all(page) >= 4


def bar(page: Page) -> str:
    """The color of the funnel's bar of completed departments, the last drawn."""
    style = page.locator(".chart:has(#funnel-words) .point path").last.get_attribute("style")
    return (style or "").replace(" ", "")


def rgb(color: str) -> str:
    return "rgb({},{},{})".format(*(int(color[place : place + 2], 16) for place in (1, 3, 5)))


def test_charts_follow_the_dark_and_are_light_on_paper(page: Page, base: str) -> None:
    light, dark = (f"fill:{rgb(color)}" for color in STAGE_COLORS["completed"])
    page.emulate_media(color_scheme="dark")
    page.goto(base + "index.html")
    draw_all(page)
    assert dark in bar(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert light in bar(page)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert dark in bar(page)
    page.emulate_media(color_scheme="light")
    page.wait_for_function("!matchMedia('(prefers-color-scheme: dark)').matches")
    assert light in bar(page)


def test_without_scripts_tables_and_sentences_are_there(browser: Browser, base: str) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(base + "index.html")
    expect(page.locator(".lead")).to_contain_text("departments have pledged")
    expect(page.locator(".plot").first).to_be_hidden()
    expect(page.locator("figcaption").first).to_be_visible()
    page.goto(base + "departments.html")
    expect(page.locator("tbody tr")).to_have_count(393)
    expect(page.locator(".filters")).to_be_hidden()
    page.locator("tbody tr a").first.click()
    expect(page.locator("h2").first).to_have_text("The four practices")
    assert "says which version" in page.locator(".as-of").inner_text()


def test_the_list_is_filtered_by_the_address_and_back(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    page.get_by_role("link", name="and 158 more").or_(
        page.locator(".reasons a[href*='#stage=overdue']")
    ).first.click()
    expect(page.locator("#by-stage")).to_have_value("overdue")
    rows = page.locator("#departments tbody tr:visible")
    count = rows.count()
    assert 0 < count < 393
    expect(page.locator("#shown")).to_have_text(f"{count} of 393 departments.")
    page.get_by_label("Search", exact=True).fill("worcester")
    assert rows.count() < count
    assert "search=worcester" in page.url
    page.reload()
    expect(page.locator("#words")).to_have_value("worcester")


def test_a_department_is_found_from_any_page(page: Page, base: str) -> None:
    page.goto(base + a_department(base))
    expect(page.locator("#version")).to_contain_text("version 1, published")
    page.get_by_label("Find a department").fill("NEW  salem franklin")
    expect(page.locator("#found-count")).to_have_text("1 department")
    page.locator("#found a").click()
    expect(page.locator("h1")).to_have_text("New Salem Police Department")


def test_a_click_on_the_map_opens_the_department(page: Page, base: str) -> None:
    page.goto(base + "map.html")
    draw_all(page)
    page.evaluate("""() => {
        const plot = document.querySelector(".plot");
        const trace = plot.data.find((item) => item.type === "scattergeo" && item.customdata);
        plot.emit("plotly_click", { points: [{ customdata: trace.customdata[0] }] });
    }""")
    expect(page.locator("h2").first).to_have_text("The four practices")
