"""How a file is read, on the upload page: said in one card, asked once, changed with one click."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from onemind.appdb import AppDatabase
from tests.architecture.english import faults
from tests.conftest import Campaign
from tests.support.screens import labels, pressed, screen, texts, words

UPLOAD, READINGS = "pages/publish/upload.py", "pages/publish/readings.py"
TOWN = "department_id,name,type,state\nA,Avon,municipal,MA\n"
EXPORT = (
    "Dept ID,Officer,Course,Status,Date\nA,1,MHFA (8hr),Completed,03/04/2024\n"
    "A,2,Adult MHFA,Completed,03/05/2024\nA,3,Adult MHFA,Waived,03/05/2024\n"
    "A,4,MHFA,Failed,03/05/2024\nPage 1 of 1,,,,\n"
)


@pytest.fixture
def page(empty: Campaign, look_at: Callable[[Path], None]) -> Callable[..., AppTest]:
    """Open a page on a store with one department."""
    empty.publish(departments=TOWN)
    look_at(empty.store.settings.store)

    def run(file: str, text: str | None = None, name: str = "Academy 2024.csv") -> AppTest:
        app = screen(file)
        if text is not None:
            app.file_uploader[0].upload(name, text.encode()).run()
        return app

    return run


def rows(campaign: Campaign) -> list[dict[str, Any]]:
    from onemind import metrics

    return metrics.export.dataset(campaign.store, "training").records()


def test_the_card_says_how_the_file_is_read(page: Callable[..., AppTest]) -> None:
    said = words(page(UPLOAD, EXPORT))
    assert "How the files are read" in said
    assert "Dates in **Date** are month/day/year: 03/04/2024 is read as March 4, 2024." in said
    assert "**Status** decides which rows count." in said
    assert "MHFA (8hr), 1 row, is read as MHFA." in said
    assert "It isn't clear whether rows with 'waived' count." in said
    assert (
        "5 rows: 1 can be published, 2 left out (Status: 1, no data: 1), 2 with an error." in said
    )


def test_one_click_turns_the_order_of_dates(page: Callable[..., AppTest]) -> None:
    app = pressed(page(UPLOAD, EXPORT), "No, they are day/month/year")
    assert "Dates in **Date** are day/month/year: 03/04/2024 is read as April 3, 2024." in words(
        app
    )


def test_what_is_answered_is_used_and_remembered(
    page: Callable[..., AppTest], empty: Campaign
) -> None:
    app = page(UPLOAD, EXPORT)
    app = pressed(app, "Use all suggestions")
    assert "What do these words mean?" not in words(app)
    app = pressed(app, "Use this")
    assert not app.warning
    pressed(app, "Publish")
    assert {row["officer_id"] for row in rows(empty)} == {"1", "2"}
    app = page(UPLOAD, EXPORT.replace("A,4,MHFA,Failed", "A,5,MHFA,Completed"))
    assert not app.warning
    assert "Publish" in labels(app)


def test_every_row_counts_when_somebody_says_so(page: Callable[..., AppTest]) -> None:
    app = pressed(page(UPLOAD, EXPORT), "Every row counts")
    assert "**Status** decides nothing: every row counts." in words(app)


def test_names_are_turned_into_pseudonyms_by_one_click(
    page: Callable[..., AppTest], empty: Campaign
) -> None:
    text = "Dept ID,Name,Course,Date\nA,Jane Doe,MHFA,2024-03-04\n"
    app = page(UPLOAD, text)
    assert "Academy 2024.csv names officers." in words(app)
    kept = empty.store.settings.store
    assert not any(b"Jane" in path.read_bytes() for path in kept.rglob("*") if path.is_file())
    app = pressed(app, "Turn names into pseudonyms")
    assert "The files with the names were not kept." in words(app)
    pressed(app, "Publish")
    [row] = rows(empty)
    assert row["officer_id"].startswith("P-")


def test_the_first_real_file_meets_what_becomes_of_the_sample(
    sample: Campaign, look_at: Callable[[Path], None]
) -> None:
    look_at(sample.folder / "store")
    app = screen(UPLOAD)
    text = "department_id,officer_id,course,completed_on\nMA0010100,x1,MHFA,2024-03-04\n"
    app.file_uploader[0].upload("training.csv", text.encode()).run()
    assert "The whole sample campaign goes away with it" in words(app)
    assert "Start with your departments" in words(app)
    assert "Template for departments" in labels(app, "download_button")
    app = pressed(app, "Practice on the sample instead")
    assert "nothing is kept" in words(app)
    assert "This is practice: nothing is published." in words(app)
    assert "Publish" not in labels(app)
    pressed(app, "Discard this upload")
    assert len(sample.store.versions()) == 1


def test_a_reading_is_seen_renamed_edited_and_removed(
    page: Callable[..., AppTest], empty: Campaign
) -> None:
    assert "Nothing is remembered yet." in words(page(READINGS))
    said: dict[str, Any] = {
        "words": {"course": {"Adult MHFA": "MHFA"}},
        "rows": {"Status": {"waived": "no"}},
    }
    empty.publish(training=EXPORT, **said)
    app = page(READINGS)
    shown = words(app)
    assert "- In course, 'Adult MHFA' is MHFA." in shown
    assert "- 'Status' decides which rows count: waived do not." in shown
    assert [fault for text in texts(app) for fault in faults(text)] == []
    app.text_input[0].set_value("Academy export")
    app = pressed(app, "Rename")
    app.text_area[0].set_value("dates = 7")
    app = pressed(app, "Save")
    assert "'dates' has to be pairs" in words(app)
    app.text_area[0].set_value("hidden = 'no'")
    app = pressed(app, "Save")
    with closing(AppDatabase(empty.store.settings.store)) as appdb:
        assert appdb.readings.named("Academy export").record == {"hidden": "no"}
        app = pressed(app, "Remove")
        app = pressed(app, "Remove Academy export")
        assert appdb.readings.all() == []
    assert not app.exception
