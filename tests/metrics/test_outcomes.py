"""Outcomes: counts over time, both sides of the day on which every officer was trained, ratings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from onemind import metrics
from onemind.campaign import EVERYTHING, Filter, Scope, Sight
from onemind.drawing import charts, tables
from onemind.store import Window
from tests.conftest import TODAY, Campaign

Publish = Callable[..., Campaign]
WHOLE, PARTNER = Sight(), Sight(EVERYTHING, contacts=False, small_counts=False)
DEPARTMENTS = """\
department_id,name,type,county,state,sworn_officers
A,Adams,municipal,Berkshire,MA,2
B,Becket,municipal,Berkshire,MA,1
C,Clinton,municipal,Worcester,MA,1
T,Truro,municipal,Barnstable,MA,1
"""
PLEDGES = "department_id,pledged_on,edition\nA,2017-09-20,2016\nB,2017-09-20,2016\n"
TRAINING = """\
department_id,officer_id,course,completed_on
A,1,MHFA,2018-02-01
A,2,MHFA,2018-05-31
B,1,MHFA,2018-05-20
C,1,MHFA,2017-01-05
"""
TOTALS = "department_id,as_of,mhfa_trained,cit_trained\nT,2018-01-01,1,1\n"
OUTCOMES = """\
department_id,period_start,period_end,mh_calls,referred_to_care,arrests,force_used
A,2018-04-01,2018-05-31,40,10,6,
A,2018-06-01,2018-06-30,20,8,2,1
B,2018-01-01,2018-04-30,30,6,3,0
B,2018-05-01,2018-06-30,99,99,9,9
B,2018-07-01,2018-09-30,60,20,1,0
C,2018-01-01,2018-03-31,10,1,1,1
T,2018-01-01,2018-03-31,10,1,1,1
"""


def window(campaign: Publish, sight: Sight = WHOLE, outcomes: str = OUTCOMES) -> Window:
    made = campaign(
        departments=DEPARTMENTS, pledges=PLEDGES, training=TRAINING, training_totals=TOTALS,
        outcomes=outcomes,
    )  # fmt: skip
    return Window(made.store, sight)


def on(day: str, **kept: Any) -> Filter:
    return Filter(as_of=date.fromisoformat(day), **kept)


def test_the_day_is_the_first_months_end_with_every_officer_certified(campaign: Publish) -> None:
    """A on the very last of May, B before it; C was when it began; T sends totals, no records."""
    seen = window(campaign)
    assert metrics.outcomes.reached(seen, on("2019-01-01"), TODAY) == {
        "A": date(2018, 5, 31), "B": date(2018, 5, 31), "C": date(2017, 1, 31),
    }  # fmt: skip
    assert set(metrics.outcomes.reached(seen, on("2018-05-30"), TODAY)) == {"C"}


def test_a_day_before_the_pledge_counts_and_a_scope_hides_the_others(campaign: Publish) -> None:
    seen = window(campaign, Sight(Scope(county=("Worcester",))))
    assert set(metrics.outcomes.reached(seen, on("2019-01-01"), TODAY)) == {"C"}


def test_both_sides_are_about_the_same_departments(campaign: Publish) -> None:
    """B's period over the day is on no side; C has no before; A gave no force before."""
    found = metrics.outcomes.sides(window(campaign), on("2019-01-01"), TODAY).records()
    rows = {(row["kind"], row["side"]): tuple(row.values())[2:] for row in found}
    assert rows["referred_to_care", "before"] == (16, 70, 2)
    assert rows["referred_to_care", "after"] == (28, 80, 2)
    assert rows["arrests", "before"] == (9, 70, 2)
    assert rows["arrests", "after"] == (3, 80, 2)
    assert rows["force_used", "before"] == (0, 30, 1)
    assert rows["force_used", "after"] == (0, 60, 1)


def test_both_sides_know_no_period_still_running(campaign: Publish) -> None:
    found = metrics.outcomes.sides(window(campaign), on("2018-07-15"), TODAY).records()
    after = next(row for row in found if (row["kind"], row["side"]) == ("arrests", "after"))
    assert (after["number"], after["n"]) == (2, 1)


def test_both_sides_follow_the_filter(campaign: Publish) -> None:
    seen = window(campaign)
    assert metrics.outcomes.sides(seen, on("2019-01-01", county=("Worcester",)), TODAY).rows == ()


def test_both_sides_of_a_partner_are_whole_years_without_small_counts(campaign: Publish) -> None:
    """2018, in which the day falls, is on no side; of 2019 the three arrests are not told."""
    years = """\
department_id,period_start,period_end,mh_calls,referred_to_care,arrests
A,2017-01-01,2017-12-31,40,10,6
A,2018-01-01,2018-12-31,50,10,6
A,2019-01-01,2019-12-31,60,20,3
"""
    seen = window(campaign, PARTNER, years)
    found = metrics.outcomes.sides(seen, on("2020-01-01"), TODAY).frame()
    assert set(found["kind"]) == {"mh_calls", "referred_to_care"}
    assert found[found["kind"] == "referred_to_care"]["calls"].tolist() == [40, 60]
    whole = metrics.outcomes.sides(Window(seen.store, WHOLE), on("2020-01-01"), TODAY).frame()
    assert "arrests" in set(whole["kind"])


def test_a_total_is_beside_the_calls_of_the_periods_that_gave_it(campaign: Publish) -> None:
    found = metrics.outcomes.totals(window(campaign), on("2018-06-30"), TODAY).frame()
    rows = {
        row["kind"]: (row["number"], row["calls"], row["n"]) for row in found.to_dict("records")
    }
    assert rows["mh_calls"] == (209, 209, 4)
    assert rows["force_used"] == (12, 169, 4)
    assert "officer_injuries" not in rows


@pytest.mark.parametrize(
    ("span", "points"),
    [("month", 5), ("quarter", 3), ("year", 1)],
)
def test_a_period_counts_in_the_span_in_which_it_ends(
    campaign: Publish, span: str, points: int
) -> None:
    found = metrics.outcomes.over_time(window(campaign), on("2019-01-01"), TODAY, span).frame()
    assert found["since"].nunique() == points
    calls = found[found["kind"] == "mh_calls"]
    assert calls["number"].sum() == 269


def test_one_department_can_be_drawn_alone(campaign: Publish) -> None:
    seen = window(campaign)
    found = metrics.outcomes.over_time(seen, on("2019-01-01"), TODAY, "year", "C").frame()
    assert found[found["kind"] == "mh_calls"]["number"].tolist() == [10]


def test_ratings_are_counted_by_course_and_span(campaign: Publish) -> None:
    feedback = """\
department_id,course,period_start,responses,rated_beneficial
A,MHFA,2018-01-01,20,15
A,MHFA,2018-07-01,10,9
B,CIT,2018-01-01,8,6
"""
    made = campaign(departments=DEPARTMENTS, feedback=feedback)
    for sight, expected in (
        (WHOLE, [("CIT", 8, 6), ("MHFA", 30, 24)]),
        (PARTNER, [("MHFA", 30, 24)]),  # of eight, two were not pleased
    ):
        seen = Window(made.store, sight)
        found = metrics.outcomes.ratings(seen, on("2019-01-01"), TODAY, "year").frame()
        kept = found[["course", "responses", "rated_beneficial"]].to_numpy().tolist()
        assert [tuple(row) for row in kept] == expected
    assert tables.outcomes.by_course(tables.outcomes.rated(found))["share"].tolist() == [0.8]


def counts(**numbers: tuple[int, int, int]) -> pd.DataFrame:
    rows = [(kind, *row) for kind, row in numbers.items()]
    return pd.DataFrame(rows, columns=["kind", "number", "calls", "n"])


def test_the_table_of_counts_says_why_one_is_blank() -> None:
    found = counts(mh_calls=(1200, 1200, 3), arrests=(30, 600, 2), force_used=(0, 0, 1))
    for withheld, blank in ((True, "fewer than 5, or not given"), (False, "not given")):
        table = tables.outcomes.counts(found, 4, withheld).set_index("Count")
        assert list(table.loc["Mental-health calls", ["Number", "Of calls"]]) == ["1,200", ""]
        assert list(table.loc["Arrests"])[:3] == ["30", "5.0%", "2 of 4"]
        assert list(table.loc["Force used", ["Number", "Of calls"]]) == ["0", ""]
        assert list(table.loc["Officer injuries"])[:3] == [blank, "", "0 of 4"]


def test_the_table_of_departments_never_shows_a_missing_count_as_nought() -> None:
    rows = pd.DataFrame(
        [("A", "mh_calls", 40, 40), ("A", "arrests", 0, 40), ("B", "mh_calls", 9, 9)],
        columns=["department_id", "kind", "number", "calls"],
    )
    progress = pd.DataFrame({"department_id": ["A", "B", "C"], "name": ["Adams", "Becket", "Cary"],
                             "county": ["X", "X", "X"]})  # fmt: skip
    table = tables.outcomes.departments(rows, progress, withheld=True).set_index("department_id")
    assert list(table.index) == ["A", "B"]
    assert list(table.loc["A", ["Calls", "Arrests"]]) == [40, "0.0%"]
    assert table.loc["B", "Arrests"] == tables.outcomes.WITHHELD


def test_the_drawings_say_how_many_departments_and_calls_are_behind_them() -> None:
    sides = pd.DataFrame(
        [("arrests", "before", 9, 70, 2), ("arrests", "after", 3, 80, 2)],
        columns=["kind", "side", "number", "calls", "n"],
    )
    figure = charts.outcomes.both_sides(tables.outcomes.shares(sides), {"arrests": "Arrests"})
    assert [trace.text[0] for trace in figure.data] == [
        "3.7% of 80 calls<br>2 departments", "12.8% of 70 calls<br>2 departments",
    ]  # fmt: skip
    assert [bar.marker.pattern.shape for bar in figure.data] == ["", "/"]
    table = tables.outcomes.both_sides(sides)
    assert table["Side"].tolist() == ["Before", "After"]


def test_lines_differ_by_dash_and_mark_as_well_as_color() -> None:
    frame = pd.DataFrame(
        [(date(2018, 1, 1), "arrests", 0.1, 5, 50, 2)],
        columns=["since", "kind", "share", "number", "calls", "n"],
    )
    lines = {"All that reported": frame, "Adams": frame}
    figure = charts.outcomes.over_time(lines, {"arrests": "Arrests"}, "year")
    assert len({(t.line.dash, t.marker.symbol) for t in figure.data}) == 2
    ratings = pd.DataFrame({"since": [date(2018, 1, 1)] * 2, "course": ["MHFA", "CIT"],
                            "responses": [10, 10], "rated_beneficial": [9, 8],
                            "share": [0.9, 0.8]})  # fmt: skip
    drawn = charts.outcomes.ratings(ratings, "year").data
    assert len({(t.line.dash, t.marker.symbol) for t in drawn}) == 2


def test_a_kind_that_nobody_gave_has_no_panel() -> None:
    frame = pd.DataFrame(
        [(date(2018, 1, 1), "arrests", 0.1, 5, 50, 2)],
        columns=["since", "kind", "share", "number", "calls", "n"],
    )
    titles = {"arrests": "Arrests", "force_used": "Force used"}
    figure = charts.outcomes.over_time({"All": frame}, titles, "year")
    assert [note.text for note in figure.layout.annotations] == ["<b>Arrests</b>, share of calls"]


def test_a_line_breaks_where_a_count_is_not_known() -> None:
    frame = pd.DataFrame(
        [(date(year, 1, 1), kind, 0.1, 5, 50, 2) for year in (2018, 2019, 2020)
         for kind in ("arrests", "mh_calls") if (year, kind) != (2019, "arrests")],
        columns=["since", "kind", "share", "number", "calls", "n"],
    )  # fmt: skip
    drawn = charts.outcomes.over_time({"All": frame}, {"arrests": "Arrests"}, "year").data[0]
    assert len(drawn.x) == 3
    assert pd.isna(drawn.y[1])
