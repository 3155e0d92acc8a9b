"""What a staged upload does to the numbers: foretold, then published, and held to what is shown."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onemind import cli, publishing
from onemind.campaign import DATASETS
from onemind.errors import NothingChanged, WrongUse
from onemind.metrics import MetricName
from onemind.publishing import effects, sentences
from onemind.publishing.effect_words import UNCHANGED
from onemind.publishing.effects import DepartmentEffect, Effect, MetricEffect, StageEffect, Standing
from onemind.store.publish import commit, restore
from tests.conftest import TODAY, Campaign, Rows, campaigning
from tests.support.strategies import COLUMNS, sheet, tables, to_csv

TOWNS = sheet(
    "department_id,name,type,state,sworn_officers",
    "A,Avon Police,municipal,MA,4",
    "B,Bath Police,municipal,ME,10",
    "C,Cary Police,municipal,NC,",
)
PLEDGES = sheet(
    "department_id,pledged_on,edition,policy_adopted_on",
    "A,2017-09-20,2016,",
    "B,2025-01-10,2016,2025-03-01",
)
TRAINING = sheet(
    "department_id,officer_id,course,completed_on",
    "A,o1,MHFA,2025-03-01",
    "A,o2,MHFA,2025-03-01",
    "B,o1,CIT,2025-03-01",
    "B,o2,CIT,2025-03-01",
)
PARTNERS = sheet("partner_id,name,kind", "p1,Riverside,hospital")
FIRST = {"departments": TOWNS, "pledges": PLEDGES, "training": TRAINING, "partners": PARTNERS}
STAGES = (
    *("completed", "awaiting_confirmation", "in_progress", "due_soon", "overdue"),
    *("withdrawn", "not_pledged"),
)


def certificates(department_id: str, course: str, *officers: str) -> str:
    rows = (f"{department_id},{officer},{course},2026-05-01" for officer in officers)
    return sheet("department_id,officer_id,course,completed_on", *rows)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store whose version 1 holds the first rows."""
    with campaigning(tmp_path_factory.mktemp("preview")) as found:
        found.publish(**FIRST)
        yield found


@pytest.fixture
def begun(shared: Campaign) -> Campaign:
    """The shared store, holding the first rows again."""
    newest = shared.store.current()
    if newest and 1 not in (newest.number, newest.restored):
        restore(shared.store, 1, "tester", "begin again")
    return shared


# --- what is foretold is what is shown ------------------------------------------------------------


def foretold(campaign: Campaign, **csvs: Any) -> Effect:
    """Preview files, publish that very draft, and hold the preview to what is shown after it."""
    given_options = {name: csvs.pop(name) for name in list(csvs) if name not in DATASETS}
    before = campaign.progress()
    uploads = campaign.uploads(**csvs)
    options = campaign.options(**given_options)
    with publishing.draft(campaign.store, uploads, options) as (made, con):
        found = publishing.effect(campaign.store, con, made, TODAY)
        with suppress(NothingChanged):
            commit(campaign.store, con, list(made.deltas), made.base, "tester", "as foretold")
    assert found == expected(before, campaign.progress())
    return found


def expected(before: Rows, after: Rows) -> Effect:
    """The effect, worked out in plain Python from `progress` before and after."""
    numbers = zip(effects.METRICS, totals(before), totals(after), strict=True)
    departments = []
    for key in sorted({*before, *after}):
        old, new = standing(before.get(key)), standing(after.get(key))
        if old != new:
            name = (after.get(key) or before[key])["name"]
            departments.append(DepartmentEffect(key, name, old, new))
    stages = Counter(
        item.after.stage
        for item in departments
        if item.before and item.after and item.before.stage != item.after.stage
    )
    return Effect(
        tuple(MetricEffect(*item) for item in numbers if item[1] != item[2]),
        tuple(departments),
        tuple(StageEffect(stage, stages[stage]) for stage in STAGES if stages[stage]),
    )


def totals(rows: Rows) -> list[float | None]:
    """The campaign's numbers in the order of METRICS."""
    every = list(rows.values())
    stages = Counter(row["stage"] for row in every)
    return [
        sum(row["pledged_on"] is not None for row in every),
        *(stages[stage] for stage in ("completed", "overdue", "due_soon")),
        sum(row["compliant_today"] for row in every),
        *(pooled(every, column) for column in ("mhfa_trained", "cit_trained")),
        sum(row["source"] != "none" for row in every),
    ]


def pooled(rows: list[dict[str, Any]], column: str) -> float | None:
    known = [row for row in rows if row["sworn"] and row[column] is not None]
    if not known:
        return None
    return float(sum(row[column] for row in known) / sum(row["sworn"] for row in known))


def standing(row: dict[str, Any] | None) -> Standing | None:
    if row is None:
        return None
    shares = [
        row[name] * 100 // row["sworn"] if row["sworn"] and row[name] is not None else None
        for name in ("mhfa_trained", "cit_trained")
    ]
    named = (row[name] for name in ("stage", "partnership", "policy", "mhfa", "cit"))
    return Standing(*named, *shares)


def test_the_first_publish_is_foretold_from_nothing(empty: Campaign):
    found = foretold(empty, **FIRST)
    assert {item.department_id: item.before for item in found.departments} == {
        "A": None, "B": None, "C": None,
    }  # fmt: skip
    assert (found.new, found.gone, found.stages) == (3, 0, ())
    assert sentences(found) == [
        "pledged 0 → 2",
        "overdue 0 → 1",
        "MHFA, share of sworn unknown → 14%",
        "CIT, share of sworn unknown → 14%",
        "reported training 0 → 2",
        "3 departments are new",
        "Avon Police: new, overdue",
        "Bath Police: new, in progress",
        "Cary Police: new, not pledged",
    ]


def test_each_publish_of_a_story_is_foretold(begun: Campaign):
    """What each upload of a campaign's life does, one after the other."""
    story: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"training": certificates("A", "MHFA", "o3", "o4")},
            [
                "MHFA, share of sworn 14% → 28%",
                "Avon Police: MHFA practice not met → met, MHFA 50% → 100%",
            ],
        ),
        (  # columns that a file lacks keep what they hold: the policy and the edition
            {
                "pledges": sheet(
                    "department_id,pledged_on,completion_claimed_on,completion_confirmed_on",
                    "A,2017-09-20,2019-01-01,2019-02-01",
                    "B,2025-01-10,2026-01-01,",
                    "C,2023-08-01,,",
                )
            },
            [
                "pledged 2 → 3",
                "completed 0 → 1",
                "overdue 1 → 0",
                "due soon 0 → 1",
                "1 department becomes completed",
                "1 department becomes awaiting confirmation",
                "1 department becomes due soon",
                "Avon Police: overdue → completed",
                "Bath Police: in progress → awaiting confirmation",
                "Cary Police: not pledged → due soon",
            ],
        ),
        (  # a roster takes the place of the count of sworn officers
            {
                "officers": sheet(
                    "department_id,officer_id,sworn", "B,o1,yes", "B,o2,yes", "C,o1,no"
                )
            },
            [
                "MHFA, share of sworn 28% → 66%",
                "CIT, share of sworn 14% → 33%",
                "Bath Police: CIT 20% → 100%",
            ],
        ),
        (
            {
                "training_totals": sheet(
                    "department_id,as_of,mhfa_trained,cit_trained", "C,2026-01-01,3,1"
                ),
                "partnerships": sheet(
                    "department_id,partner_id,kind,signed_on",
                    "A,p1,referral,2020-01-01",
                    "B,p1,referral,2020-01-01",
                ),
            },
            [
                "reported training 2 → 3",
                "Avon Police: partnership not reported → met",
                "Bath Police: partnership not reported → met",
            ],
        ),
        (
            {"training": certificates("B", "MHFA", "o1", "o2")},
            [
                "compliant today 0 → 1",
                "MHFA, share of sworn 66% → 100%",
                "Bath Police: MHFA practice not met → met, MHFA 0% → 100%",
            ],
        ),
        (  # A's certificates of 2026 and all of B's are not in the whole
            {
                "mode": "replace",
                "allow_shrink": True,
                "training": sheet(
                    "department_id,officer_id,course,completed_on,expires_on",
                    "A,o1,MHFA,2025-03-01,2026-06-29",
                    "A,o2,MHFA,2025-03-01,",
                ),
            },
            [
                "compliant today 1 → 0",
                "MHFA, share of sworn 100% → 25%",
                "CIT, share of sworn 33% → 0%",
                "reported training 3 → 2",
                "Bath Police: MHFA practice met → not reported, CIT practice met → not reported, "
                "MHFA 100% → unknown, CIT 100% → unknown",
                "Avon Police: MHFA practice met → not met, MHFA 100% → 25%",
            ],
        ),
        (  # neither a name nor what happened on calls is a matter of progress
            {
                "departments": TOWNS.replace("Cary Police", "Cary Town Police"),
                "outcomes": sheet(
                    "department_id,period_start,period_end,mh_calls", "A,2026-01-01,2026-01-31,9"
                ),
            },
            [UNCHANGED],
        ),
        ({"partners": PARTNERS}, [UNCHANGED]),
    ]
    for csvs, said in story:
        assert sentences(foretold(begun, **csvs)) == said


def test_a_department_that_goes_is_foretold(begun: Campaign):
    found = foretold(
        begun,
        mode="replace",
        allow_shrink=True,
        departments="".join(TOWNS.splitlines(keepends=True)[:2]),
        pledges=sheet("department_id,pledged_on,withdrawn_on", "A,2017-09-20,2018-01-01"),
        training=certificates("A", "CIT", "o1"),
    )
    assert [item.after for item in found.departments][1:] == [None, None]
    assert sentences(found) == [
        "pledged 2 → 0",
        "overdue 1 → 0",
        "MHFA, share of sworn 14% → 0%",
        "CIT, share of sworn 14% → 25%",
        "reported training 2 → 1",
        "1 department becomes withdrawn",
        "2 departments are removed",
        "Avon Police: overdue → withdrawn, CIT practice not met → met, MHFA 50% → 0%, CIT 0% → 25%",
        "Bath Police: removed, was in progress",
        "Cary Police: removed, was not pledged",
    ]


def test_the_sample_that_real_data_drops_is_foretold(empty: Campaign):
    empty.publish_sample()
    found = foretold(empty, departments=TOWNS, pledges=PLEDGES)
    assert (found.new, found.gone, found.stages) == (3, 393, ())
    said = sentences(found)
    assert "393 departments are removed" in said
    assert said[-1] == "and 384 more departments"


PARTS = ("departments", "pledges", "officers", "training", "training_totals", "partnerships")


@st.composite
def changeovers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A campaign published as a whole, and then some files over it."""
    parts = draw(st.sets(st.sampled_from(PARTS), min_size=1))
    mode = draw(st.sampled_from(publishing.MODES))
    old, new = files(draw(tables(TODAY)), set(PARTS)), files(draw(tables(TODAY)), parts)
    return [{"mode": "replace", "allow_shrink": True} | old, {"mode": mode} | new]


@settings(max_examples=2, deadline=None)
@given(publishes=changeovers())
def test_whatever_is_published_is_foretold(shared: Campaign, publishes: list[dict[str, Any]]):
    for csvs in publishes:
        foretold(shared, **csvs)


@pytest.mark.long
@pytest.mark.parametrize("part", range(5))  # a test may take five minutes (faulthandler_timeout)
@settings(max_examples=10, deadline=None)
@given(publishes=changeovers())
def test_much_more_is_foretold(shared: Campaign, publishes: list[dict[str, Any]], part: int):
    for csvs in publishes:
        foretold(shared, **csvs)


def files(rows: dict[str, list[dict[str, Any]]], parts: set[str]) -> dict[str, str]:
    """CSV texts of the datasets that have rows, partners always among them."""
    found = {name: to_csv(items, COLUMNS[name]) for name, items in rows.items() if items}
    return {name: text for name, text in found.items() if name in {*parts, "partners"}}


def test_the_numbers_are_those_of_the_metrics(begun: Campaign):
    before = {name: begun.value(name) for name in effects.METRICS}
    found = foretold(begun, training=certificates("A", "MHFA", "o3", "o4"))
    after = {name: begun.value(name) for name in effects.METRICS}
    assert {item.metric: (item.before, item.after) for item in found.metrics} == {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }


def test_an_officer_short_of_all_is_not_all(begun: Campaign):
    officers = [f"o{number}" for number in range(1, 200)]
    towns = TOWNS.replace("Cary Police,municipal,NC,", "Cary Police,municipal,NC,200")
    found = foretold(begun, departments=towns, training=certificates("C", "MHFA", *officers))
    assert "Cary Police: MHFA practice not reported → not met" in sentences(found)[-1]
    assert "MHFA unknown → 99%, CIT unknown → 0%" in sentences(found)[-1]


# --- nothing is done ------------------------------------------------------------------------------


def test_a_preview_leaves_nothing_behind(begun: Campaign):
    versions, rows = begun.store.versions(), begun.progress()
    uploads = begun.uploads(pledges=sheet("department_id,pledged_on", "C,2026-01-01"))
    with publishing.draft(begun.store, uploads, begun.options()) as (made, con):
        tables_before = con.execute("select table_name from duckdb_tables()").fetchall()
        found = publishing.effect(begun.store, con, made, TODAY)
        assert publishing.effect(begun.store, con, made, TODAY) == found
        assert con.execute("select table_name from duckdb_tables()").fetchall() == tables_before
    assert (begun.store.versions(), begun.progress()) == (versions, rows)


def test_what_is_published_already_has_no_effect(begun: Campaign):
    assert foretold(begun, **FIRST) == Effect()
    assert sentences(Effect()) == [UNCHANGED]


def test_a_draft_is_previewed_against_the_version_it_was_compared_with(begun: Campaign):
    uploads = begun.uploads(pledges=sheet("department_id,pledged_on", "C,2026-01-01"))
    with publishing.draft(begun.store, uploads, begun.options()) as (made, con):
        begun.publish("meanwhile", training=certificates("A", "MHFA", "o3", "o4"))
        found = publishing.effect(begun.store, con, made, TODAY)
    assert [item.department_id for item in found.departments] == ["C"]
    assert found.metrics == (MetricEffect(MetricName.PLEDGED, 2, 3),)


def test_a_first_draft_is_previewed_against_nothing_even_if_somebody_published(empty: Campaign):
    uploads = empty.uploads(departments=TOWNS)
    with publishing.draft(empty.store, uploads, empty.options()) as (made, con):
        empty.publish("meanwhile", departments=TOWNS, pledges=PLEDGES)
        assert publishing.effect(empty.store, con, made, TODAY).new == 3


def test_of_files_with_faults_the_sound_rows_are_previewed(begun: Campaign):
    text = sheet("department_id,pledged_on", "C,2026-01-01", "A,soon")
    with publishing.draft(begun.store, begun.uploads(pledges=text), begun.options()) as (made, con):
        assert made.errors
        assert sentences(publishing.effect(begun.store, con, made, TODAY)) == [
            "pledged 2 → 3",
            "1 department becomes in progress",
            "Cary Police: not pledged → in progress",
        ]


def test_files_that_can_not_be_read_have_no_effect(begun: Campaign):
    with publishing.draft(begun.store, begun.uploads(pledges=""), begun.options()) as (made, con):
        assert made.errors
        assert publishing.effect(begun.store, con, made, TODAY) == Effect()


def test_the_effect_is_that_of_the_day_asked_for(begun: Campaign):
    uploads = begun.uploads(pledges=sheet("department_id,pledged_on", "C,2023-08-01"))
    with publishing.draft(begun.store, uploads, begun.options()) as (made, con):
        days = (date(2023, 7, 31), date(2023, 8, 1), date(2026, 8, 1), date(2026, 8, 2))
        found = [publishing.effect(begun.store, con, made, day).departments for day in days]
    stages = [item.after and item.after.stage for items in found for item in items]
    assert stages == ["in_progress", "due_soon", "overdue"]


# --- going back -----------------------------------------------------------------------------------


def test_the_effect_of_going_back_is_foretold(begun: Campaign):
    begun.publish(
        pledges=sheet(
            "department_id,pledged_on,completion_confirmed_on", "A,2017-09-20,2019-02-01"
        ),
        departments=sheet("department_id,name,type,state", "D,Dover Police,municipal,MA"),
    )
    before = begun.progress()
    found = publishing.effect_of_restore(begun.store, 1, TODAY)
    assert begun.progress() == before
    restore(begun.store, 1, "tester", "as foretold")
    assert found == expected(before, begun.progress())
    assert sentences(found) == [
        "completed 1 → 0",
        "overdue 0 → 1",
        "1 department becomes overdue",
        "1 department is removed",
        "Avon Police: completed → overdue",
        "Dover Police: removed, was not pledged",
    ]


def test_going_back_to_what_is_there_has_no_effect(begun: Campaign):
    assert publishing.effect_of_restore(begun.store, 1, TODAY) == Effect()


def test_there_is_no_going_back_to_a_version_that_never_was(begun: Campaign):
    with pytest.raises(WrongUse, match="There is no version 999"):
        publishing.effect_of_restore(begun.store, 999, TODAY)


# --- on the command line --------------------------------------------------------------------------


def test_diff_says_the_effect_after_the_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    (tmp_path / "departments.csv").write_text(TOWNS)
    arguments = ["diff", str(tmp_path / "departments.csv")]
    assert cli.main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "departments: 3 added (3 rows)"
    assert lines[-4:] == [
        "3 departments are new",
        "Avon Police: new, not pledged",
        "Bath Police: new, not pledged",
        "Cary Police: new, not pledged",
    ]
    assert cli.main([*arguments, "--json"]) == 0
    [diff] = json.loads(capsys.readouterr().out)
    assert (diff["dataset"], diff["added"]) == ("departments", 3)
