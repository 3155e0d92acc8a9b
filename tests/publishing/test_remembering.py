"""A publish remembers how its files were read: the next file of the kind is asked nothing."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
import xlsxwriter

from onemind import metrics, publishing
from onemind.appdb import AppDatabase
from onemind.errors import WrongUse
from onemind.ingest import Upload
from tests.conftest import Campaign

TOWN = "department_id,name,type,state\nA,Avon,municipal,MA\n"
FIRST = (
    "Dept ID,Badge,Class,Status,Finished\nA,1,Adult MHFA,Waived,03/04/2024\n"
    "A,2,Adult MHFA,Completed,25/04/2024\n"
)
SECOND = "Dept ID,Badge,Class,Status,Finished\nA,3,adult mhfa,waived,03/05/2024\n"
SAID: dict[str, Any] = {
    "columns": {"Finished": "completed_on"},
    "words": {"course": {"Adult MHFA": "MHFA"}},
    "rows": {"Status": {"waived": "yes"}},
}


def rows_of(campaign: Campaign) -> list[dict[str, Any]]:
    return metrics.export.dataset(campaign.store, "training").records()


@pytest.fixture
def told(empty: Campaign) -> Campaign:
    """A store where one file was explained and published."""
    empty.publish(departments=TOWN)
    empty.publish(training=FIRST, **SAID)
    return empty


def test_the_first_file_asks(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    assert {item.code for item in empty.check(training=FIRST).errors} == {"missing-label"}
    made = empty.check(training=FIRST, columns=SAID["columns"])
    assert {item.code for item in made.errors} == {"enum-error", "row-word"}


def test_the_second_file_is_read_as_the_first(told: Campaign) -> None:
    told.publish(training=SECOND)
    rows = {row["officer_id"]: row for row in rows_of(told)}
    assert rows["3"]["course"] == "MHFA"
    assert f"{rows['3']['completed_on']}" == "2024-05-03"  # day first, as the first file proved


def test_a_proof_goes_before_what_is_remembered(told: Campaign) -> None:
    told.publish(training=SECOND.replace("03/05/2024", "05/25/2024"))
    rows = {row["officer_id"]: row for row in rows_of(told)}
    assert f"{rows['3']['completed_on']}" == "2024-05-25"


def test_a_reading_is_used_by_name_for_files_of_other_headers(told: Campaign) -> None:
    with closing(AppDatabase(told.store.settings.store)) as appdb:
        appdb.readings.rename("training", "Academy")
    other = SECOND.replace("Badge", "Officer")
    assert told.check(training=other).errors
    assert not told.check(training=other, reading_name="Academy").errors
    with pytest.raises(WrongUse, match="no reading called 'Akademy'"):
        told.check(training=other, reading_name="Akademy")


def test_a_plain_file_leaves_nothing_to_remember(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    empty.publish(training="department_id,officer_id,course,completed_on\nA,1,MHFA,2024-03-04\n")
    with closing(AppDatabase(empty.store.settings.store)) as appdb:
        assert appdb.readings.all() == []


def test_a_word_can_only_mean_a_value_there_is(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    words = {"course": {"Adult MHFA": "Shoes"}}
    made = empty.check(training=FIRST, columns=SAID["columns"], rows=SAID["rows"], words=words)
    [problem] = made.errors
    assert problem.message.startswith("'Adult MHFA' is said to mean 'Shoes', which is no course.")
    words = {"course": {"Adult MHFA": "mhfa"}}
    made = empty.check(training=FIRST, columns=SAID["columns"], rows=SAID["rows"], words=words)
    assert made.errors == []


# --- which sheets, and which shape ----------------------------------------------------------------


def workbook(campaign: Campaign, name: str, **sheets: str) -> Upload:
    """Write a workbook with a sheet for each CSV text; those called hidden are."""
    path = campaign.folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        for title, text in sheets.items():
            sheet = book.add_worksheet(title)
            for number, line in enumerate(text.splitlines()):
                sheet.write_row(number, 0, line.split(","))
            if title == "hidden":
                sheet.hide()
    return Upload(path, name)


def one(officer: str) -> str:
    return f"department_id,officer_id,course,completed_on\nA,{officer},MHFA,2024-03-04\n"


def published(campaign: Campaign, file: Upload, **given: Any) -> publishing.Draft:
    options = campaign.options(**given)
    return publishing.publish(campaign.store, [file], options, "tester", "test")[1]


def test_the_sheets_that_were_chosen_are_used_again(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    first = workbook(empty, "a.xlsx", Training=one("1"), Old=one("2"), hidden=one("3"))
    made = published(empty, first, sheets=("Training", "hidden"))
    assert made.sheets == {"Training": True, "Old": False, "hidden": True}
    assert {row["officer_id"] for row in rows_of(empty)} == {"1", "3"}
    again = workbook(empty, "b.xlsx", Training=one("4"), Old=one("5"), hidden=one("6"))
    made = published(empty, again)
    assert {row["officer_id"] for row in rows_of(empty)} == {"1", "3", "4", "6"}
    [told] = [item.message for item in made.problems if item.code == "sheet-not-used"]
    assert told.startswith("b.xlsx, sheet Old was left out last time.")


def test_a_hidden_sheet_nobody_chose_is_not_used(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    made = published(empty, workbook(empty, "a.xlsx", Training=one("1"), hidden=one("2")))
    assert made.sheets == {"Training": True, "hidden": False}
    assert {row["officer_id"] for row in rows_of(empty)} == {"1"}
    with closing(AppDatabase(empty.store.settings.store)) as appdb:
        assert appdb.readings.all() == []


WIDE = "Dept ID,Badge,MHFA,CIT\nA,1,2024-03-04,2024-03-05\n"


def test_the_shape_of_a_table_is_remembered_by_the_header_in_the_file(empty: Campaign) -> None:
    empty.publish(departments=TOWN)
    empty.publish(training=WIDE)
    with closing(AppDatabase(empty.store.settings.store)) as appdb:
        [saved] = appdb.readings.all()
    assert saved.labels == ("Dept ID", "Badge", "MHFA", "CIT")
    assert saved.record["shape"] == "courses"
    made = empty.check(training=WIDE, shape="rows")
    assert not made.shaped and made.errors


def test_a_table_is_read_as_it_stands_once_somebody_said_so(empty: Campaign) -> None:
    totals = "Dept ID,Badge,MHFA,CIT,As Of\nA,1,2,3,2024-03-04\n"
    empty.publish(departments=TOWN)
    assert empty.check(training_totals=totals).shaped
    empty.publish(training_totals=totals, shape="rows")
    [row] = metrics.export.dataset(empty.store, "training_totals").records()
    assert (row["mhfa_trained"], row["cit_trained"]) == (2, 3)
    assert not empty.check(training_totals=totals.replace("2,3", "3,3")).shaped
