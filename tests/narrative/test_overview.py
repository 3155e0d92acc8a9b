"""What a director would say aloud, and whom to call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from onemind.drawing import tables
from onemind.drawing.charts import figure, pledges
from onemind.narrative import overview
from tests.conftest import Campaign

TODAY = date(2020, 9, 1)
DEPARTMENTS = """\
department_id,name,type,municipality,county,state,sworn_officers
A,Adams,municipal,Adams,Berkshire,MA,4
B,Becket,municipal,Becket,Berkshire,MA,10
C,Clinton,municipal,Clinton,Worcester,MA,10
D,Dover,municipal,Dover,Norfolk,MA,
E,Erving,municipal,Nowhere,,MA,3
"""
PLEDGES = """\
department_id,pledged_on,completion_confirmed_on
A,2017-08-01,
B,2017-10-01,
C,2017-10-01,2019-01-01
D,2019-10-01,
"""


def frames(campaign: Campaign) -> tuple[pd.DataFrame, pd.DataFrame]:
    from onemind import metrics
    from onemind.campaign import Filter

    progress = metrics.progress(campaign.store, Filter(as_of=TODAY), TODAY).frame()
    return progress, metrics.department_points(campaign.store, None).frame()


def test_the_sentence_counts_all_departments_and_names_who_is_late(empty: Campaign) -> None:
    empty.publish(departments=DEPARTMENTS, pledges=PLEDGES)
    progress, _ = frames(empty)
    said = overview.sentence(progress)
    assert said == ("4 of 5 departments have pledged, 1 has completed the pledge and 1 is overdue.")


def test_concerns_come_most_urgent_first_with_a_reason_in_words(empty: Campaign) -> None:
    empty.publish(departments=DEPARTMENTS, pledges=PLEDGES)
    progress, _ = frames(empty)
    found = overview.concerns(progress, TODAY)
    assert [(item.department_id, item.reason) for item in found] == [
        ("B", "due in 30 days"),
        ("A", "overdue by 31 days"),
        ("D", "pledged but never reported training"),
    ]


def test_a_department_is_placed_by_its_town_before_its_own_coordinates(empty: Campaign) -> None:
    empty.publish(
        departments="""\
department_id,name,type,municipality,county,state,latitude,longitude
T,Lee,municipal,Lee,Berkshire,MA,10,10
S,Lanesboro,municipal,Lanesboro,Berkshire,MA,,
U,University,campus,,Hampshire,MA,42.37,-72.52
K,County,county,,Hampshire,MA,,
X,Elsewhere,other,,,MA,,
"""
    )
    _, points = frames(empty)
    placed = dict(zip(points["department_id"], points["placed_by"], strict=True))
    assert placed == {
        "T": "municipality", "S": "municipality", "U": "coordinates", "K": "county", "X": "unknown",
    }  # fmt: skip
    row = points[points["department_id"] == "T"].iloc[0]
    assert (round(row["latitude"]), round(row["longitude"])) == (42, -73)


def test_the_funnel_keeps_those_not_pledged_in_the_denominator(empty: Campaign) -> None:
    empty.publish(departments=DEPARTMENTS, pledges=PLEDGES)
    bars = figure.funnel(frames(empty)[0]).data[0]
    assert dict(zip(bars.y, bars.text, strict=True))["Not pledged"] == "1 · 20%"


def test_a_share_is_rounded_down_so_that_100_means_all(empty: Campaign) -> None:
    empty.publish(
        departments="department_id,name,type,state,sworn_officers\nA,A,municipal,MA,300\n",
        training_totals="department_id,as_of,mhfa_trained,cit_trained\nA,2020-01-01,299,60\n",
    )
    table = tables.overview.training(frames(empty)[0])
    assert table[["MHFA", "CIT"]].to_numpy().tolist() == [[99, 20]]


def test_a_share_is_unknown_where_sworn_is(empty: Campaign) -> None:
    empty.publish(
        departments="department_id,name,type,state\nA,A,municipal,MA\n",
        training_totals="department_id,as_of,mhfa_trained,cit_trained\nA,2020-01-01,299,60\n",
    )
    assert tables.overview.training(frames(empty)[0])["MHFA"].isna().all()


def crowd(empty: Campaign, days: list[str]) -> pledges.Surge | None:
    """Publish a department for each pledge day, and return the surge found."""
    rows = [f"D{number},Name,municipal,MA" for number in range(len(days))]
    pledged = [f"D{number},{day}" for number, day in enumerate(days)]
    empty.publish(
        departments="\n".join(["department_id,name,type,state", *rows]),
        pledges="\n".join(["department_id,pledged_on", *pledged]),
    )
    progress = frames(empty)[0]
    return pledges.surge(progress, progress)


def test_a_day_on_which_many_pledged_is_marked_with_its_deadline(empty: Campaign) -> None:
    found = crowd(empty, ["2017-09-20"] * 25)
    assert found == pledges.Surge(date(2017, 9, 20), 25, 0, date(2020, 9, 20))
    assert found.words == "25 departments in one day"


def test_doubling_is_said_only_where_it_is_so(empty: Campaign) -> None:
    found = crowd(empty, ["2017-01-01"] * 19 + ["2017-09-20"] * 20)
    assert found
    assert found.words == "20 departments in one day, doubling the total"
    assert replace(found, before=4).words == "20 departments in one day: from 4 to 24"


def test_a_few_pledges_on_a_day_are_no_surge(empty: Campaign) -> None:
    assert crowd(empty, ["2017-09-20"] * 19) is None


def test_the_county_furthest_behind_is_named_with_its_state_where_there_are_several(
    empty: Campaign,
) -> None:
    late, counties = "2015-01-01", [("Washington", "ME"), ("Washington", "LA"), ("Adams", "ME")]
    empty.publish(
        departments="department_id,name,type,county,state\n"
        + "".join(f"{c}{s}{n},N,municipal,{c},{s}\n" for c, s in counties for n in range(3)),
        pledges="department_id,pledged_on\n"
        + "".join(f"WashingtonLA{n},{late}\n" for n in range(3))
        + "".join(f"{c}ME{n},2019-09-01\n" for c in ("Washington", "Adams") for n in range(3)),
    )
    said = overview.sentence(frames(empty)[0])
    assert said.endswith(" Washington Parish, Louisiana, is furthest behind.")


def test_a_concern_says_its_day_in_words(empty: Campaign) -> None:
    empty.publish(departments=DEPARTMENTS, pledges=PLEDGES)
    found = overview.concerns(frames(empty)[0], TODAY)
    assert [(item.kind, item.dated) for item in found] == [
        ("due_soon", "on Oct 1, 2020"),
        ("overdue", "since Aug 1, 2020"),
        ("silent", "since Oct 1, 2019"),
    ]
