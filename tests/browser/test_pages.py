"""Every page of the menu in a real browser: light, dark and on a phone, for all who use it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from onemind.access import PAGES
from tests.conftest import Campaign
from tests.support.serving import PHONE, Scheme, visit
from tests.support.shots import address, best_known

pytestmark = pytest.mark.browser
TITLES = [title for pages in PAGES.values() for _, title, _ in pages]


def faults(page: Page, **options: bool) -> list[str]:
    """What axe-core finds that is serious or worse, with the place of each."""
    found = Axe().run(page, options=options or None).response["violations"]
    return [
        f"{item['id']} at {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize("title", TITLES)
def test_a_page_is_for_everybody(
    browser: Browser, sample: Campaign, served_sample: str, title: str, scheme: Scheme
) -> None:
    seen = visit(browser, served_sample, scheme=scheme)
    seen.open(address(title, best_known(sample)))
    seen.page.wait_for_timeout(300)  # for what is drawn after the script has run
    assert faults(seen.page) == []
    seen.page.set_viewport_size(PHONE)
    main = seen.page.get_by_test_id("stMain")
    expect(main).to_have_js_property("scrollWidth", PHONE["width"])
    assert seen.faults == []
    seen.page.context.close()
