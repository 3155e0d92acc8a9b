"""The map in a real browser: down to a town by click and by select box, and back up again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from onemind.settings import ROOT
from tests.support.serving import Watched, serving, until, visit
from tests.support.squares import THREE

pytestmark = pytest.mark.browser
FILES = {
    "departments.csv": """\
department_id,name,type,municipality,county,state,country,sworn_officers,latitude,longitude
D1,Lee Police Department,municipal,Lee,Berkshire,MA,US,10,,
D2,Paxton Police Department,municipal,Paxton,Worcester,MA,US,8,,
D3,Valley College Police,campus,Becket,Berkshire,MA,US,4,,
D4,Burlington Police Department,municipal,Burlington,Chittenden,VT,US,90,44.48,-73.22
D5,Toronto Police Service,municipal,Toronto,,ON,CA,5000,43.65,-79.38
""",
    "pledges.csv": "department_id,pledged_on\nD1,2025-01-01\nD4,2017-01-01\nD5,2019-01-01\n",
}
TALL = ViewportSize(width=1400, height=1300)
PLACE = """id => {
    const paths = [...document.querySelectorAll('path.choroplethlocation')]
    const box = paths.find(path => path.__data__.loc === id)?.getBoundingClientRect()
    return box && [box.x + box.width / 2, box.y + box.height / 2]
}"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("map")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "towns.geojson").write_bytes(THREE)
    store = folder / "store"
    for line in (["publish", *FILES, "-m", "test"], ["boundaries", "add", "towns.geojson"]):
        state = ["--state", "MA"] if line[0] == "boundaries" else []
        subprocess.run(
            [sys.executable, "-m", "onemind", *line, *state],
            cwd=folder,
            env={**os.environ, "ONEMIND_STORE": str(store), "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
    with serving(store) as address:
        yield address


def click(page: Page, shape: str) -> None:
    """Click in the middle of an outline."""
    until(page, PLACE, shape)
    page.mouse.click(*page.evaluate(PLACE, shape))


def said(page: Page, words: str) -> None:
    """Wait until the sentence above the map says these words."""
    expect(page.get_by_role("heading", level=2).filter(has_text=words)).to_be_visible()


def choose(seen: Watched, label: str, value: str) -> None:
    """Choose in a select box by keyboard alone."""
    seen.settle()
    box = seen.page.get_by_role("combobox", name=label)
    box.focus()
    box.press_sequentially(value)
    box.press("Enter")


def test_the_map_leads_to_a_town_and_back_by_click(browser: Browser, base: str) -> None:
    seen = visit(browser, base, TALL)
    page = seen.page
    seen.open("/map")
    said(page, "United States. Pledged, share: 60% in all")
    expect(page.locator("path.choroplethlocation")).to_have_count(51)
    expect(page.get_by_text("In the table and not on this map: ON.")).to_be_visible()
    click(page, "MA")
    said(page, "Massachusetts. Pledged, share: 33% in all")
    choose(seen, "Color", "Stage")
    said(page, "Massachusetts. 1 of 3 departments have pledged")
    expect(page.locator("path.choroplethlocation")).to_have_count(14)
    drawn = page.locator(".scattergeo path.point")
    expect(drawn).to_have_count(4)  # three, and the bar through the one that reported nothing
    click(page, "MA/Berkshire")
    said(page, "Berkshire County. 1 of 2 departments have pledged")
    expect(page.get_by_text("No local department (1)")).to_be_visible()
    assert "county=Berkshire" in page.url
    other = visit(browser, base, TALL)
    other.open(page.url.removeprefix(base))
    said(other.page, "Berkshire County. 1 of 2 departments have pledged")
    click(page, "MA/Berkshire/Lee")
    expect(page).to_have_url(re.compile("/department.*id=D1.*county=Berkshire"), timeout=30_000)
    seen.settle()
    page.go_back()
    said(page, "Berkshire County.")
    page.get_by_role("button", name="Massachusetts").click()
    said(page, "Massachusetts.")
    page.get_by_role("button", name="United States").click()
    said(page, "United States.")
    assert seen.faults == other.faults == []


def test_select_boxes_lead_the_same_way_without_a_mouse(browser: Browser, base: str) -> None:
    seen = visit(browser, base, TALL)
    page = seen.page
    seen.open("/map")
    choose(seen, "Open a state", "Massachusetts")
    said(page, "Massachusetts.")
    choose(seen, "Color", "MHFA, share")
    said(page, "Massachusetts. MHFA, share of sworn: not reported in all (0 of 3")
    expect(page.get_by_text("Not reported (1)")).to_be_visible()
    page.get_by_role("radio", name="Cities and towns").click()
    expect(page.get_by_text("No local department (1)")).to_be_visible()
    page.get_by_role("radio", name="Counties").click()
    choose(seen, "Open a county", "Berkshire")
    said(page, "Berkshire County.")
    expect(page).to_have_url(re.compile("color=mhfa_share"))
    choose(seen, "Open a department", "Lee")
    expect(page).to_have_url(re.compile("/department.*id=D1"), timeout=30_000)
    assert seen.faults == []
