"""What is said of one department: deadline, pledges, forecast, sources, checklist, events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from onemind import narrative
from onemind.campaign import Filter, Scope, Sight
from onemind.errors import WrongUse
from onemind.metrics import Dossier, dossier, officers
from onemind.narrative import checklist, events
from onemind.store import Window
from tests.conftest import TODAY, Campaign

Publish = Callable[..., Campaign]
DEPARTMENTS = (
    "department_id,name,type,municipality,county,state,sworn_officers,counts_as_of\n"
    "D1,Lee,municipal,Lee,Berkshire,MA,10,2026-01-31\nD2,Ely,municipal,,,VT,,\n"
)
PLEDGED = "department_id,pledged_on,policy_adopted_on,completion_claimed_on,"
PLEDGES = PLEDGED + "completion_confirmed_on,withdrawn_on\n"
TRAINED = "department_id,officer_id,course,completed_on\n"


def look(made: Campaign, as_of: str, department_id: str = "D1") -> Dossier:
    chosen = Filter(as_of=date.fromisoformat(as_of))
    return dossier(made.store, department_id, chosen, TODAY)


DEADLINES = [
    ("2017-09-19", "Has not pledged."),
    ("2017-09-20", "Due in 3 years, on September 20, 2020."),
    ("2020-05-23", "Due in 120 days, on September 20, 2020."),
    ("2020-09-08", "Due in 12 days, on September 20, 2020."),
    ("2020-09-19", "Due in 1 day, on September 20, 2020."),
    ("2020-09-20", "Due today."),
    ("2020-12-01", "Overdue by 2 months. The deadline was September 20, 2020."),
    (
        "2021-02-01",
        "Claimed completion on February 1, 2021; not yet confirmed. Deadline: September 20, 2020.",
    ),
    ("2021-03-20", "Completion confirmed on March 20, 2021, 6 months after the deadline."),
    ("2022-01-01", "Withdrew its pledge on January 1, 2022. No pledge is in force."),
]


def test_the_deadline_is_said_in_words(campaign: Publish) -> None:
    rows = "D1,2017-09-20,2018-02-01,2021-02-01,2021-03-20,2022-01-01\n"
    made = campaign(departments=DEPARTMENTS, pledges=PLEDGES + rows)
    for as_of, words in DEADLINES:
        assert narrative.standing(look(made, as_of)) == words


def test_pledging_again_and_withdrawing_are_explained(campaign: Publish) -> None:
    rows = "D1,2017-09-20,,,,2019-01-01\nD1,2020-01-01,,,,2023-01-01\n"
    made = campaign(departments=DEPARTMENTS, pledges=PLEDGES + rows)
    assert narrative.pledging(look(made, "2018-01-01")) == ""
    assert "is withdrawn" not in narrative.pledging(look(made, "2020-06-01"))
    again = narrative.pledging(look(made, "2020-06-01"))
    assert again.startswith("It pledged once before, first on September 20, 2017. The")
    assert "It withdrew a pledge on January 1, 2019." in again
    assert "no earlier pledge takes effect again" in narrative.pledging(look(made, "2023-01-01"))


def test_the_forecast_says_how_late_or_why_there_is_none(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        pledges=PLEDGES + "D1,2024-01-01,,,,\n",
        training=TRAINED + "D1,A-1,MHFA,2026-05-01\n",
    )
    found = look(made, "2026-06-30")
    assert found.row["projected_on"] == date(2030, 12, 6)
    assert narrative.forecast(found) == (
        "At the pace of the last 180 days (0.2 officers a month), every sworn officer would be "
        "trained by December 6, 2030, 3.9 years after the deadline. The pace may change."
    )
    assert "newly trained" in narrative.forecast(look(made, "2027-06-30"))
    assert "certificate records with dates" in narrative.forecast(look(made, "2026-04-30"))


def test_a_number_says_where_it_is_from(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        training_totals="department_id,as_of,mhfa_trained,cit_trained\nD1,2025-12-31,4,1\n",
        officers="department_id,officer_id,sworn,left_on\nD2,A-1,yes,2020-01-01\n",
    )
    found, other = look(made, "2026-06-30"), look(made, "2026-06-30", "D2")
    assert narrative.training_source(found.row).endswith("reported as of December 31, 2025.")
    assert narrative.sworn_source(found) == "Reported by the department as of January 31, 2026."
    assert narrative.training_source(other.row) == "No training reported by this date."
    assert narrative.sworn_source(other) == "Unknown: no one on the roster is active on this date."


def test_the_checklist_asks_what_the_edition_asks(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        pledges=PLEDGES + "D1,2017-09-20,,,,\n",
        training_totals="department_id,as_of,mhfa_trained,cit_trained\nD1,2018-12-31,8,2\n",
    )
    store = made.store
    first = {item.practice: item for item in checklist(look(made, "2020-01-01"), store.rules)}
    assert (first["mhfa"].status, first["mhfa"].asked, first["mhfa"].found) == (
        "not_met", "All 10 sworn officers trained in MHFA.", "8 of 10 (80%); 2 more needed.",
    )  # fmt: skip
    assert first["cit"].asked == "2 of 10 sworn officers (20%, rounded up) trained in CIT."
    made.publish(pledges=PLEDGES + "D1,2024-01-01,,,,\n")
    later = {item.practice: item for item in checklist(look(made, "2024-02-01"), store.rules)}
    assert later["mhfa"].asked == "All 10 sworn officers trained in MHFA or CIT."
    assert later["mhfa"].status == "unclear"
    assert later["mhfa"].found == "8 to 10 of 10 (80 to 100%); 0 to 2 more needed."
    assert later["policy"].found == later["partnership"].found == "None reported."


def test_unknown_counts_are_called_unknown(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        training_totals="department_id,as_of,mhfa_trained,cit_trained\nD2,2018-12-31,8,2\n",
    )
    row = {item.practice: item for item in checklist(look(made, "2020-01-01", "D2"),
                                                     made.store.rules)}["cit"]  # fmt: skip
    assert row.found == "2 trained; the number of sworn officers is unknown."
    assert row.status == "not_reported"


def test_everything_that_happened_by_the_day_is_an_event(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS.replace(",10,", ",1,"),
        pledges="department_id,pledged_on,policy_adopted_on,completion_confirmed_on\n"
        "D1,2017,2018-02-01,2026-01-01\n",
        training=TRAINED + "D1,A-1,MHFA,2018-03-05\nD1,A-1,CIT,2018-03-06\n",
        partners="partner_id,name,kind\nP1,Clinic,hospital\n",
        partnerships="department_id,partner_id,kind,signed_on,ended_on\n"
        "D1,P1,co_response,2018-01-05,2019-01-05\n",
        outcomes="department_id,period_start,period_end,mh_calls\nD1,2018-01-01,2018-12-31,40\n",
    )
    told = [(event.when, event.words) for event in events(look(made, "2019-01-05"))]
    assert told == [
        ("2017", "Pledged"),
        ("January 5, 2018", "Partnership signed with Clinic (co-response)"),
        ("February 1, 2018", "Policy adopted"),
        ("March 2018", "Certificates: CIT 1, MHFA 1"),
        ("March 2018", "First month with all sworn officers trained"),
        ("March 2018", "First month with all four practices met"),
        ("December 31, 2018", "Outcomes for 2018 reported: 40 mental-health calls"),
        ("January 5, 2019", "Partnership ended with Clinic (co-response)"),
    ]
    assert narrative.pledged(look(made, "2018-01-31")) == "Pledged in 2017. "
    assert [event.words for event in events(look(made, "2018-01-31"))] == [
        "Pledged", "Partnership signed with Clinic (co-response)",
    ]  # fmt: skip


def test_officers_are_listed_by_pseudonym_with_what_each_holds(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        officers="department_id,officer_id,sworn\nD1,A-1,yes\nD1,A-2,yes\nD1,A-3,yes\nD1,A-4,yes\n",
        training=TRAINED + "D1,A-1,MHFA,2020-01-01\nD1,A-2,MHFA,2023-07-15\n"
        "D1,A-3,CIT,2019-01-01\n",
    )
    rows = officers(made.store, "D1", Filter(as_of=date(2026, 6, 30)), TODAY)
    assert [(row["officer_id"], row["mhfa"], row["cit"]) for row in rows] == [
        ("A-1", "lapsed", False),
        ("A-2", "ending", False),
        ("A-3", "none", True),
        ("A-4", "none", False),
    ]
    found = look(made, "2026-06-30")
    assert found.ending == ({"month": date(2026, 7, 1), "officers": 1},)
    assert (found.row["expiring_90d"], found.row["lapsed"]) == (1, 1)


def test_a_dossier_never_shows_more_than_the_sight_it_is_read_with(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS.replace("counts_as_of\n", "counts_as_of,contact_name\n")
        .replace("2026-01-31", "2026-01-31,Ann Example")
        .replace("VT,,", "VT,,,"),
        outcomes="department_id,period_start,period_end,mh_calls,arrests\n"
        "D1,2024-01-01,2024-12-31,40,2\n",
    )
    elsewhere = Window(made.store, Sight(Scope(department_id=("D2",))))
    for reading in (dossier, officers):
        with pytest.raises(WrongUse, match="There is no department 'D1' here"):
            reading(elsewhere, "D1", Filter(), TODAY)
    states = Window(made.store, Sight(Scope(state=("VT",))))
    with pytest.raises(WrongUse, match="There is no department 'D1' here"):
        dossier(states, "D1", Filter(), TODAY)
    partner = Window(made.store, Sight(Scope(state=("MA",)), contacts=False, small_counts=False))
    seen = dossier(partner, "D1", Filter(), TODAY)
    assert seen.about["contact_name"] is None
    assert [row["arrests"] for row in seen.outcomes] == [None]
    whole = dossier(made.store, "D1", Filter(), TODAY)
    assert (whole.about["contact_name"], whole.outcomes[0]["arrests"]) == ("Ann Example", 2)


def test_the_history_of_a_department_is_what_progress_said_on_each_day(campaign: Publish) -> None:
    made = campaign(
        departments=DEPARTMENTS,
        pledges=PLEDGES + "D1,2024-01-01,,,,\n",
        training=TRAINED + "D1,A-1,MHFA,2024-02-10\nD1,A-2,CIT,2024-03-10\n",
    )
    months = look(made, "2024-03-15").months
    assert [row["as_of"] for row in months] == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 15),
    ]  # fmt: skip
    for row in months:
        then = made.progress(row["as_of"].isoformat())["D1"]
        assert all(row[name] == then[name] for name in row if name != "as_of")
