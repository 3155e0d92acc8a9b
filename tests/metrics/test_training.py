"""The Training page's numbers: certificates ending, completion in its orders, forecasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from onemind import metrics
from onemind.campaign import Filter, Scope, Sight, load_rules
from onemind.drawing import charts, tables
from onemind.store import Window
from tests.conftest import Campaign

Publish = Callable[..., Campaign]
EITHER = tables.training.either(load_rules())
TODAY = date(2020, 6, 15)
DEPARTMENTS = """\
department_id,name,type,county,state,sworn_officers
A,Adams Police Department,municipal,Berkshire,MA,10
B,Becket Police Department,municipal,Berkshire,MA,4
C,Clinton Police Department,municipal,Worcester,MA,2
N,Nahant Police Department,municipal,Essex,MA,
"""
PLEDGES = (
    "department_id,pledged_on,edition\nA,2017-09-20,2016\nB,2018-01-10,2016\nC,2019-01-01,2019\n"
)
OFFICERS = """\
department_id,officer_id,sworn,joined_on,left_on
A,1,yes,,
A,2,yes,,
A,3,yes,,2020-01-01
A,4,no,,
"""
TRAINING = """\
department_id,officer_id,course,completed_on,sworn,expires_on
A,1,MHFA,2017-07-01,,
A,1,MHFA,2018-09-09,,
A,2,MHFA,2017-07-31,,
A,3,MHFA,2017-07-05,,
A,4,MHFA,2017-07-05,,
B,1,MHFA,2017-07-20,,
B,2,MHFA,2017-07-20,no,
B,3,MHFA-EQ,2018-07-20,,
B,4,MHFA,2016-01-01,,
B,5,CIT,2018-07-20,,
C,1,MHFA-EQ,2019-07-20,,2020-06-15
C,2,MHFA,2019-07-20,,2022-06-15
"""


def published(campaign: Publish) -> Campaign:
    return campaign(departments=DEPARTMENTS, pledges=PLEDGES, officers=OFFICERS, training=TRAINING)


def test_the_calendar_counts_officers_whose_last_certificate_ends(campaign: Publish) -> None:
    """A/1's later one counts, A/3 has left, A/4 and B/2 are not sworn, B/3's is no course of the
    2016 edition, B/4's ended, C/2's ends after 24 months, and a day's own end still counts.
    """
    made = published(campaign)
    found = metrics.training.expiries(made.store, Filter(), TODAY).rows
    assert found == (
        (date(2020, 6, 1), 1, 1),  # C/1, today
        (date(2020, 7, 1), 2, 2),  # A/2 and B/1
        (date(2021, 9, 1), 1, 1),  # A/1
    )
    narrowed = metrics.training.expiries(made.store, Filter(county=("Berkshire",)), TODAY)
    assert [row[1] for row in narrowed.rows] == [2, 1]


def test_the_calendar_agrees_with_the_metric_of_ninety_days(campaign: Publish) -> None:
    made = published(campaign)
    soon = [n for month, n, _ in metrics.training.expiries(made.store, Filter(), TODAY).rows
            if month <= date(2020, 9, 1)]  # fmt: skip
    assert sum(soon) == made.value("expiring_90d", "2020-06-15") == 3


def test_a_month_lists_its_departments_with_the_first_day(campaign: Publish) -> None:
    made = published(campaign)
    found = metrics.training.expiring(made.store, Filter(), TODAY, date(2020, 7, 1)).records()
    assert [(row["department_id"], row["officers"], row["first_on"]) for row in found] == [
        ("B", 1, date(2020, 7, 20)),
        ("A", 1, date(2020, 7, 31)),
    ]


def test_the_line_of_a_department_stays_within_the_scope(campaign: Publish) -> None:
    made = published(campaign)
    everyone = Window(made.store, Sight())
    found = metrics.training.histories(everyone, ["C"], Filter(), TODAY).frame()
    assert set(found["department_id"]) == {"C"}
    last = found.iloc[-1]
    assert (last["month"], last["mhfa_share"], last["cit_share"]) == ("2020-06", 1.0, 0.0)
    essex = Window(made.store, Sight(Scope(county=("Essex",))))
    assert metrics.training.histories(essex, ["C"], Filter(), TODAY).rows == ()


def progress(**columns: list[object]) -> pd.DataFrame:
    """Rows of `progress` with plain defaults."""
    count = len(next(iter(columns.values())))
    rows: dict[str, list[object]] = {name: [None] * count for name in metrics.PROGRESS}
    rows |= {"edition": ["2016"] * count, "source": ["records"] * count, "sworn": [10] * count}
    rows |= {"mhfa": ["not_met"] * count, "cit": ["not_met"] * count, "cit_trained": [0] * count}
    rows |= {"state": ["MA"] * count, "county": ["Essex"] * count, "check_counts": [False] * count}
    rows |= {"name": [f"D{n}" for n in range(count)], "department_id": list(range(count))}
    rows |= {"trained_low": columns.get("mhfa_trained", [0] * count)}
    rows |= {"trained_high": columns.get("mhfa_trained", [0] * count)}
    return pd.DataFrame(rows | columns)


def test_completion_follows_the_measure_of_the_edition() -> None:
    found = tables.training.completion(
        progress(edition=["2016", "current"], mhfa_trained=[4, 4], trained_low=[6, 6],
                 trained_high=[8, 8]), EITHER)  # fmt: skip
    assert found[["low", "high", "missing"]].to_numpy().tolist() == [[0.4, 0.4, 6], [0.6, 0.8, 4]]


def test_completion_leaves_out_whoever_has_no_share() -> None:
    found = tables.training.completion(
        progress(mhfa_trained=[4, None, 4], source=["totals", "none", "totals"],
                 sworn=[10, 10, None]), EITHER)  # fmt: skip
    assert list(found["department_id"]) == [0]


def test_each_order_puts_its_own_department_first() -> None:
    found = tables.training.completion(
        progress(
            name=["Zoar", "Milton", "Athol"], sworn=[100, 10, 20], mhfa_trained=[60, 1, 10],
            deadline_on=[date(2021, 1, 1), None, date(2020, 1, 1)], county=["A", "A", "B"],
        ), EITHER)  # fmt: skip
    first = {order: list(tables.training.ordered(found, order)["name"])
             for order in tables.training.ORDERS}  # fmt: skip
    assert first == {
        "behind": ["Milton", "Athol", "Zoar"],
        "missing": ["Zoar", "Athol", "Milton"],
        "deadline": ["Athol", "Zoar", "Milton"],
        "name": ["Athol", "Milton", "Zoar"],
    }
    assert list(tables.training.ordered(found, "name", True)["name"]) == ["Milton", "Zoar", "Athol"]


def test_groups_pool_counts_and_say_how_many_reported() -> None:
    rows = progress(
        sworn=[100, 10, 10], mhfa_trained=[50, 10, None], source=["records", "totals", "none"],
        mhfa=["not_met", "met", "not_reported"],
    )  # fmt: skip
    found = tables.training.groups(tables.training.completion(rows, EITHER), rows, "county")
    row = found.iloc[0]
    assert (row["name"], row["low"], row["n"], row["m"], row["mhfa_met"]) == (
        "Essex", 60 / 110, 2, 3, 1,
    )  # fmt: skip


def test_a_forecast_needs_a_pace_and_says_how_sure_it_is() -> None:
    """16 officers in 180 days, 16 missing: 180 days on; give or take 4 officers."""
    per = 30.44 / 180
    rows = progress(
        sworn=[20, 20, 20, 20, 20, 20], mhfa_trained=[4, 4, 4, 4, 4, 20],
        pace_per_month=[16 * per, 16 * per, 4 * per, 0.0, None, 0.0],
        projected_on=[date(2020, 12, 12), date(2020, 12, 12), date(2022, 6, 5), None, None, None],
        deadline_on=[date(2020, 9, 20), date(2021, 1, 10), None, None, None, None],
    )  # fmt: skip
    found = tables.training.forecast(rows, EITHER, TODAY, 180)
    assert list(found["outlook"]) == ["late", "on_time", "few", "no_pace", "unknown", "done"]
    first = found.iloc[0]
    assert (first["earliest_on"], first["latest_on"]) == (date(2020, 11, 6), date(2021, 2, 10))
    assert list(found["months_late"])[:2] == [3, -1]
    assert found["projected_on"].notna().sum() == 2  # four officers give no date
    said = tables.training.forecast_words(found, 180)
    assert "(32 officers newly trained), 1 departments would finish after" in said
    assert "1 trained fewer than 5, too few to say, 1 trained no one new, 1 are unknown" in said
    table = tables.training.forecast_table(found, 180)
    assert list(table["Against the deadline"])[:3] == [
        "about 3 months late", "about 1 month early", "too few to say",
    ]  # fmt: skip
    assert table["Give or take"][0] == "Nov 2020 – Feb 2021"


def test_nothing_is_forecast_as_long_as_nobody_trains() -> None:
    found = tables.training.forecast(
        progress(mhfa_trained=[1], pace_per_month=[0.0]), EITHER, TODAY, 180
    )
    said = tables.training.forecast_words(found, 180)
    assert said.startswith("No department had enough newly trained officers")
    assert said.endswith("A date is given for 0 of 1. Of the rest, 1 trained no one new.")


def test_months_are_said_in_words() -> None:
    words = [tables.training.months_words(value) for value in (0.0, 1.0, -2.0)]
    assert words == ["about on time", "about 1 month late", "about 2 months early"]


def test_what_is_met_differs_by_shape_and_by_word_and_a_range_is_a_bar() -> None:
    rows = tables.training.completion(
        progress(edition=["current"] * 3, trained_low=[10, 2, 5], trained_high=[10, 2, 10],
                 mhfa_trained=[10, 2, 5], mhfa=["met", "not_met", "unclear"]), EITHER)  # fmt: skip
    figure = charts.completion.completion(rows)
    shapes = {trace.name: trace.marker.symbol for trace in figure.data if trace.marker.symbol}
    assert shapes == {
        "MHFA met": "circle", "MHFA not met": "circle-open", "MHFA unclear": "circle-dot",
        "CIT not met": "square-open",
    }  # fmt: skip
    bar = next(trace for trace in figure.data if trace.name == "MHFA: between")
    assert list(bar.x)[:2] == [0.5, 1.0]
    assert {shape.x0 for shape in figure.layout.shapes} == {1.0, 0.2}


def test_small_lines_share_their_axes() -> None:
    frame = pd.DataFrame({"county": ["A", "B"], "month": ["2020-01", "2020-01"],
                          "mhfa_share": [0.5, None], "cit_share": [0.1, 0.2]})  # fmt: skip
    figure = charts.training.small_lines(frame, "county", ["A", "B"])
    assert [note.text for note in figure.layout.annotations] == ["A 50%", "B –"]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range


def test_months_end_on_the_day_asked_for() -> None:
    assert metrics.month_ends(date(2020, 1, 20), date(2020, 3, 5)) == [
        date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 5),
    ]  # fmt: skip
