"""A table as a workbook: what it is above it, values as they are, no text a formula."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook

from onemind.documents import sheet

NOTES = ("All departments", "As of June 30, 2026 \u00b7 version 7")


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_title_and_notes_stand_above_headings_and_rows() -> None:
    rows: list[list[Any]] = [
        ["Lee", 12, 0.5, date(2017, 9, 20), True],
        ["Bath", None, None, None, False],
    ]
    found = read(sheet.as_xlsx("Pledged", NOTES, ["name", "a", "b", "day", "met"], rows))
    assert [row[0] for row in found[:4]] == ["Pledged", *NOTES, ""]
    assert found[4] == ["name", "a", "b", "day", "met"]
    assert found[5] == ["Lee", 12, 0.5, date(2017, 9, 20), "yes"]
    assert found[6] == ["Bath", "", "", "", "no"]


def test_no_text_is_a_formula_and_each_is_as_it_was() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://x.example", "007", ""]
    content = sheet.as_xlsx("=T", ("=N",), ["=h"], [[text] for text in texts])
    assert [row[0] for row in read(content)[4:]] == texts
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_same_table_is_the_same_bytes_whenever_it_is_written() -> None:
    first = sheet.as_xlsx("T", NOTES, ["a"], [[1]])
    time.sleep(1.1)  # a workbook's own dates count seconds
    assert sheet.as_xlsx("T", NOTES, ["a"], [[1]]) == first


def test_a_table_without_rows_has_its_headings() -> None:
    assert read(sheet.as_xlsx("T", (), ["a", "b"], []))[2] == ["a", "b"]
