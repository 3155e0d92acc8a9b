"""Design §5: certificates about to end, lapsed ones, the pace of training and where it leads.

Everything is seen from 2024-03-01: 90 days on is 2024-05-30 (30 days of March, 30, 30), and
180 days back is 2023-09-03 (1 + 29 + 31 + 31 + 30 + 31 days to 1 October, 27 more).
"""

from datetime import date

import pytest

from tests.support.strategies import column, sheet

DEPARTMENT = "department_id,name,type,state,sworn_officers"
TODAY = "2024-03-01"


def test_certificates_that_end_within_90_days_are_expiring(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            *[
                f"{name},Avon,municipal,MA,9"
                for name in ["today", "day-90", "day-91", "written", "yesterday"]
            ],
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,expires_on",
            "today,o1,MHFA,2021-03-01,",  # valid today for the last time
            "day-90,o1,MHFA,2021-05-30,",
            "day-91,o1,MHFA,2021-05-31,",
            "written,o1,MHFA,2024-02-01,2024-05-30",
            "yesterday,o1,MHFA,2023-02-28,2024-02-29",
        ),
    ).progress(TODAY)

    assert column(rows, "expiring_90d") == {
        "today": 1,
        "day-90": 1,
        "day-91": 0,
        "written": 1,
        "yesterday": 0,
    }
    assert column(rows, "lapsed") == {
        "today": 0,
        "day-90": 0,
        "day-91": 0,
        "written": 0,
        "yesterday": 1,
    }


def test_an_officer_is_expiring_only_if_every_valid_mhfa_certificate_ends(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on,expires_on",
            "A,two-ending,MHFA,2021-03-15,",
            "A,two-ending,MHFA,2021-04-15,",
            "A,one-lapsed-one-ending,MHFA,2016-01-01,",
            "A,one-lapsed-one-ending,MHFA-EQ,2021-04-15,",
            "A,renewed,MHFA,2021-03-15,",
            "A,renewed,MHFA,2024-02-15,",
            "A,renews-tomorrow,MHFA,2021-03-15,",
            "A,renews-tomorrow,MHFA,2024-03-02,",  # after the day: not known yet
            "A,cit-ending,CIT,2020-01-01,2024-03-15",
            "A,mhfa-ending-cit-not,MHFA,2021-03-15,",
            "A,mhfa-ending-cit-not,CIT,2020-01-01,",
        ),
    ).progress(TODAY)["A"]

    # two-ending, one-lapsed-one-ending, renews-tomorrow, mhfa-ending-cit-not
    assert (row["expiring_90d"], row["lapsed"]) == (4, 0)


def test_expiring_and_lapsed_see_only_courses_of_the_edition(campaign):
    officers = [
        "saved-by-equivalent,MHFA,2021-03-15",
        "saved-by-equivalent,MHFA-EQ,2023-06-01",
        "lapsed-but-equivalent,MHFA,2018-01-01",
        "lapsed-but-equivalent,MHFA-EQ,2023-06-01",
        "equivalent-lapsed,MHFA-EQ,2018-01-01",
        "equivalent-ending,MHFA-EQ,2021-03-15",
    ]
    rows = campaign(
        departments=sheet(DEPARTMENT, "old,Avon,municipal,MA,9", "new,Bourne,municipal,MA,9"),
        pledges=sheet("department_id,pledged_on", "old,2017-09-20", "new,2023-06-01"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[f"{department},{officer}" for department in ["old", "new"] for officer in officers],
        ),
    ).progress(TODAY)

    # 2016 knows MHFA only: the first is expiring, the second lapsed, the others never held one.
    assert column(rows, "expiring_90d") == {"old": 1, "new": 1}
    assert column(rows, "lapsed") == {"old": 1, "new": 1}
    assert column(rows, "mhfa_trained") == {"old": 1, "new": 3}


def test_lapsed_officers_held_a_certificate_and_hold_none_valid(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "A,lapsed,MHFA,2018-01-01,yes",
            "A,lapsed-twice,MHFA,2016-01-01,",
            "A,lapsed-twice,MHFA,2019-01-01,",
            "A,done-again,MHFA,2018-01-01,",
            "A,done-again,MHFA-EQ,2023-01-01,",
            "A,does-it-tomorrow,MHFA,2018-01-01,",
            "A,does-it-tomorrow,MHFA,2024-03-02,",
            "A,first-one-tomorrow,MHFA,2024-03-02,",
            "A,cit-only,CIT,2018-01-01,",
            "A,dispatcher,MHFA,2018-01-01,no",
        ),
    ).progress(TODAY)["A"]

    assert row["lapsed"] == 3  # lapsed, lapsed-twice, does-it-tomorrow


def test_with_a_roster_only_active_sworn_officers_are_expiring_lapsed_or_new(campaign):
    officers = ["active", "leaver", "exempt", "clerk", "stranger"]
    certificates = {"lapsed": "2018-01-01", "ending": "2021-03-15", "new": "2024-02-15"}
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,"),
        officers=sheet(
            "department_id,officer_id,sworn,left_on,exempt_reason",
            *[
                line
                for state in certificates
                for line in [
                    f"A,active-{state},yes,,",
                    f"A,leaver-{state},yes,2024-03-01,",
                    f"A,exempt-{state},yes,,injury",
                    f"A,clerk-{state},no,,",
                ]
            ],
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            *[
                f"A,{officer}-{state},MHFA,{day},{'no' if officer == 'active' else 'yes'}"
                for officer in officers
                for state, day in certificates.items()
            ],
        ),
    ).progress(TODAY)["A"]

    assert (row["sworn"], row["mhfa_trained"]) == (3, 2)
    assert (row["expiring_90d"], row["lapsed"]) == (1, 1)
    assert row["pace_per_month"] == pytest.approx(30.44 / 180, abs=1e-9)  # one officer


def test_the_pace_counts_first_certificates_of_the_last_180_days(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "old,Avon,municipal,MA,10", "new,Bourne,municipal,MA,10"),
        pledges=sheet("department_id,pledged_on", "old,2017-09-20", "new,2023-06-01"),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            *[
                f"{department},{row}"
                for department in ["old", "new"]
                for row in [
                    "too-early,MHFA,2023-09-03,",  # D - 180 is out
                    "first-day,MHFA,2023-09-04,yes",
                    "today,MHFA,2024-03-01,",
                    "tomorrow,MHFA,2024-03-02,",
                    "renewed,MHFA,2020-01-01,",
                    "renewed,MHFA,2024-01-01,",
                    "cit-only,CIT,2024-01-01,",
                    "dispatcher,MHFA,2024-01-01,no",
                ]
            ],
        ),
    ).progress(TODAY)

    pace = column(rows, "pace_per_month")
    assert pace == pytest.approx({"old": 2 * 30.44 / 180, "new": 2 * 30.44 / 180}, abs=1e-9)
    # old: 10 - 4 with MHFA (too-early, first-day, today, renewed) = 6; 6 * 180 / 2 = 540 days
    # new: 10 - 5 with either (and cit-only) = 5; 5 * 180 / 2 = 450 days
    assert column(rows, "projected_on") == {"old": date(2025, 8, 23), "new": date(2025, 5, 25)}


def test_the_first_certificate_is_the_first_that_counts_under_the_edition(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "old,Avon,municipal,MA,2",
            "middle,Bourne,municipal,MA,2",
            "new,Canton,municipal,MA,2",
        ),
        pledges=sheet(
            "department_id,pledged_on", "old,2017-09-20", "middle,2019-09-20", "new,2023-06-01"
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[
                f"{department},o1,{course}"
                for department in ["old", "middle", "new"]
                for course in ["MHFA-EQ,2022-01-01", "MHFA,2024-01-01"]
            ],
        ),
    ).progress(TODAY)

    pace = column(rows, "pace_per_month")
    assert pace == pytest.approx({"old": 30.44 / 180, "middle": 0.0, "new": 0.0}, abs=1e-9)
    assert column(rows, "projected_on") == {
        "old": date(2024, 8, 28),  # 1 * 180 / 1 days
        "middle": None,
        "new": None,
    }


def test_a_certificate_that_has_ended_already_still_counts_toward_the_pace(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,2"),
        training=sheet(
            "department_id,officer_id,course,completed_on,expires_on",
            "A,o1,MHFA,2023-12-01,2024-02-01",
        ),
    ).progress(TODAY)["A"]

    assert (row["mhfa_trained"], row["lapsed"]) == (0, 1)
    assert row["pace_per_month"] == pytest.approx(30.44 / 180, abs=1e-9)
    assert row["projected_on"] == date(2025, 2, 24)  # 2 * 180 / 1 = 360 days


def test_the_projection_is_rounded_up_to_a_whole_day(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "in-7,Avon,municipal,MA,10",
            "in-3,Bourne,municipal,MA,4",
            "in-11,Canton,municipal,MA,13",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[f"in-{count},o{n},MHFA,2024-01-15" for count in [7, 3, 11] for n in range(count)],
        ),
    ).progress(TODAY)

    assert column(rows, "projected_on") == {
        "in-7": date(2024, 5, 18),  # 3 * 180 / 7 = 77.1: 78 days
        "in-3": date(2024, 4, 30),  # 1 * 180 / 3 = 60 days exactly
        "in-11": date(2024, 4, 3),  # 2 * 180 / 11 = 32.7: 33 days
    }


def test_without_a_gap_a_pace_or_a_sworn_count_there_is_no_projection(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "no-gap,Avon,municipal,MA,2",
            "above,Bourne,municipal,MA,1",
            "no-pace,Canton,municipal,MA,2",
            "sworn-unknown,Dover,municipal,MA,",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "no-gap,o1,MHFA,2024-01-15",
            "no-gap,o2,MHFA,2024-01-15",
            "above,o1,MHFA,2024-01-15",
            "above,o2,MHFA,2024-01-15",
            "no-pace,o1,MHFA,2022-01-15",
            "sworn-unknown,o1,MHFA,2024-01-15",
        ),
    ).progress(TODAY)

    nobody = dict.fromkeys(["no-gap", "above", "no-pace", "sworn-unknown"])
    assert column(rows, "projected_on") == nobody
    two, one = 2 * 30.44 / 180, 30.44 / 180
    expected = {"no-gap": two, "above": two, "no-pace": 0.0, "sworn-unknown": one}
    assert column(rows, "pace_per_month") == pytest.approx(expected, abs=1e-9)


def test_only_records_tell_of_expiry_lapse_and_pace(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "records,Avon,municipal,MA,9",
            "totals,Bourne,municipal,MA,9",
            "nothing,Canton,municipal,MA,9",
        ),
        training=sheet("department_id,officer_id,course,completed_on", "records,o1,CIT,2020-01-01"),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained", "totals,2024-01-01,5,5"
        ),
    ).progress(TODAY)

    names = ["expiring_90d", "lapsed", "pace_per_month", "projected_on"]
    seen = {department: [row[name] for name in names] for department, row in rows.items()}
    assert seen == {
        "records": [0, 0, 0.0, None],
        "totals": [None, None, None, None],
        "nothing": [None, None, None, None],
    }


def test_a_department_without_a_pledge_has_a_forecast_under_the_edition_of_the_day(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,3"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "A,o1,MHFA-EQ,2024-01-15",
            "A,o2,CIT,2020-01-01",
        ),
    ).progress(TODAY)["A"]

    assert (row["stage"], row["edition"]) == ("not_pledged", "current")
    assert row["projected_on"] == date(2024, 8, 28)  # (3 - 2) * 180 / 1 = 180 days
