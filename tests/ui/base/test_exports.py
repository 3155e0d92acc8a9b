"""The foot of a page: every chart and table on it as files, narrowed as the page is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from python_calamine import CalamineWorkbook

from onemind.access import PAGES, User
from onemind.ui.base import exports, visitor
from tests.conftest import Campaign
from tests.support.screens import OVERVIEW, dashboard

EXPLORING = [(file, title) for file, title, _ in PAGES["Explore"] if title != "Methodology"]
STAFF = User("pat", "staff")
Files = dict[str, bytes]


@pytest.fixture
def offered(
    sample: Campaign, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Files]:
    """Return a function that opens a page, its foot too, and returns the files it offers."""

    def run(file: str = OVERVIEW, user: User = STAFF, **address: str) -> Files:
        files: Files = {}

        def keep(label: str, data: Any, *, file_name: str = "", **_: Any) -> bool:
            files[file_name] = data() if callable(data) else data
            return False

        look_at(sample.folder / "store")
        monkeypatch.setattr(visitor, "user", lambda: user)
        monkeypatch.setattr(st, "download_button", keep)
        app = dashboard()
        if file != OVERVIEW:
            app.switch_page(file)
        for name, value in address.items():
            app.query_params[name] = value
        app.session_state["exports"] = True
        app.run()
        assert not app.exception
        return {name: file for name, file in files.items() if "-version-" in name}

    return run


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(("file", "title"), EXPLORING)
def test_every_page_offers_each_of_its_charts_and_tables_as_csv_and_workbook(
    offered: Callable[..., Files], file: str, title: str
) -> None:
    address = {"id": "MA0010100"} if title == "Department" else {}
    files = offered(file, **address)
    stems = {name.rpartition(".")[0] for name in files if name.endswith(".csv")}
    assert stems
    for stem in stems:
        rows = list(csv.reader(io.StringIO(files[f"{stem}.csv"].decode())))
        found = read(files[f"{stem}.xlsx"])
        assert len(rows) > 1, stem
        subject = "Barnstable Police Department" if title == "Department" else "All departments"
        assert found[1][0] == subject
        assert found[2][0].startswith("As of ")
        assert "version 1, published" in found[2][0]
        assert found[3][0] == "Sample campaign: made-up figures."
        assert found[5] == rows[0], stem
        assert len(found) == len(rows) + 5, stem


def test_a_file_says_what_the_page_is_narrowed_to(offered: Callable[..., Files]) -> None:
    files = offered(county="Essex", as_of="2019-06-11")
    name = "departments-by-stage-county-essex-as-of-2019-06-11-version-1"
    assert b"Completed" in files[f"{name}.csv"]
    notes = [row[0] for row in read(files[f"{name}.xlsx"])[:3]]
    assert notes[:2] == ["Departments by stage", "County Essex"]
    assert notes[2].startswith("As of June 11, 2019, version 1")


def test_a_department_s_page_offers_its_tables_too(offered: Callable[..., Files]) -> None:
    files = offered("pages/explore/department.py", id="MA0010100")
    stem = "barnstable-police-department-as-of"
    assert [name for name in files if name.startswith(f"partners-{stem}")]
    assert [name for name in files if name.startswith(f"events-{stem}")]


def test_what_is_replayed_from_a_cache_is_offered_again(offered: Callable[..., Files]) -> None:
    first = offered()
    again = offered()
    assert first.keys() == again.keys()
    assert any(name.startswith("departments-pledged-and-completed") for name in again)


def test_whoever_may_not_download_is_offered_nothing(offered: Callable[..., Files]) -> None:
    partner = User("A partner", "partner", until=date(2999, 1, 1), id="l1")
    assert offered(user=partner) == {}


def test_nothing_is_collected_while_a_part_of_a_page_is_drawn_again() -> None:
    exports.begin()
    assert exports.collected() == []
    exports.add([exports.Offer("t", None, (), ())])  # type: ignore[arg-type]
    assert exports.collected() == []
