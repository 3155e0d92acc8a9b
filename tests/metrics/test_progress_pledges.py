"""Design §5: the pledge in force, its edition, its deadline and its stage."""

from datetime import date

from tests.support.strategies import column, sheet

DEPARTMENT = "department_id,name,type,state"


def test_the_latest_pledge_made_by_the_day_is_in_force(campaign):
    signed_again = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet("department_id,pledged_on", "A,2021-05-10", "A,2017-09-20"),
    )

    the_day_before = signed_again.progress("2021-05-09")["A"]
    the_day = signed_again.progress("2021-05-10")["A"]

    assert the_day_before["pledged_on"] == date(2017, 9, 20)
    assert the_day_before["deadline_on"] == date(2020, 9, 20)
    assert the_day["pledged_on"] == date(2021, 5, 10)
    assert the_day["deadline_on"] == date(2024, 5, 10)


def test_a_pledge_after_the_day_is_not_a_pledge_yet(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "tomorrow,Avon,municipal,MA", "never,Bourne,municipal,MA"),
        pledges=sheet("department_id,pledged_on", "tomorrow,2021-05-10"),
    ).progress("2021-05-09")

    assert column(rows, "stage") == {"tomorrow": "not_pledged", "never": "not_pledged"}
    assert column(rows, "pledged_on") == {"tomorrow": None, "never": None}
    assert column(rows, "deadline_on") == {"tomorrow": None, "never": None}


def test_a_withdrawal_counts_from_its_day(campaign):
    withdrawn = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet("department_id,pledged_on,withdrawn_on", "A,2017-09-20,2019-03-01"),
    )

    before = withdrawn.progress("2019-02-28")["A"]
    after = withdrawn.progress("2019-03-01")["A"]

    assert (before["stage"], before["pledged_on"]) == ("in_progress", date(2017, 9, 20))
    assert after["stage"] == "withdrawn"
    assert (after["pledged_on"], after["deadline_on"]) == (None, None)


def test_an_earlier_pledge_does_not_revive_but_a_later_one_starts_anew(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "not-revived,Avon,municipal,MA",
            "again,Bourne,municipal,MA",
            "first-withdrawn-late,Canton,municipal,MA",
            "next-one-tomorrow,Dover,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on,withdrawn_on",
            "not-revived,2017-09-20,",
            "not-revived,2020-01-15,2021-01-01",
            "again,2017-09-20,2019-03-01",
            "again,2020-06-01,",
            "first-withdrawn-late,2017-09-20,2020-12-01",  # after the second pledge
            "first-withdrawn-late,2020-06-01,",
            "next-one-tomorrow,2017-09-20,2019-03-01",
            "next-one-tomorrow,2021-01-02,",
        ),
    ).progress("2021-01-01")

    assert column(rows, "stage") == {
        "not-revived": "withdrawn",
        "again": "in_progress",
        "first-withdrawn-late": "in_progress",
        "next-one-tomorrow": "withdrawn",
    }
    assert column(rows, "pledged_on") == {
        "not-revived": None,
        "again": date(2020, 6, 1),
        "first-withdrawn-late": date(2020, 6, 1),
        "next-one-tomorrow": None,
    }


def test_the_edition_follows_from_the_day_of_the_pledge(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "before-launch,Avon,municipal,MA",
            "last-of-2018,Bourne,municipal,MA",
            "first-of-2019,Canton,municipal,MA",
            "last-of-2022,Dover,municipal,MA",
            "first-of-2023,Essex,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on",
            "before-launch,2014-05-01",
            "last-of-2018,2018-12-31",
            "first-of-2019,2019-01-01",
            "last-of-2022,2022-12-31",
            "first-of-2023,2023-01-01",
        ),
    ).progress("2024-06-30")

    assert column(rows, "edition") == {
        "before-launch": "2016",
        "last-of-2018": "2016",
        "first-of-2019": "2019",
        "last-of-2022": "2019",
        "first-of-2023": "current",
    }


def test_an_edition_written_in_the_pledge_in_force_wins(campaign):
    written = campaign(
        departments=sheet(
            DEPARTMENT,
            "newer,Avon,municipal,MA",
            "older,Bourne,municipal,MA",
            "only-in-the-first,Canton,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on,edition",
            "newer,2017-09-20,current",
            "older,2024-01-10,2016",
            "only-in-the-first,2017-09-20,current",
            "only-in-the-first,2020-06-01,",
        ),
    )

    assert column(written.progress("2024-06-30"), "edition") == {
        "newer": "current",
        "older": "2016",
        "only-in-the-first": "2019",  # the second pledge is in force, and made in 2020
    }
    assert written.progress("2018-01-01")["newer"]["edition"] == "current"


def test_without_a_pledge_in_force_the_edition_is_that_of_the_day(campaign):
    without = campaign(
        departments=sheet(
            DEPARTMENT,
            "never,Avon,municipal,MA",
            "withdrawn,Bourne,municipal,MA",
            "later,Canton,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on,edition,withdrawn_on",
            "withdrawn,2014-05-01,2019,2015-01-01",
            "later,2026-01-01,2016,",
        ),
    )

    for day, edition in [
        ("2015-06-30", "2016"),
        ("2018-12-31", "2016"),
        ("2019-01-01", "2019"),
        ("2022-12-31", "2019"),
        ("2023-01-01", "current"),
    ]:
        expected = {"never": edition, "withdrawn": edition, "later": edition}
        assert column(without.progress(day), "edition") == expected


def test_the_deadline_is_36_months_on_or_the_end_of_that_month(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "plain,Avon,municipal,MA",
            "month-end,Bourne,municipal,MA",
            "leap-day,Canton,municipal,MA",
            "to-a-leap-year,Dover,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on",
            "plain,2017-09-20",
            "month-end,2017-08-31",
            "leap-day,2016-02-29",
            "to-a-leap-year,2017-02-28",
        ),
    ).progress("2018-01-01")

    assert column(rows, "deadline_on") == {
        "plain": date(2020, 9, 20),
        "month-end": date(2020, 8, 31),
        "leap-day": date(2019, 2, 28),  # 2019 has no 29 February
        "to-a-leap-year": date(2020, 2, 28),  # the same day, not the month's end
    }


def test_a_deadline_moved_to_the_end_of_february_is_overdue_on_1_march(campaign):
    leap_day = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet("department_id,pledged_on", "A,2016-02-29"),
    )

    assert leap_day.progress("2019-02-28")["A"]["stage"] == "due_soon"
    assert leap_day.progress("2019-03-01")["A"]["stage"] == "overdue"


def test_due_soon_begins_180_days_before_the_deadline_and_overdue_the_day_after_it(campaign):
    pledged = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet("department_id,pledged_on", "A,2017-09-20"),
    )

    # Deadline 2020-09-20; 7 + 30 + 31 + 30 + 31 + 31 + 20 = 180 days after 2020-03-24.
    stages = {
        day: pledged.progress(day)["A"]["stage"]
        for day in ["2017-09-20", "2020-03-23", "2020-03-24", "2020-09-20", "2020-09-21"]
    }

    assert stages == {
        "2017-09-20": "in_progress",
        "2020-03-23": "in_progress",
        "2020-03-24": "due_soon",
        "2020-09-20": "due_soon",
        "2020-09-21": "overdue",
    }


def test_a_claim_waits_for_its_confirmation_from_the_very_day(campaign):
    claimed_late = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet(
            "department_id,pledged_on,completion_claimed_on,completion_confirmed_on",
            "A,2017-09-20,2020-10-01,2020-11-15",
        ),
    )

    stages = {
        day: claimed_late.progress(day)["A"]["stage"]
        for day in ["2020-09-30", "2020-10-01", "2020-11-14", "2020-11-15", "2026-01-01"]
    }

    assert stages == {
        "2020-09-30": "overdue",
        "2020-10-01": "awaiting_confirmation",
        "2020-11-14": "awaiting_confirmation",
        "2020-11-15": "completed",
        "2026-01-01": "completed",
    }


def test_completed_and_awaiting_come_before_overdue_and_due_soon(campaign):
    everyone = campaign(
        departments=sheet(
            DEPARTMENT,
            "confirmed,Avon,municipal,MA",
            "confirmed-unclaimed,Bourne,municipal,MA",
            "claimed,Canton,municipal,MA",
            "neither,Dover,municipal,MA",
        ),
        pledges=sheet(
            "department_id,pledged_on,completion_claimed_on,completion_confirmed_on",
            "confirmed,2017-09-20,2019-08-01,2019-09-01",
            "confirmed-unclaimed,2017-09-20,,2019-09-01",
            "claimed,2017-09-20,2019-08-01,",
            "neither,2017-09-20,,",
        ),
    )

    for day, otherwise in [
        ("2019-10-01", "in_progress"),
        ("2020-08-01", "due_soon"),
        ("2021-01-01", "overdue"),
    ]:
        assert column(everyone.progress(day), "stage") == {
            "confirmed": "completed",
            "confirmed-unclaimed": "completed",
            "claimed": "awaiting_confirmation",
            "neither": otherwise,
        }


def test_a_withdrawal_ends_even_a_completed_pledge(campaign):
    rows = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet(
            "department_id,pledged_on,completion_confirmed_on,withdrawn_on",
            "A,2017-09-20,2019-06-01,2021-01-01",
        ),
    ).progress("2021-01-01")

    assert rows["A"]["stage"] == "withdrawn"


def test_a_new_pledge_is_not_completed_by_the_completion_of_an_old_one(campaign):
    signed_again = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA"),
        pledges=sheet(
            "department_id,pledged_on,completion_claimed_on,completion_confirmed_on",
            "A,2017-09-20,2019-05-01,2019-06-01",
            "A,2022-01-10,,",
        ),
    )

    assert signed_again.progress("2022-01-09")["A"]["stage"] == "completed"
    assert signed_again.progress("2022-01-10")["A"]["stage"] == "in_progress"
