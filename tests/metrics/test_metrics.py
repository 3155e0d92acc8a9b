"""Counting: every number by every dimension, shares that pool counts, n of m, and as of a day."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from onemind import metrics
from onemind.campaign import DIMENSIONS, Filter
from onemind.errors import ContractError, WrongUse
from onemind.metrics import BY, PROGRESS, MetricName, Query, Result, numbers
from tests.conftest import TODAY, Campaign, campaigning

NAMES = [
    "departments", "pledged", "pledged_share", "in_progress", "due_soon", "overdue",
    "awaiting_confirmation", "completed", "compliant", "sworn", "reported", "mhfa_trained",
    "mhfa_share", "cit_trained", "cit_share", "trained_share_low", "trained_share_high",
    "partnerships", "policies", "expiring_90d", "lapsed", "mh_calls", "referral_share",
    "arrest_share", "force_share", "rated_beneficial_share",
]  # fmt: skip
SHARES = [name for name in NAMES if "share" in name]
SUMS = [name for name in NAMES if "share" not in name]
STATES = [name for name in NAMES if metrics.metric(metrics.metric_name(name)).is_state]
EPISODES = [name for name in NAMES if not metrics.metric(metrics.metric_name(name)).is_state]
STAGES = [
    "not_pledged", "withdrawn", "in_progress", "due_soon", "overdue", "awaiting_confirmation",
    "completed",
]  # fmt: skip
MARK = date(2019, 6, 30)


FOUR = {
    "departments": """\
department_id,name,type,state,county,sworn_officers,municipality,latitude,longitude
A,Avon,municipal,MA,Norfolk,10,Avon,10,10
B,Boston,municipal,MA,Suffolk,90,,42.5,-71.5
C,Cary,campus,ME,,,,,
D,Dover,campus,ME,York,50,,10,
""",
    "training_totals": """\
department_id,as_of,mhfa_trained,cit_trained,both_trained
A,2018-01-01,10,2,2
B,2018-01-01,30,60,
C,2018-01-01,40,40,
""",
    "outcomes": """\
department_id,period_start,period_end,mh_calls,referred_to_care,arrests,force_used
A,2018-01-01,2018-01-31,10,5,,1
A,2018-02-01,2018-02-28,30,,3,1
B,2018-02-01,2018-02-28,60,40,,
B,2018-07-01,2018-07-31,100,100,100,100
""",
    "feedback": """\
department_id,course,period_start,responses,rated_beneficial
A,CIT,2018-01-01,10,9
A,MHFA,2018-01-01,10,1
B,CIT,2018-03-01,80,80
B,CIT,2018-07-01,100,0
""",
    "pledges": "department_id,pledged_on\nA,2018-01-20\nB,2018-03-10\nC,2018-07-01\n",
}


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Four departments: two known throughout, one of unknown strength, one that never reported."""
    with campaigning(tmp_path_factory.mktemp("four")) as found:
        found.publish(**FOUR)
        yield found


def ask(campaign: Campaign, name: str, *by: str, as_of: date = TODAY, **where: Any) -> list[Any]:
    """The rows of one metric."""
    asked = Query(metrics.metric_name(name), by, Filter(as_of=as_of, **where))
    return list(metrics.query(campaign.store, asked, TODAY).rows)


def on(text: str) -> date:
    return date.fromisoformat(text)


# --- what is declared -----------------------------------------------------------------------------


def test_the_metrics_are_those_of_the_design():
    declared = tomllib.loads(numbers.FILE.read_text(encoding="utf-8"))
    assert list(declared) == list(metrics.metrics())
    assert sorted(declared) == sorted(NAMES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[pledged]", "[pledge]"), "'pledge' is not a valid MetricName"),
        (("[lapsed]", "[x"), "can't be read"),
        (("[lapsed]", "[pledged.lapsed]"), "can't be read"),
    ],
)
def test_metrics_declared_wrongly_are_refused(
    change: tuple[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "metrics.toml"
    file.write_text(numbers.FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    monkeypatch.setattr(numbers, "FILE", file)
    with pytest.raises(ContractError, match=re.escape(said)):
        metrics.metrics.__wrapped__()


def test_a_metric_that_is_not_declared_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = numbers.FILE.read_text(encoding="utf-8")
    start = text.index("[lapsed]")
    file = tmp_path / "metrics.toml"
    file.write_text(text[:start] + text[text.index("[", start + 1) :], encoding="utf-8")
    monkeypatch.setattr(numbers, "FILE", file)
    with pytest.raises(ContractError, match=r"metrics\.toml has no lapsed"):
        metrics.metrics.__wrapped__()


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_says_what_it_counts(name: str):
    found = metrics.metric(metrics.metric_name(name))
    assert found.label[0].isupper() and found.unit
    assert found.description.endswith(".")
    assert not found.caveat or found.caveat.endswith(".")
    assert found.is_share == ("share" in name)


@pytest.mark.parametrize("name", NAMES)
def test_every_fraction_has_nullif_below_it(name: str):
    parts = metrics.metric(metrics.metric_name(name)).expression.split("/")
    assert all(part.strip().startswith("nullif(") for part in parts[1:])
    assert len(parts) == (2 if "share" in name else 1)


def test_the_dimensions_are_those_of_the_design():
    assert BY == ("state", "county", "type", "edition", "stage", "source", "month")


def test_every_model_rests_on_models_and_datasets_that_exist():
    for path in metrics.model.files().values():
        assert metrics.model.needs(path.stem)[-1] == path.stem
        assert metrics.model.datasets(path.stem) or path.stem in ("calendar", "town_names")


# --- every metric by every dimension --------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_is_split_by_each_dimension_without_loss(sample: Campaign, name: str):
    [(total, known, everyone)] = ask(sample, name)
    for dimension in DIMENSIONS:
        rows = ask(sample, name, dimension)
        assert sum(n for *_, n, _ in rows) == known
        assert sum(m for *_, m in rows) == everyone == 393
        groups = [row[0] for row in rows]
        assert len(groups) == len(set(groups))
        values = [value for _, value, _, _ in rows if value is not None]
        if name in SHARES:
            assert min(values) <= total <= max(values)
        else:
            assert sum(values) == total


@pytest.mark.parametrize("name", SHARES)
def test_a_share_lies_between_0_and_1(sample: Campaign, name: str):
    values = [value for _, value, *_ in ask(sample, name, "county") if value is not None]
    assert values
    assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize("name", STATES)
def test_a_state_by_month_is_what_it_was_at_each_months_end(sample: Campaign, name: str):
    rows = ask(sample, name, "month", as_of=on("2018-03-15"))
    months = [month for month, *_ in rows]
    assert months[0] == "2016-10"
    assert months[-3:] == ["2018-01", "2018-02", "2018-03"]
    assert len(months) == 18
    found = {month: tuple(rest) for month, *rest in rows}
    assert [found["2018-02"]] == ask(sample, name, as_of=on("2018-02-28"))
    assert [found["2018-03"]] == ask(sample, name, as_of=on("2018-03-15"))


@pytest.mark.parametrize("name", EPISODES)
def test_what_happened_by_month_adds_up(sample: Campaign, name: str):
    rows = ask(sample, name, "month")
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert all(re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row[0]) for row in rows)
    [(total, _, _)] = ask(sample, name)
    values = [row[1] for row in rows if row[1] is not None]
    if name in SHARES:
        assert min(values) <= total <= max(values)
    else:
        assert sum(values) == total


@pytest.mark.parametrize("name", EPISODES)
def test_by_month_m_is_still_all_departments(sample: Campaign, name: str):
    """Else 14 of 40 reporting departments would be told as 14 of 14."""
    assert {m for *_, m in ask(sample, name, "month")} == {393}


@pytest.mark.parametrize("name", ["pledged", "mhfa_share", "mh_calls", "rated_beneficial_share"])
def test_several_dimensions_split_together(sample: Campaign, name: str):
    rows = ask(sample, name, "type", "month", "stage", as_of=on("2020-12-31"))
    keys = [row[:3] for row in rows]
    assert len(keys) == len(set(keys)) > 20
    assert {stage for *_, stage in keys} <= set(STAGES)
    assert all(re.fullmatch(r"\d{4}-\d\d", month) for _, month, _ in keys)


def test_the_stages_are_all_departments(sample: Campaign):
    by_stage = {stage: value for stage, value, *_ in ask(sample, "departments", "stage")}
    assert set(by_stage) <= set(STAGES)
    assert sum(by_stage.values()) == 393
    for stage in ("in_progress", "due_soon", "overdue", "awaiting_confirmation", "completed"):
        assert ask(sample, stage)[0][0] == by_stage[stage]
    pledged = 393 - by_stage["not_pledged"] - by_stage["withdrawn"]
    assert ask(sample, "pledged")[0][0] == pledged
    assert ask(sample, "pledged_share")[0][0] == pytest.approx(pledged / 393)


# --- the story ------------------------------------------------------------------------------------


def test_182_departments_pledged_on_20_september_2017(sample: Campaign):
    before, after = (sample.value("pledged", f"2017-09-{day}") for day in (19, 20))
    assert after - before == 182


def test_ten_had_completed_by_june_2019(sample: Campaign):
    assert sample.value("completed", "2019-06-30", state=("MA",)) == 10


def test_the_deadline_of_that_day_is_20_september_2020(sample: Campaign):
    overdue = [sample.value("overdue", day) for day in ("2020-09-20", "2020-09-21")]
    assert overdue[1] - overdue[0] > 50


# --- pooled shares, n of m ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("departments", 4, 4),
        ("sworn", 150, 3),
        ("reported", 3, 4),
        ("mhfa_trained", 80, 3),
        ("mhfa_share", 40 / 100, 2),
        ("cit_trained", 102, 3),
        ("cit_share", 62 / 100, 2),
        ("trained_share_low", 70 / 100, 2),
        ("trained_share_high", 100 / 100, 2),
        ("pledged_share", 3 / 4, 4),
        ("expiring_90d", None, 0),
        ("lapsed", None, 0),
        ("partnerships", 0, 4),
    ],
)
def test_a_share_pools_counts_of_those_where_both_are_known(
    four: Campaign, name: str, value: float | None, n: int
):
    [(found, known, everyone)] = ask(four, name)
    assert found == (pytest.approx(value) if value is not None else None)
    assert (known, everyone) == (n, 4)


def test_a_group_of_which_nothing_is_known_is_unknown_and_not_zero(four: Campaign):
    rows = ask(four, "mhfa_share", "state")
    assert rows == [("MA", pytest.approx(0.4), 2, 2), ("ME", None, 0, 2)]


def test_departments_without_a_county_are_a_group_of_their_own(four: Campaign):
    rows = ask(four, "departments", "county")
    assert sorted(rows, key=str) == sorted(
        [("Norfolk", 1, 1, 1), ("Suffolk", 1, 1, 1), ("York", 1, 1, 1), (None, 1, 1, 1)], key=str
    )


# --- outcomes and feedback ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "value", "n"),
    [
        ("2018-01-30", None, 0),
        ("2018-01-31", 10, 1),
        ("2018-02-27", 10, 1),
        ("2018-02-28", 100, 2),
        ("2018-07-30", 100, 2),
        ("2018-07-31", 200, 2),
    ],
)
def test_calls_count_once_their_period_has_ended(four: Campaign, as_of: str, value, n: int):
    assert ask(four, "mh_calls", as_of=on(as_of)) == [(value, n, 4)]


@pytest.mark.parametrize(
    ("as_of", "value", "n"),
    [
        ("2017-12-31", None, 0),
        ("2018-01-01", 10 / 20, 1),
        ("2018-06-30", 90 / 100, 2),
        ("2018-07-01", 90 / 200, 2),
    ],
)
def test_ratings_count_once_their_period_has_begun(four: Campaign, as_of: str, value, n: int):
    [(found, known, _)] = ask(four, "rated_beneficial_share", as_of=on(as_of))
    assert (found, known) == (value, n)


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [("referral_share", 45 / 70, 2), ("arrest_share", 3 / 30, 1), ("force_share", 2 / 40, 1)],
)
def test_a_share_of_calls_leaves_out_periods_that_do_not_tell(
    four: Campaign, name: str, value: float, n: int
):
    assert ask(four, name, as_of=on("2018-06-30")) == [(pytest.approx(value), n, 4)]


def test_calls_by_month_stop_at_the_day(four: Campaign):
    rows = ask(four, "mh_calls", "month", as_of=on("2018-06-30"))
    assert [row[:2] for row in rows] == [("2018-01", 10), ("2018-02", 90)]


def test_calls_are_split_by_where_departments_stand_on_the_day(four: Campaign):
    rows = ask(four, "mh_calls", "stage", as_of=on("2018-03-01"))
    assert rows == [("in_progress", 40, 1, 1), ("not_pledged", 60, 1, 3)]


# --- filters, versions, days ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ({}, 4),
        ({"state": ("MA",)}, 2),
        ({"state": ("MA", "ME")}, 4),
        ({"type": ("campus",), "state": ("ME",)}, 2),
        ({"county": ("Norfolk",)}, 1),
        ({"county": ("",)}, 1),
        ({"state": ("TX",)}, 0),
        ({"stage": ("overdue",)}, 3),
        ({"source": ("totals",)}, 3),
        ({"edition": ("current",)}, 1),
    ],
    ids=str,
)
def test_a_filter_narrows_a_metric(four: Campaign, where: dict[str, Any], value: int):
    assert ask(four, "departments", **where) == [(value, value, value)]


@pytest.mark.parametrize("name", NAMES)
def test_with_no_department_left_a_metric_is_empty_and_no_error(four: Campaign, name: str):
    [(value, n, m)] = ask(four, name, state=("TX",))
    assert (value in (0, None), n, m) == (True, 0, 0)
    assert ask(four, name, "county", "month", state=("TX",)) == []


def test_a_filter_applies_at_each_months_end(four: Campaign):
    rows = ask(four, "departments", "month", as_of=on("2018-03-31"), stage=("in_progress",))
    assert [row[:2] for row in rows] == [("2018-01", 1), ("2018-02", 1), ("2018-03", 2)]


def test_a_metric_can_be_asked_of_an_old_version(empty: Campaign):
    header = "department_id,name,type,state\n"
    empty.publish(departments=f"{header}A,Avon,municipal,MA\n")
    empty.publish(departments=f"{header}B,Bath,municipal,ME\n")
    assert [ask(empty, "departments", version=number)[0][0] for number in (1, 2, None)] == [1, 2, 2]
    assert ask(empty, "departments", "month") == [], "without a pledge there is no first month"
    with pytest.raises(WrongUse, match="no version 3"):
        ask(empty, "departments", version=3)


def test_without_an_as_of_date_today_counts(four: Campaign):
    before, after = on("2018-01-19"), on("2018-01-20")
    values = [
        metrics.query(four.store, Query(MetricName.PLEDGED), day).rows[0][0]
        for day in (before, after)
    ]
    assert values == [0, 1]


def test_a_query_as_of_another_day_keeps_all_else():
    asked = Query(MetricName.PLEDGED, ("state",), Filter(state=("MA",), as_of=TODAY, version=3))
    moved = numbers.at(asked, MARK)
    assert moved == Query(
        MetricName.PLEDGED, ("state",), Filter(state=("MA",), as_of=MARK, version=3)
    )


def test_progress_is_narrowed_and_ordered(sample: Campaign):
    chosen = Filter(as_of=MARK, county=("Berkshire",), type=("municipal",))
    found = metrics.progress(sample.store, chosen, TODAY)
    assert found.columns == PROGRESS
    records = found.records()
    assert {row["county"] for row in records} == {"Berkshire"}
    names = [(row["state"], row["name"], row["department_id"]) for row in records]
    assert names == sorted(names) and len(names) > 5


def test_a_result_is_a_frame_with_the_same_columns_and_rows():
    frame = Result(("state", "value"), (("MA", 1), (None, 2))).frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["state", "value"]
    assert frame["value"].tolist() == [1, 2]
    assert Result(("state", "value"), ()).frame().empty


def test_every_department_is_placed_on_the_map_once(sample: Campaign):
    rows = metrics.department_points(sample.store, None).records()
    assert len({row["department_id"] for row in rows}) == len(rows)
    placed = [row for row in rows if row["placed_by"] != "unknown"]
    assert len(placed) > 380
    for row in placed:
        assert 41 < row["latitude"] < 43 and -74 < row["longitude"] < -69


def test_a_department_is_placed_by_town_else_coordinates_else_county_never_by_two(four: Campaign):
    rows = metrics.department_points(four.store, None).rows
    found = {key: (lat and round(lat), lon and round(lon), by) for key, lat, lon, by in rows}
    assert found == {
        "A": (42, -71, "municipality"),
        "B": (42, -72, "coordinates"),
        "C": (None, None, "unknown"),
        "D": (43, -71, "county"),
    }


# --- what does not exist --------------------------------------------------------------------------


def test_an_unknown_metric_is_answered_with_those_there_are(four: Campaign):
    with pytest.raises(
        WrongUse, match=r"Unknown metric 'pledges'\. Choose one of: .*pledged_share"
    ):
        ask(four, "pledges")


@pytest.mark.parametrize("name", ["town", "as_of", "state; drop table x", ""])
def test_an_unknown_dimension_is_answered_with_those_there_are(four: Campaign, name: str):
    with pytest.raises(WrongUse) as refusal:
        ask(four, "pledged", name)
    assert str(refusal.value) == (
        f"Unknown dimension '{name}'. Choose one of: state, county, type, edition, "
        "stage, source, month."
    )
