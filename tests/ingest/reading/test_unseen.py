"""Rows that a workbook hides are known, whichever program wrote it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from onemind.ingest.reading.unseen import unseen

HEAD, ROW = ["department_id", "officer_id"], ["A", "1"]
# Written by a program of its own: header, three rows, the second of which (row 3) is hidden.
OLD = Path(__file__).with_name("hidden_row.xls")
OPEN = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="Training">{rows}</table:table>
 <table:table table:name="More"><table:table-row><table:table-cell/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""
CELL = "<table:table-cell><text:p>x</text:p></table:table-cell>"


def xlsx(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Training")
        for number, row in enumerate([HEAD, ROW, ROW, ROW]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    return path


def ods(path: Path, *attributes: str) -> Path:
    rows = "".join(f"<table:table-row {said}>{CELL}</table:table-row>" for said in attributes)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", OPEN.format(rows=rows))
    return path


def test_a_hidden_row_of_each_kind_of_workbook_is_found(tmp_path: Path) -> None:
    hidden = 'table:visibility="collapse"'
    for path in (xlsx(tmp_path / "a.xlsx"), OLD, ods(tmp_path / "a.ods", "", "", hidden, "")):
        assert unseen(path)["Training"].rows == (3,), path.name


def test_rows_written_once_for_many_are_counted_each(tmp_path: Path) -> None:
    twice = 'table:number-rows-repeated="2"'
    filtered = f'table:visibility="filter" {twice}'
    found = unseen(ods(tmp_path / "a.ods", twice, filtered, "", filtered))
    assert found["Training"].rows == (3, 4, 6, 7)
    assert found["More"].rows == ()


def test_a_million_hidden_rows_below_the_last_are_not_listed(tmp_path: Path) -> None:
    rest = 'table:visibility="collapse" table:number-rows-repeated="1048575"'
    assert len(unseen(ods(tmp_path / "a.ods", "", rest))["Training"].rows) == 100_000


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, b"PK"])
def test_of_a_damaged_file_nothing_is_known(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert unseen(path) == {}
    damaged = bytearray(OLD.read_bytes())
    damaged[512:2048] = b"\xff" * 1536
    path.write_bytes(damaged)
    assert unseen(path) == {}
