"""Design §5: courses, valid certificates, who counts as trained, and the source of the numbers."""

from datetime import date

from tests.support.strategies import column, sheet

DEPARTMENT = "department_id,name,type,state,sworn_officers"
TRAINED = ["mhfa_trained", "cit_trained", "trained_low", "trained_high"]


def trained(rows):
    """The four numbers of training, by department_id."""
    return {
        department_id: tuple(row[name] for name in TRAINED) for department_id, row in rows.items()
    }


def test_equivalent_courses_count_from_edition_2019_on(campaign):
    departments = ["2016", "2019", "current"]
    rows = campaign(
        departments=sheet(DEPARTMENT, *[f"in-{name},Avon,municipal,MA,9" for name in departments]),
        pledges=sheet(
            "department_id,pledged_on,edition",
            *[f"in-{name},2024-01-10,{name}" for name in departments],
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[
                f"in-{name},{officer},2024-02-01"
                for name in departments
                for officer in ["o1,MHFA", "o2,MHFA-EQ", "o3,CIT", "o4,CIT-EQ", "o5,CRIT"]
            ],
        ),
    ).progress("2024-06-30")

    assert trained(rows) == {
        "in-2016": (1, 1, 2, 2),  # MHFA and CIT only
        "in-2019": (2, 3, 5, 5),
        "in-current": (2, 3, 5, 5),
    }


def test_an_mhfa_certificate_is_valid_from_its_day_for_36_months_to_the_very_day(campaign):
    certificates = campaign(
        departments=sheet(
            DEPARTMENT, "plain,Avon,municipal,MA,9", "equivalent,Bourne,municipal,MA,9"
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "plain,o1,MHFA,2021-03-10",
            "plain,o2,CIT,2019-01-01",
            "equivalent,o1,MHFA-EQ,2021-03-10",
            "equivalent,o2,CIT,2019-01-01",
        ),
    )

    for day, count in [("2021-03-09", 0), ("2021-03-10", 1), ("2024-03-10", 1), ("2024-03-11", 0)]:
        assert column(certificates.progress(day), "mhfa_trained") == {
            "plain": count,
            "equivalent": count,
        }


def test_a_certificate_of_a_leap_day_ends_on_28_february(campaign):
    certificate = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9"),
        training=sheet("department_id,officer_id,course,completed_on", "A,o1,MHFA,2020-02-29"),
    )

    assert certificate.progress("2023-02-28")["A"]["mhfa_trained"] == 1
    assert certificate.progress("2023-03-01")["A"]["mhfa_trained"] == 0


def test_a_written_end_replaces_the_months_of_the_course(campaign):
    written = campaign(
        departments=sheet(DEPARTMENT, "earlier,Avon,municipal,MA,9", "later,Bourne,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on,expires_on",
            "earlier,o1,MHFA,2021-03-10,2022-01-31",
            "later,o1,MHFA,2021-03-10,2026-01-01",
        ),
    )

    for day, earlier, later in [
        ("2022-01-31", 1, 1),
        ("2022-02-01", 0, 1),
        ("2024-03-11", 0, 1),  # 36 months are over
        ("2026-01-01", 0, 1),
        ("2026-01-02", 0, 0),
    ]:
        assert column(written.progress(day), "mhfa_trained") == {"earlier": earlier, "later": later}


def test_cit_crit_and_equivalents_never_expire_unless_an_end_is_written(campaign):
    certificates = campaign(
        departments=sheet(DEPARTMENT, "open,Avon,municipal,MA,9", "ended,Bourne,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on,expires_on",
            "open,o1,CIT,2001-01-01,",
            "open,o2,CIT-EQ,2001-01-01,",
            "open,o3,CRIT,2001-01-01,",
            "ended,o1,CIT,2001-01-01,2023-12-31",
            "ended,o2,CRIT,2001-01-01,2024-01-01",
        ),
    )

    on_the_last_day = column(certificates.progress("2023-12-31"), "cit_trained")
    the_day_after = column(certificates.progress("2024-01-01"), "cit_trained")

    assert on_the_last_day == {"open": 3, "ended": 2}
    assert the_day_after == {"open": 3, "ended": 1}


def test_an_officer_counts_once_and_the_same_id_elsewhere_is_somebody_else(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9", "B,Bourne,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "A,o1,MHFA,2020-01-01",  # lapsed, then done again
            "A,o1,MHFA,2023-06-01",
            "A,o1,MHFA-EQ,2024-01-01",
            "A,o1,CIT,2019-01-01",
            "A,o1,CRIT,2020-01-01",
            "A,o2,CIT,2019-01-01",
            "B,o1,CIT,2019-01-01",
        ),
    ).progress("2024-06-30")

    assert trained(rows) == {"A": (1, 2, 2, 2), "B": (0, 1, 1, 1)}


def test_with_a_roster_only_its_active_sworn_officers_count(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9"),
        officers=sheet(
            "department_id,officer_id,sworn,joined_on,left_on,exempt_reason",
            "A,active,yes,,,",
            "A,untrained,yes,,,",
            "A,leaver,yes,,2024-06-30,",
            "A,to-come,yes,2024-07-01,,",
            "A,exempt,yes,,,leave",
            "A,dispatcher,no,,,",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "A,active,MHFA,2024-01-01,",
            "A,leaver,MHFA,2024-01-01,yes",
            "A,to-come,MHFA,2024-01-01,yes",
            "A,exempt,MHFA,2024-01-01,yes",
            "A,dispatcher,MHFA,2024-01-01,yes",
            "A,stranger,MHFA,2024-01-01,yes",  # not on the roster
            "A,leaver,CIT,2024-01-01,yes",
        ),
    ).progress("2024-06-30")

    assert rows["A"]["sworn"] == 2
    assert trained(rows) == {"A": (1, 0, 1, 1)}


def test_with_a_roster_the_sworn_column_of_training_is_ignored(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9", "B,Bourne,municipal,MA,9"),
        officers=sheet(
            "department_id,officer_id,sworn",
            "A,o1,yes",
            "A,o2,no",
            "B,o1,no",  # the same id in another department is somebody else
            "B,o2,yes",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "A,o1,MHFA,2024-01-01,no",  # sworn by the roster
            "A,o2,CIT,2024-01-01,yes",  # not sworn by the roster
            "B,o1,MHFA,2024-01-01,yes",
            "B,o2,CIT,2024-01-01,no",
        ),
    ).progress("2024-06-30")

    assert trained(rows) == {"A": (1, 0, 1, 1), "B": (0, 1, 1, 1)}


def test_without_a_roster_rows_of_sworn_officers_count_and_blank_means_sworn(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9", "B,Bourne,municipal,MA,9"),
        officers=sheet("department_id,officer_id,sworn", "B,o9,yes"),  # no roster of A's
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "A,o1,MHFA,2024-01-01,yes",
            "A,o2,MHFA,2024-01-01,",
            "A,dispatcher,MHFA,2024-01-01,no",
            "A,dispatcher,CIT,2024-01-01,no",
            "A,o1,CIT,2024-01-01,",
        ),
    ).progress("2024-06-30")

    assert trained(rows)["A"] == (2, 1, 2, 2)


def test_without_a_roster_the_word_sworn_counts_row_by_row(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9"),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "A,sworn-in-later,MHFA,2023-01-01,no",
            "A,sworn-in-later,CIT,2024-01-01,yes",
            "A,no-longer-sworn,MHFA,2020-01-01,yes",
            "A,no-longer-sworn,MHFA,2024-01-01,no",
        ),
    ).progress("2024-06-30")

    assert trained(row) == {"A": (0, 1, 1, 1)}
    assert (row["A"]["lapsed"], row["A"]["pace_per_month"]) == (1, 0.0)


def test_the_source_is_records_then_totals_then_none(campaign):
    sources = campaign(
        departments=sheet(
            DEPARTMENT,
            "both,Avon,municipal,MA,9",
            "records-to-come,Bourne,municipal,MA,9",
            "totals-to-come,Canton,municipal,MA,9",
            "nothing,Dover,municipal,MA,9",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            "both,o1,MHFA,2022-01-01",
            "records-to-come,o1,MHFA,2024-07-01",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained",
            "both,2024-06-01,8,8",  # newer, and still records win
            "records-to-come,2024-06-30,5,4",
            "totals-to-come,2024-07-01,5,4",
        ),
    )

    rows = sources.progress("2024-06-30")
    assert column(rows, "source") == {
        "both": "records",
        "records-to-come": "totals",
        "totals-to-come": "none",
        "nothing": "none",
    }
    assert trained(rows) == {
        "both": (1, 0, 1, 1),
        "records-to-come": (5, 4, 5, 9),
        "totals-to-come": (None, None, None, None),
        "nothing": (None, None, None, None),
    }
    the_day_after = column(sources.progress("2024-07-01"), "source")
    assert the_day_after["records-to-come"] == "records"
    assert the_day_after["totals-to-come"] == "totals"


def test_any_training_row_makes_records_even_one_that_counts_for_nothing(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT, "lapsed,Avon,municipal,MA,9", "nonsworn,Bourne,municipal,MA,9"
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "lapsed,o1,MHFA,2016-05-01,",
            "nonsworn,dispatcher,MHFA,2024-01-01,no",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained",
            "lapsed,2024-06-01,8,8",
            "nonsworn,2024-06-01,8,8",
        ),
    ).progress("2024-06-30")

    assert column(rows, "source") == {"lapsed": "records", "nonsworn": "records"}
    assert trained(rows) == {"lapsed": (0, 0, 0, 0), "nonsworn": (0, 0, 0, 0)}


def test_totals_are_those_of_the_latest_row_by_the_day(campaign):
    reports = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,50"),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained,both_trained",
            "A,2024-06-30,30,9,4",
            "A,2023-12-31,20,8,3",
            "A,2024-12-31,10,7,2",  # fewer than before is still the latest
        ),
    )

    assert trained(reports.progress("2023-12-30"))["A"] == (None, None, None, None)
    assert trained(reports.progress("2024-06-29"))["A"] == (20, 8, 25, 25)  # 20 + 8 - 3
    assert trained(reports.progress("2024-06-30"))["A"] == (30, 9, 35, 35)  # 30 + 9 - 4
    assert trained(reports.progress("2025-01-31"))["A"] == (10, 7, 15, 15)  # 10 + 7 - 2


def test_two_totals_give_a_range_and_both_trained_the_exact_number(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "range,Avon,municipal,MA,100",
            "range-of-more-cit,Bourne,municipal,MA,100",
            "both,Canton,municipal,MA,100",
            "both-is-zero,Dover,municipal,MA,100",
            "sworn-unknown,Essex,municipal,MA,",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained,both_trained",
            "range,2024-06-01,60,20,",
            "range-of-more-cit,2024-06-01,20,70,",
            "both,2024-06-01,60,20,15",
            "both-is-zero,2024-06-01,60,20,0",
            "sworn-unknown,2024-06-01,60,20,",
        ),
    ).progress("2024-06-30")

    assert trained(rows) == {
        "range": (60, 20, 60, 80),
        "range-of-more-cit": (20, 70, 70, 90),
        "both": (60, 20, 65, 65),
        "both-is-zero": (60, 20, 80, 80),
        "sworn-unknown": (60, 20, 60, 80),
    }


def test_numbers_are_capped_at_a_known_sworn_and_counts_above_it_want_a_check(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "mhfa-above,Avon,municipal,MA,10",
            "cit-above,Bourne,municipal,MA,10",
            "low-above,Canton,municipal,MA,10",
            "only-high-above,Dover,municipal,MA,10",
            "exactly,Essex,municipal,MA,10",
            "sworn-unknown,Florida,municipal,MA,0",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained,both_trained",
            "mhfa-above,2024-06-01,11,1,1",
            "cit-above,2024-06-01,1,11,1",
            "low-above,2024-06-01,8,6,3",  # 8 + 6 - 3 = 11
            "only-high-above,2024-06-01,8,6,",  # 8 .. 14: no contradiction
            "exactly,2024-06-01,10,10,10",
            "sworn-unknown,2024-06-01,11,12,",
        ),
    ).progress("2024-06-30")

    assert trained(rows) == {
        "mhfa-above": (10, 1, 10, 10),
        "cit-above": (1, 10, 10, 10),
        "low-above": (8, 6, 10, 10),
        "only-high-above": (8, 6, 8, 10),
        "exactly": (10, 10, 10, 10),
        "sworn-unknown": (11, 12, 12, 23),
    }
    assert column(rows, "check_counts") == {
        "mhfa-above": True,
        "cit-above": True,
        "low-above": True,
        "only-high-above": False,
        "exactly": False,
        "sworn-unknown": False,
    }


def test_records_above_sworn_are_capped_too_and_meet_their_practices(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,2", "nothing,Bourne,municipal,MA,2"),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[
                f"A,o{number},{course},2024-01-01"
                for number in range(3)
                for course in ["MHFA", "CIT"]
            ],
        ),
    ).progress("2024-06-30")

    assert trained(row)["A"] == (2, 2, 2, 2)
    assert (row["A"]["mhfa"], row["A"]["cit"]) == ("met", "met")
    assert column(row, "check_counts") == {"A": True, "nothing": False}


def test_the_report_is_dated_by_the_source_of_the_numbers(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "records,Avon,municipal,MA,9",
            "any-row,Bourne,municipal,MA,9",
            "totals,Canton,municipal,MA,9",
            "nothing,Dover,municipal,MA,9",
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on,sworn",
            "records,o1,MHFA,2022-01-01,",
            "records,o2,CIT,2023-02-02,",
            "records,o3,MHFA,2024-07-01,",  # after the day
            "any-row,o1,MHFA,2022-01-01,",
            "any-row,dispatcher,MHFA,2024-06-30,no",
            "totals,o1,MHFA,2024-07-01,",
        ),
        training_totals=sheet(
            "department_id,as_of,mhfa_trained,cit_trained",
            "records,2024-06-01,8,8",  # newer than the records, and not the source
            "totals,2024-03-31,8,8",
            "totals,2023-03-31,9,9",
            "totals,2024-07-01,9,9",
            "nothing,2024-07-01,9,9",
        ),
    ).progress("2024-06-30")

    assert column(rows, "reported_on") == {
        "records": date(2023, 2, 2),
        "any-row": date(2024, 6, 30),
        "totals": date(2024, 3, 31),
        "nothing": None,
    }
