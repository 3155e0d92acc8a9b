"""Charts as pictures, made by a real browser: with title, filters, day and version in them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

from tests.support.serving import PHONE, Watched, fits, visit

pytestmark = pytest.mark.browser
NAME = "departments-by-stage-county-essex-as-of-2019-06-11-version-1"


def opened(browser: Browser, base: str, **given: object) -> Watched:
    seen = visit(browser, base, **given)  # type: ignore[arg-type]
    seen.open("/?county=Essex&as_of=2019-06-11")
    seen.page.locator(".st-key-exports summary").click()
    seen.page.get_by_role("button", name="Departments by stage as SVG").wait_for(timeout=30_000)
    seen.settle()
    return seen


def saved(page: Page, kind: str, folder: Path) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Departments by stage as {kind}").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.name, path.read_bytes()


def test_a_chart_is_saved_with_its_words_drawn_in(
    browser: Browser, served_sample: str, tmp_path: Path
) -> None:
    seen = opened(browser, served_sample)
    name, svg = saved(seen.page, "SVG", tmp_path)
    assert name == f"{NAME}.svg"
    texts = [item.text for item in ElementTree.fromstring(svg).iter() if item.text]
    assert "Departments by stage" in texts
    assert "County Essex" in texts
    assert any(text.startswith("As of June 11, 2019, version 1, published") for text in texts)
    assert "Sample campaign: made-up figures." in texts
    assert "Overdue" in [text.strip() for text in texts]
    name, png = saved(seen.page, "PNG", tmp_path)
    assert name == f"{NAME}.png"
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
    assert seen.faults == []


def test_a_chart_moved_to_another_month_is_saved_as_of_that_month(
    browser: Browser, served_sample: str, tmp_path: Path
) -> None:
    seen = opened(browser, served_sample)
    slider = seen.page.locator(".st-key-play").get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")
    seen.page.locator("[data-day='2019-05-31']").wait_for(state="attached", timeout=30_000)
    seen.settle()
    name, svg = saved(seen.page, "SVG", tmp_path)
    assert name == NAME.replace("2019-06-11", "2019-05-31") + ".svg"
    assert "As of May 31, 2019, version 1" in svg.decode()


def test_the_foot_fits_on_a_phone(browser: Browser, served_sample: str) -> None:
    seen = opened(browser, served_sample, size=PHONE)
    assert fits(seen.page)
    assert seen.faults == []
