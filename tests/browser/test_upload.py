"""A messy workbook in a real browser: mapped, one cell put right, published, undone, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotThere

from tests.conftest import campaigning
from tests.support.serving import Watched, serving

pytestmark = pytest.mark.browser
DEPARTMENTS = """\
department_id,name,type,municipality,county,state,sworn_officers
D1,Lee Police Department,municipal,Lee,Berkshire,MA,2
D2,Becket Police Department,municipal,Becket,Berkshire,MA,4
"""
TABLE = "messy.xlsx, sheet Reports"
WRONG = "'completed_on' has 'soon', which is not a date"
MESSY = [
    ["MHFA report, spring 2026"],
    [],
    ["Agency Name", "Badge", "Class taken", "When finished"],
    ["Lee PD", "A-1", "Mental Health First Aid", "2026-02-01"],
    ["Lee PD", "A-2", "MHFA", "soon"],
    ["Total", "", "", 2],
]


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Reports")
    for row, cells in enumerate(MESSY):
        sheet.write_row(row, 0, cells)
    book.add_worksheet("Notes").write_row(0, 0, ["ask Kim about Becket"])
    book.close()
    return path


def base_store(folder: Path) -> None:
    with campaigning(folder) as made:
        made.publish(departments=DEPARTMENTS)


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label, exact=True)
    expect(box).to_be_visible()
    for _ in range(5):  # a rerun that is still under way may close the list
        box.click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=3_000)
            break
        except NotThere:
            page.keyboard.press("Escape")
    expect(box).to_have_value(option)


def correct(seen: Watched, name: str, column: int, row: int, value: str) -> None:
    """Write into a cell of the grid in which a file is corrected."""
    folded = seen.page.get_by_test_id("stExpander").filter(has_text=f"Correct {name} here")
    cell = folded.get_by_test_id(f"glide-cell-{column}-{row}")
    for _ in range(5):  # a rerun that is still under way may draw the grid anew
        try:
            write(seen.page, folded, (column, row), value)
            expect(cell).to_have_text(value, timeout=3_000)
            break
        except (NotThere, AssertionError):
            seen.page.keyboard.press("Escape")
            seen.settle()
    expect(cell).to_have_text(value)


def write(page: Page, folded: Locator, target: tuple[int, int], value: str) -> None:
    """Go to a cell with the arrow keys, one key at a time, and write into its editor.

    The grid is drawn, but a table for screen readers in its canvas says which cell is selected.
    """
    grid = folded.get_by_test_id("stDataFrame")
    grid.click(position={"x": 120, "y": 52})  # somewhere in the first row
    selected = grid.locator("td[aria-selected=true]")
    for _ in range(20):
        here = selected.get_attribute("id", timeout=3_000) or ""
        column, row = map(int, here.rsplit("-", 2)[1:])
        if (column, row) == target:
            break
        across = "ArrowRight" if column < target[0] else "ArrowLeft"
        page.keyboard.press(across if column != target[0] else "ArrowDown")
        grid.locator(f"td[aria-selected=true]:not(#{here})").wait_for(
            state="attached", timeout=3_000
        )
    page.keyboard.press("Enter")
    editor = page.locator("#portal textarea.gdg-input")
    editor.fill(value, timeout=3_000)
    editor.press("Enter")
    editor.wait_for(state="detached", timeout=3_000)


def test_a_messy_workbook_is_mapped_corrected_published_undone_and_back(
    browser: Browser, tmp_path: Path
) -> None:
    base_store(tmp_path)
    with serving(tmp_path / "store") as base:
        seen = Watched(browser.new_page(viewport={"width": 1280, "height": 1000}), base)
        page = seen.page
        seen.open("/upload")
        page.locator("input[type=file]").set_input_files(workbook(tmp_path / "messy.xlsx"))
        map_columns(seen)
        page.reload()  # the upload and its answers are still there
        expect(page.get_by_text(WRONG).first).to_be_visible()
        seen.settle()
        put_right(seen)
        publish_and_see(seen)
        undo_and_see(seen)
        assert seen.faults == []


def map_columns(seen: Watched) -> None:
    page = seen.page
    expect(page.get_by_text("What kind of data is this?")).to_be_visible()
    seen.settle()
    choose(page, TABLE, "Training")
    page.get_by_role("button", name="Check again").first.click()
    expect(page.get_by_role("combobox", name=f"Course ({TABLE})", exact=True)).to_be_visible()
    seen.settle()
    course = page.get_by_role("combobox", name=f"Course ({TABLE})", exact=True)
    expect(course).to_have_value("Class taken")  # suggested, for it is like an alias
    choose(page, f"Completed on ({TABLE})", "When finished")
    page.get_by_role("button", name="Check again").nth(1).click()
    expect(page.get_by_text(f"{TABLE} holds training")).to_be_visible()


def put_right(seen: Watched) -> None:
    page, sent = seen.page, len(seen.sent)
    page.get_by_text("Correct messy.xlsx here").click()
    correct(seen, "messy.xlsx", column=4, row=1, value="2026-03-01")
    while len(seen.sent) == sent:  # the grid sends what was written a moment later
        page.wait_for_timeout(50)
    seen.settle()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("training: 2 added (2 rows)")).to_be_visible()
    expect(page.get_by_text("MHFA unknown → 100%")).to_be_visible()


def publish_and_see(seen: Watched) -> None:
    seen.page.get_by_test_id("stBaseButton-primaryFormSubmit").click()
    expect(seen.page.get_by_text("Published version 2.")).to_be_visible()
    seen.open("/training")
    expect(number(seen.page)).to_contain_text("100%")


def undo_and_see(seen: Watched) -> None:
    seen.open("/versions")
    seen.page.get_by_role("button", name="Restore version 1").click()
    expect(seen.page.get_by_text("Published version 3, equal to version 1.")).to_be_visible()
    seen.open("/training")
    expect(number(seen.page)).to_contain_text("–")


def number(page: Page) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text="MHFA, share of sworn")
