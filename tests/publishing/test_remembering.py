"""A publish remembers how its files were read: the next file of the kind is asked nothing."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from onemind import metrics
from onemind.appdb import AppDatabase
from onemind.errors import WrongUse
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
