"""`progress` as a table: one row a department, the columns of design §7, and the oracle's word."""

import math
from datetime import date
from typing import Any

from hypothesis import given, settings

from tests.support import oracle
from tests.support.strategies import scenarios, sheet

SECTION_7 = """department_id, name, type, municipality, county, state, edition, pledged_on,
deadline_on, stage, sworn, source, reported_on, mhfa_trained, cit_trained, trained_low,
trained_high, partnership, policy, mhfa, cit, compliant_today, check_counts, expiring_90d,
lapsed, pace_per_month, projected_on"""
COLUMNS = [name.strip() for name in SECTION_7.split(",")]


def test_every_department_has_one_row_with_the_columns_in_order(campaign):
    rows = campaign(
        departments=sheet(
            "department_id,name,type,municipality,county,state,country,sworn_officers",
            "A,Avon Police,municipal,Avon,Norfolk,MA,US,9",
            "B,Toronto Police Service,other,,,ON,CA,",
        ),
        pledges=sheet("department_id,pledged_on", "A,2017-09-20", "A,2022-01-10"),
        officers=sheet("department_id,officer_id,sworn", "A,o1,yes", "A,o2,yes"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "A,o1,MHFA,2023-01-01",
            "A,o2,MHFA,2023-01-01",
            "A,o2,CIT,2023-01-01",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained", "A,2023-01-01,1,1", "A,2024-01-01,1,1"
        ),
        partners=sheet("partner_id,name,kind", "p1,Riverside Center,hospital"),
        partnerships=sheet(
            "department_id,partner_id,kind,signed_on",
            "A,p1,referral,2020-01-01",
            "A,p1,training,2020-01-01",
        ),
    ).progress("2024-06-30")

    assert sorted(rows) == ["A", "B"]
    assert list(rows["A"]) == COLUMNS
    assert [rows["A"][name] for name in COLUMNS[:6]] == [
        "A",
        "Avon Police",
        "municipal",
        "Avon",
        "Norfolk",
        "MA",
    ]
    assert (rows["A"]["sworn"], rows["A"]["mhfa_trained"], rows["A"]["cit_trained"]) == (2, 2, 1)


def test_a_department_of_which_nothing_is_known_has_blanks_and_no_zeros(campaign):
    rows = campaign(
        departments=sheet("department_id,name,type,state", "A,Avon Police,municipal,MA"),
    ).progress("2024-06-30")

    told = {
        "department_id": "A",
        "name": "Avon Police",
        "type": "municipal",
        "state": "MA",
        "edition": "current",
        "stage": "not_pledged",
        "source": "none",
        "partnership": "not_reported",
        "policy": "not_reported",
        "mhfa": "not_reported",
        "cit": "not_reported",
        "compliant_today": False,
        "check_counts": False,
    }
    assert rows["A"] == dict.fromkeys(COLUMNS) | told


def test_the_tables_of_a_campaign_are_read_as_of_the_day_asked_for(campaign):
    """One department's story, every practice in turn."""
    story = campaign(
        departments=sheet("department_id,name,type,state,sworn_officers", "A,Avon,municipal,MA,2"),
        pledges=sheet(
            "department_id,pledged_on,policy_adopted_on,completion_claimed_on,"
            "completion_confirmed_on",
            "A,2017-09-20,2018-02-01,2018-10-01,2018-12-01",
        ),
        partners=sheet("partner_id,name,kind", "p1,Riverside Center,hospital"),
        partnerships=sheet("department_id,partner_id,kind,signed_on", "A,p1,other,2018-01-01"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "A,o1,MHFA,2018-03-01",
            "A,o2,MHFA,2018-06-01",
            "A,o2,CIT,2018-09-01",
        ),
    )
    names = ["stage", "partnership", "policy", "mhfa", "cit", "compliant_today", "reported_on"]
    seen = {
        day: [story.progress(day)["A"][name] for name in names]
        for day in ["2017-09-19", "2018-01-31", "2018-03-01", "2018-09-01", "2018-12-01"]
    }

    met, silent = "met", "not_reported"
    assert seen == {
        "2017-09-19": ["not_pledged", silent, silent, silent, silent, False, None],
        "2018-01-31": ["in_progress", met, silent, silent, silent, False, None],
        "2018-03-01": ["in_progress", met, met, "not_met", "not_met", False, date(2018, 3, 1)],
        "2018-09-01": ["in_progress", met, met, met, met, True, date(2018, 9, 1)],
        "2018-12-01": ["completed", met, met, met, met, True, date(2018, 9, 1)],
    }


@settings(max_examples=60, deadline=None)
@given(scenario=scenarios())
def test_sql_agrees_with_plain_python(calculator, scenario):
    tables, day = scenario

    by_sql = calculator(tables, day)
    by_python = oracle.progress(tables, day)

    assert by_sql.keys() == by_python.keys()
    assert differences(by_sql, by_python) == []


def differences(by_sql: dict[str, Any], by_python: dict[str, Any]) -> list[str]:
    """A sentence for each value on which the two disagree."""
    return [
        f"{department_id}.{name}: SQL says {by_sql[department_id][name]!r}, Python {expected!r}"
        for department_id, row in by_python.items()
        for name, expected in row.items()
        if not agree(by_sql[department_id][name], expected)
    ]


def agree(value: Any, expected: Any) -> bool:
    """The same value of the same type; fractions to within 1e-9."""
    if type(value) is not type(expected):
        return False
    if isinstance(expected, float):
        return math.isclose(value, expected, rel_tol=0, abs_tol=1e-9)
    return bool(value == expected)
