"""Keys: rows that appear twice, and rows that refer to something, over all files together."""

import pytest

from tests.conftest import Campaign
from tests.ingest.staging.conftest import draft, places

TRAINING = "department_id,officer_id,course,completed_on"
PLEDGES = "department_id,pledged_on"
OUTCOMES = "department_id,period_start,period_end,mh_calls"
MINIMAL = "department_id,name,type,state"


def test_a_row_repeated_in_another_file_names_that_file(town: Campaign):
    text = f"{TRAINING}\nA,o1,CIT,2018-01-01\n"
    made = draft(town, {"may.csv": text, "june.csv": f"{text}A,o2,CIT,2018-01-01\n"})
    assert [(item.file, item.row, item.code) for item in made.problems] == [
        ("june.csv", 2, "repeat")
    ]
    assert made.problems[0].message == "Row 2 says the same as row 2 of may.csv. It is kept once."


def test_each_repetition_names_the_first(town: Campaign):
    made = town.check(pledges=f"{PLEDGES}\nA,2018-01-01\nA,2018\nA,1/1/2018\n")
    found = [item for item in made.problems if item.code in ("primary-key", "repeat")]
    assert [(item.row, item.code) for item in found] == [(3, "primary-key"), (4, "repeat")]
    assert all("row 2" in item.message for item in found)


@pytest.mark.parametrize("order", ["departments first", "training first"])
def test_departments_may_come_in_the_same_go(town: Campaign, order: str):
    files = {
        "d.csv": f"{MINIMAL}\nC,Cary,campus,ME\n",
        "t.csv": f"{TRAINING}\nC,o1,CIT,2018-01-01\n",
    }
    names = sorted(files, reverse=order == "training first")
    made = draft(town, {name: files[name] for name in names})
    assert made.problems == ()
    assert {diff.dataset: diff.added for diff in made.diffs} == {"departments": 1, "training": 1}


def test_a_department_with_a_fault_elsewhere_does_not_fault_its_training(town: Campaign):
    made = town.check(
        departments=f"{MINIMAL}\nC,Cary,castle,ME\n",
        training=TRAINING + "".join(f"\nC,o{number},CIT,2018-01-01" for number in range(50)),
    )
    assert places(made) == [(2, "type", "enum-error")]


def test_replaced_departments_are_all_there_is_to_refer_to(town: Campaign):
    made = town.check(
        mode="replace",
        departments=f"{MINIMAL}\nB,Bolton,municipal,MA\n",
        training=f"{TRAINING}\nA,o1,CIT,2018-01-01\nB,o1,CIT,2018-01-01\n",
    )
    assert (2, "department_id", "foreign-key") in places(made)
    assert (3, "department_id", "foreign-key") not in places(made)


def test_a_partnership_needs_its_department_and_its_partner(town: Campaign):
    header = "department_id,partner_id,kind,signed_on"
    rows = "A,p1,referral,2018-01-01\nA,p9,referral,2018-01-01\nZ,p9,referral,2018-01-01\n"
    made = town.check(partnerships=f"{header}\n{rows}")
    assert places(made) == [
        (3, "partner_id", "foreign-key"),
        (4, "department_id", "foreign-key"),
        (4, "partner_id", "foreign-key"),
    ]


def test_a_blank_reference_is_only_a_blank(town: Campaign):
    assert places(town.check(training=f"{TRAINING}\n,o1,CIT,2018-01-01\n")) == [
        (2, "department_id", "missing-value")
    ]
