"""An export as training systems write it, to a published version in under ten clicks; the next in
three.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import campaigning
from tests.support.serving import Watched, serving

pytestmark = pytest.mark.browser
DEPARTMENTS = """\
department_id,name,type,municipality,county,state,sworn_officers
D1,Lee Police Department,municipal,Lee,Berkshire,MA,200
D2,Becket Police Department,municipal,Becket,Berkshire,MA,300
"""
TITLES = ("MHFA for Public Safety (8hr)", "CIT - 40 Hour", "Adult Mental Health First Aid")
STATUSES = ("Completed", "Completed", "Completed", "Failed", "No Show", "Waived")
ROWS = 400


def export(path: Path, month: int) -> Path:
    """A web page called .xls: titles, statuses, days first."""
    cells = [
        (("D1", "Lee PD", "D2")[nth % 3], f"B-{month}-{nth}", TITLES[nth % 3], STATUSES[nth % 6],
         f"{nth % 28 + 1:02}/{month:02}/2024")
        for nth in range(ROWS)
    ]  # fmt: skip
    header = ("Department", "Badge", "Course", "Status", "Date Completed")
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
                   for row in (header, *cells))  # fmt: skip
    path.write_text(f"<html><body><table border=1>{rows}</table></body></html>")
    return path


def test_a_training_system_s_export_takes_few_clicks_and_the_next_fewer(
    browser: Browser, tmp_path: Path
) -> None:
    with campaigning(tmp_path) as made:
        made.publish(departments=DEPARTMENTS)
    with serving(tmp_path / "store") as base:
        seen = Watched(browser.new_page(viewport={"width": 1280, "height": 1000}), base)
        seen.open("/upload")
        clicks = first_file(seen, export(tmp_path / "Training export 2024-10.xls", 10))
        assert clicks < 10
        clicks = next_file(seen, export(tmp_path / "Training export 2024-11.xls", 11))
        assert clicks <= 3
        assert seen.faults == []


def clicking(seen: Watched) -> tuple[Callable[[Locator], None], Callable[[], int]]:
    """Return what clicks, and what says how often it did; the file itself is one."""
    clicks = [1]

    def click(target: Locator) -> None:
        target.click()
        clicks[0] += 1
        seen.settle()

    return click, lambda: clicks[0]


def first_file(seen: Watched, file: Path) -> int:
    page = seen.page
    click, clicks = clicking(seen)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("are day/month/year")).to_be_visible()
    seen.settle()
    click(page.get_by_role("button", name="Use all suggestions"))
    expect(page.get_by_text("What do these words mean?")).to_have_count(0)
    click(page.get_by_role("button", name="waived"))
    click(page.get_by_role("button", name="Use this"))
    expect(page.get_by_text("400 rows: 267 can be published, 133 left out")).to_be_visible()
    publish(seen, click, 2)
    return clicks()


def next_file(seen: Watched, file: Path) -> int:
    page = seen.page
    click, clicks = clicking(seen)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("400 rows: 267 can be published, 133 left out")).to_be_visible()
    seen.settle()
    publish(seen, click, 3)
    return clicks()


def publish(seen: Watched, click: Callable[[Locator], None], version: int) -> None:
    main = seen.page.get_by_test_id("stMain")
    click(main.get_by_role("button", name="Publish", exact=True))
    expect(seen.page.get_by_text(f"Published version {version}.")).to_be_visible()
    seen.settle()
