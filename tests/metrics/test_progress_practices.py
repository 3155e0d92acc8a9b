"""Design §5: the four practices, and whether a department is compliant today."""

import pytest

from tests.support.strategies import column, sheet

DEPARTMENT = "department_id,name,type,state,sworn_officers"
PARTNERS = sheet("partner_id,name,kind", "p1,Riverside Center,hospital", "p2,NAMI Avon,nami")
TOTALS = "department_id,as_of,mhfa_trained,cit_trained,both_trained"


def test_a_partnership_is_met_from_its_signing_until_the_day_before_its_end(campaign):
    partnership = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,9", "never,Bourne,municipal,MA,9"),
        partners=PARTNERS,
        partnerships=sheet(
            "department_id,partner_id,kind,signed_on,ended_on",
            "A,p1,co_response,2020-05-01,2022-05-01",
        ),
    )

    for day, status in [
        ("2020-04-30", "not_reported"),
        ("2020-05-01", "met"),
        ("2022-04-30", "met"),
        ("2022-05-01", "not_met"),
    ]:
        rows = partnership.progress(day)
        assert column(rows, "partnership") == {"A": status, "never": "not_reported"}


def test_one_active_partnership_is_enough(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "one-of-two,Avon,municipal,MA,9",
            "renewed,Bourne,municipal,MA,9",
            "ended-and-to-come,Canton,municipal,MA,9",
            "to-come,Dover,municipal,MA,9",
        ),
        partners=PARTNERS,
        partnerships=sheet(
            "department_id,partner_id,kind,signed_on,ended_on",
            "one-of-two,p1,referral,2020-05-01,2022-05-01",
            "one-of-two,p2,other,2020-05-01,",
            "renewed,p1,training,2019-05-01,2021-05-01",
            "renewed,p1,training,2023-05-01,2025-05-01",
            "ended-and-to-come,p1,jail_diversion,2020-05-01,2022-05-01",
            "ended-and-to-come,p2,referral,2024-07-01,",
            "to-come,p2,referral,2024-07-01,",
        ),
    ).progress("2024-06-30")

    assert column(rows, "partnership") == {
        "one-of-two": "met",
        "renewed": "met",
        "ended-and-to-come": "not_met",
        "to-come": "not_reported",
    }


def test_a_policy_is_met_by_any_pledge_row_from_the_day_of_adoption(campaign):
    policy = campaign(
        departments=sheet(
            DEPARTMENT,
            "in-force,Avon,municipal,MA,9",
            "earlier-pledge,Bourne,municipal,MA,9",
            "withdrawn,Canton,municipal,MA,9",
            "pledge-to-come,Dover,municipal,MA,9",
            "not-adopted,Essex,municipal,MA,9",
            "no-pledge,Florida,municipal,MA,9",
        ),
        pledges=sheet(
            "department_id,pledged_on,policy_adopted_on,withdrawn_on",
            "in-force,2017-09-20,2019-03-01,",
            "earlier-pledge,2015-09-20,2019-03-01,",
            "earlier-pledge,2018-01-10,,",
            "withdrawn,2017-09-20,2019-03-01,2018-01-01",
            "pledge-to-come,2030-01-01,2019-03-01,",
            "not-adopted,2017-09-20,,",
        ),
    )
    never = {"not-adopted": "not_reported", "no-pledge": "not_reported"}
    adopters = ["in-force", "earlier-pledge", "withdrawn", "pledge-to-come"]

    before = column(policy.progress("2019-02-28"), "policy")
    on_the_day = column(policy.progress("2019-03-01"), "policy")

    assert before == dict.fromkeys(adopters, "not_reported") | never
    assert on_the_day == dict.fromkeys(adopters, "met") | never


def test_80_mhfa_only_and_20_cit_only_of_100_pass_the_current_edition_alone(campaign):
    departments = ["2016", "2019", "current"]
    rows = campaign(
        departments=sheet(
            DEPARTMENT, *[f"in-{name},Avon,municipal,MA,100" for name in departments]
        ),
        pledges=sheet(
            "department_id,pledged_on,edition",
            *[f"in-{name},2024-01-10,{name}" for name in departments],
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[f"in-{name},m{n},MHFA,2024-02-01" for name in departments for n in range(80)],
            *[f"in-{name},c{n},CIT,2024-02-01" for name in departments for n in range(20)],
        ),
    ).progress("2024-06-30")

    assert column(rows, "mhfa_trained") == {"in-2016": 80, "in-2019": 80, "in-current": 80}
    assert column(rows, "trained_low") == {"in-2016": 100, "in-2019": 100, "in-current": 100}
    assert column(rows, "mhfa") == {"in-2016": "not_met", "in-2019": "not_met", "in-current": "met"}
    assert column(rows, "cit") == {"in-2016": "met", "in-2019": "met", "in-current": "met"}


def test_editions_2016_and_2019_want_every_sworn_officer_in_mhfa(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "all-2016,Avon,municipal,MA,100",
            "all-2019,Bourne,municipal,MA,100",
            "one-short-2016,Canton,municipal,MA,100",
            "one-short-2019,Dover,municipal,MA,100",
        ),
        pledges=sheet(
            "department_id,pledged_on",
            "all-2016,2017-09-20",
            "all-2019,2019-09-20",
            "one-short-2016,2017-09-20",
            "one-short-2019,2019-09-20",
        ),
        training_totals=sheet(
            TOTALS,
            "all-2016,2024-06-01,100,0,0",
            "all-2019,2024-06-01,100,0,0",
            "one-short-2016,2024-06-01,99,99,",  # never unclear: the union is not asked
            "one-short-2019,2024-06-01,99,99,",
        ),
    ).progress("2024-06-30")

    assert column(rows, "mhfa") == {
        "all-2016": "met",
        "all-2019": "met",
        "one-short-2016": "not_met",
        "one-short-2019": "not_met",
    }


def test_in_the_current_edition_two_totals_never_give_a_false_100_percent(campaign):
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            *[
                f"{name},Avon,municipal,MA,100"
                for name in ["touching", "wide", "short", "full", "exact", "one-short", "none"]
            ],
        ),
        training_totals=sheet(
            TOTALS,
            "touching,2024-06-01,80,20,",  # 80 .. 100
            "wide,2024-06-01,99,99,",  # 99 .. 198, capped 100
            "short,2024-06-01,70,29,",  # 70 .. 99
            "full,2024-06-01,100,20,",  # 100 .. 120, capped 100
            "exact,2024-06-01,80,20,0",  # 100
            "one-short,2024-06-01,80,20,1",  # 99
        ),
    ).progress("2024-06-30")

    assert column(rows, "mhfa") == {
        "touching": "unclear",
        "wide": "unclear",
        "short": "not_met",
        "full": "met",
        "exact": "met",
        "one-short": "not_met",
        "none": "not_reported",
    }


def test_one_in_five_is_rounded_up_to_whole_officers(campaign):
    needed = {1: 1, 4: 1, 5: 1, 6: 2, 10: 2, 11: 3, 15: 3, 16: 4}
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            *[
                f"{cit}-of-{sworn},Avon,municipal,MA,{sworn}"
                for sworn, need in needed.items()
                for cit in [need - 1, need]
            ],
        ),
        training_totals=sheet(
            TOTALS,
            *[
                f"{cit}-of-{sworn},2024-06-01,0,{cit},0"
                for sworn, need in needed.items()
                for cit in [need - 1, need]
            ],
        ),
    ).progress("2024-06-30")

    status = column(rows, "cit")
    for sworn, need in needed.items():
        assert (sworn, status[f"{need - 1}-of-{sworn}"]) == (sworn, "not_met")
        assert (sworn, status[f"{need}-of-{sworn}"]) == (sworn, "met")


@pytest.mark.parametrize("pledged_on", ["2017-09-20", "2024-01-10"])
def test_sworn_unknown_or_no_source_leaves_training_not_reported(campaign, pledged_on):
    departments = ["sworn-blank", "sworn-zero", "no-source"]
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            "sworn-blank,Avon,municipal,MA,",
            "sworn-zero,Bourne,municipal,MA,0",
            "no-source,Canton,municipal,MA,9",
        ),
        pledges=sheet(
            "department_id,pledged_on", *[f"{name},{pledged_on}" for name in departments]
        ),
        training_totals=sheet(
            TOTALS, "sworn-blank,2024-06-01,5,5,5", "sworn-zero,2024-06-01,5,5,5"
        ),
    ).progress("2024-06-30")

    assert column(rows, "mhfa") == dict.fromkeys(departments, "not_reported")
    assert column(rows, "cit") == dict.fromkeys(departments, "not_reported")
    assert column(rows, "mhfa_trained") == {"sworn-blank": 5, "sworn-zero": 5, "no-source": None}


def test_compliant_today_is_all_four_practices_met_and_nothing_less(campaign):
    departments = ["all-four", "no-partner", "no-policy", "unclear", "few-cit", "sworn-unknown"]
    rows = campaign(
        departments=sheet(
            DEPARTMENT,
            *[f"{name},Avon,municipal,MA,10" for name in departments[:-1]],
            "sworn-unknown,Bourne,municipal,MA,",
        ),
        pledges=sheet(
            "department_id,pledged_on,policy_adopted_on",
            *[
                f"{name},2024-01-10,{'' if name == 'no-policy' else '2024-02-01'}"
                for name in departments
            ],
        ),
        partners=PARTNERS,
        partnerships=sheet(
            "department_id,partner_id,kind,signed_on",
            *[f"{name},p1,referral,2024-02-01" for name in departments if name != "no-partner"],
        ),
        training_totals=sheet(
            TOTALS,
            "all-four,2024-06-01,8,2,0",
            "no-partner,2024-06-01,8,2,0",
            "no-policy,2024-06-01,8,2,0",
            "unclear,2024-06-01,8,2,",
            "few-cit,2024-06-01,10,1,1",
            "sworn-unknown,2024-06-01,8,2,0",
        ),
    ).progress("2024-06-30")

    compliant = column(rows, "compliant_today")
    assert compliant == dict.fromkeys(departments, False) | {"all-four": True}
    assert [rows["few-cit"][name] for name in ["partnership", "policy", "mhfa", "cit"]] == [
        "met",
        "met",
        "met",
        "not_met",
    ]


def test_compliance_decays_while_completion_stays_and_follows_no_stage(campaign):
    departments = ["done", "late", "left", "to-come"]
    state = campaign(
        departments=sheet(DEPARTMENT, *[f"{name},Avon,municipal,MA,1" for name in departments]),
        pledges=sheet(
            "department_id,pledged_on,policy_adopted_on,completion_confirmed_on,withdrawn_on",
            "done,2017-09-20,2018-01-01,2019-06-01,",
            "late,2017-09-20,2018-01-01,,",
            "left,2017-09-20,2018-01-01,,2020-01-01",
            "to-come,2025-01-01,2018-01-01,,",
        ),
        partners=PARTNERS,
        partnerships=sheet(
            "department_id,partner_id,kind,signed_on",
            *[f"{name},p2,training,2018-01-01" for name in departments],
        ),
        training=sheet(
            "department_id,officer_id,course,completed_on",
            *[f"{name},o1,MHFA,2018-05-05" for name in departments],
            *[f"{name},o1,CIT,2018-05-05" for name in departments],
            *[f"{name},o1,MHFA,2021-01-01" for name in departments[1:]],
        ),
    )

    before = state.progress("2021-05-05")
    after = state.progress("2021-05-06")  # the only MHFA certificate of "done" has ended

    assert column(before, "compliant_today") == dict.fromkeys(departments, True)
    stages = {"done": "completed", "late": "overdue", "left": "withdrawn", "to-come": "not_pledged"}
    assert column(before, "stage") == stages
    assert (after["done"]["stage"], after["done"]["compliant_today"]) == ("completed", False)
    assert after["late"]["compliant_today"] is True


def test_a_count_that_wants_a_check_changes_no_status(campaign):
    row = campaign(
        departments=sheet(DEPARTMENT, "A,Avon,municipal,MA,10"),
        pledges=sheet("department_id,pledged_on,policy_adopted_on", "A,2024-01-10,2024-02-01"),
        partners=PARTNERS,
        partnerships=sheet("department_id,partner_id,kind,signed_on", "A,p1,other,2024-02-01"),
        training_totals=sheet(TOTALS, "A,2024-06-01,12,2,"),
    ).progress("2024-06-30")["A"]

    assert row["check_counts"] is True
    assert (row["mhfa"], row["cit"], row["compliant_today"]) == ("met", "met", True)
