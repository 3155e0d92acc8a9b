"""Design §5: how many sworn officers a department has, by its roster or by its own count."""

from tests.support.strategies import column, sheet

DEPARTMENT = "department_id,name,type,state,sworn_officers"


def test_without_a_roster_the_department_s_count_is_sworn_and_blank_or_zero_is_unknown(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT + ",nonsworn_staff,counts_as_of",
            "counted,Avon,municipal,MA,44,20,2023-12-31",  # dispatchers never in the denominator
            "counted-later,Bourne,municipal,MA,9,,2026-01-01",  # counts_as_of never filters
            "blank,Canton,municipal,MA,,5,",
            "zero,Dover,municipal,MA,0,5,",
        ),
    ).progress("2024-06-30")

    assert column(rows, "sworn") == {
        "counted": 44,
        "counted-later": 9,
        "blank": None,
        "zero": None,
    }


def test_the_roster_counts_its_active_sworn_officers_and_overrules_the_department(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "more,Avon,municipal,MA,2",
            "fewer,Bourne,municipal,MA,50",
            "no-count,Canton,municipal,MA,",
        ),
        officers=sheet(
            "department_id,officer_id,sworn",
            "more,o1,yes",
            "more,o2,yes",
            "more,o3,yes",
            "more,dispatcher,no",
            "fewer,o1,yes",
            "no-count,o1,yes",
            "no-count,o2,yes",
        ),
    ).progress("2024-06-30")

    assert column(rows, "sworn") == {"more": 3, "fewer": 1, "no-count": 2}


def test_an_officer_counts_from_the_day_of_joining_until_the_day_before_leaving(campaign):
    roster = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,"),
        officers=sheet(
            "department_id,officer_id,sworn,joined_on,left_on",
            "A,always,yes,,",
            "A,joiner,yes,2024-03-01,",
            "A,leaver,yes,,2024-05-01",
            "A,both,yes,2024-03-01,2024-05-01",
            "A,clerk,no,2024-03-01,2024-05-01",
        ),
    )

    sworn = {
        day: roster.progress(day)["A"]["sworn"]
        for day in ["2024-02-29", "2024-03-01", "2024-04-30", "2024-05-01"]
    }

    assert sworn == {
        "2024-02-29": 2,  # always, leaver
        "2024-03-01": 4,  # and joiner, both
        "2024-04-30": 4,
        "2024-05-01": 2,  # always, joiner: who leaves on the day is gone
    }


def test_exempt_officers_do_not_count_until_the_day_after_the_exemption(campaign):
    roster = campaign(
        departments=sheet(
            DEPARTMENT,
            "reason,Avon,municipal,MA,",
            "until,Bourne,municipal,MA,",
            "reason-and-until,Canton,municipal,MA,",
        ),
        officers=sheet(
            "department_id,officer_id,sworn,exempt_until,exempt_reason",
            "reason,o1,yes,,",
            "reason,o2,yes,,injury",  # no end: exempt on every day
            "until,o1,yes,,",
            "until,o2,yes,2024-06-30,",
            "reason-and-until,o1,yes,,",
            "reason-and-until,o2,yes,2024-06-30,leave",
        ),
    )

    still_exempt = column(roster.progress("2024-06-30"), "sworn")
    back = column(roster.progress("2024-07-01"), "sworn")

    assert still_exempt == {"reason": 1, "until": 1, "reason-and-until": 1}
    assert back == {"reason": 1, "until": 2, "reason-and-until": 2}


def test_a_roster_with_nobody_active_leaves_sworn_unknown_without_falling_back(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "nonsworn-only,Avon,municipal,MA,30",
            "all-left,Bourne,municipal,MA,30",
            "all-to-come,Canton,municipal,MA,30",
            "all-exempt,Dover,municipal,MA,30",
            "no-roster,Essex,municipal,MA,30",
        ),
        officers=sheet(
            "department_id,officer_id,sworn,joined_on,left_on,exempt_reason",
            "nonsworn-only,o1,no,,,",
            "all-left,o1,yes,,2020-01-01,",
            "all-to-come,o1,yes,2025-01-01,,",
            "all-exempt,o1,yes,,,leave",
        ),
    ).progress("2024-06-30")

    assert column(rows, "sworn") == {
        "nonsworn-only": None,
        "all-left": None,
        "all-to-come": None,
        "all-exempt": None,
        "no-roster": 30,
    }


def test_with_nobody_active_nobody_is_trained_and_nothing_is_met(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,1"),
        officers=sheet("department_id,officer_id,sworn,left_on", "A,o1,yes,2024-01-01"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "A,o1,MHFA,2024-05-01",
            "A,o1,CIT,2023-05-01",
        ),
    ).progress("2024-06-30")["A"]

    assert row["source"] == "records"
    trained = ["mhfa_trained", "cit_trained", "trained_low", "trained_high"]
    assert [row[name] for name in trained] == [0, 0, 0, 0]
    assert (row["mhfa"], row["cit"]) == ("not_reported", "not_reported")
    assert row["check_counts"] is False
    assert (row["expiring_90d"], row["lapsed"]) == (0, 0)
    assert (row["pace_per_month"], row["projected_on"]) == (0.0, None)


def test_a_roster_is_the_denominator_of_totals_too(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,50"),
        officers=sheet("department_id,officer_id,sworn", "A,o1,yes", "A,o2,yes"),
        training_totals=sheet("department_id,as_of,mhfa_trained,cit_trained", "A,2024-01-31,2,1"),
    ).progress("2024-06-30")["A"]

    assert (row["sworn"], row["source"]) == (2, "totals")
    assert (row["mhfa_trained"], row["mhfa"], row["cit"]) == (2, "met", "met")
