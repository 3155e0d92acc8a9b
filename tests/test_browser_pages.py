"""Every page of the menu in a real browser: light, dark and on a phone, for all who use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from onemind.ui_main import PAGES
from tests.serving import Watched, browsing, serving
from tests.shots import address, publish_sample

pytestmark = pytest.mark.browser
TITLES = [title for pages in PAGES.values() for _, title, _ in pages]
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str, str]]:
    folder = tmp_path_factory.mktemp("pages") / "store"
    department = publish_sample(folder)
    with serving(folder) as base, browsing() as browser:
        yield browser, base, department


def faults(page: Page) -> list[str]:
    """What axe-core finds that is serious or worse, with the place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']} at {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize("title", TITLES)
def test_a_page_is_for_everybody(
    served: tuple[Browser, str, str], title: str, scheme: Literal["light", "dark"]
) -> None:
    browser, base, department = served
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)
    seen = Watched(context.new_page(), base)
    seen.open(address(title, department))
    seen.page.wait_for_timeout(300)  # for what is drawn after the script has run
    assert faults(seen.page) == []
    seen.page.set_viewport_size(PHONE)
    main = seen.page.get_by_test_id("stMain")
    expect(main).to_have_js_property("scrollWidth", PHONE["width"])
    assert seen.faults == []
    context.close()
