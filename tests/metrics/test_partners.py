"""Partners: who works with whom as of a day, gaps, links that are safe, the map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from onemind import metrics
from onemind.campaign import Filter, Scope, Sight
from onemind.drawing import charts, maps, tables
from onemind.store import Window
from tests.conftest import TODAY, Campaign

Publish = Callable[..., Campaign]
DEPARTMENTS = """\
department_id,name,type,municipality,county,state
A,Lee Police Department,municipal,Lee,Berkshire,MA
B,Lynn Police Department,municipal,Lynn,Essex,MA
C,Keene Police Department,municipal,Keene,Cheshire,NH
"""
PARTNERS = """\
partner_id,name,kind,municipality,county,state,latitude,longitude,website
P1,Brien Center,community_behavioral_health,Lee,Berkshire,MA,,,https://example.org/brien
P2,NAMI Essex,nami,Nowhere,Essex,MA,,,
P3,District Court,court,Lynn,Essex,MA,42.5,-70.9,
P4,Somewhere Hospital,hospital,,,,,,
"""
PARTNERSHIPS = """\
department_id,partner_id,kind,signed_on,ended_on
A,P1,co_response,2018-01-01,2020-06-30
A,P1,referral,2020-01-01,
B,P1,referral,2019-01-01,2020-06-30
B,P3,jail_diversion,2021-01-01,
"""


def published(campaign: Publish) -> Campaign:
    return campaign(departments=DEPARTMENTS, partners=PARTNERS, partnerships=PARTNERSHIPS)


def rows(made: Campaign, as_of: str, sight: Sight | None = None) -> pd.DataFrame:
    chosen = Filter(as_of=date.fromisoformat(as_of))
    return metrics.partners.partnerships(
        Window(made.store, sight or Sight()), chosen, TODAY
    ).frame()


def organizations(made: Campaign, as_of: str) -> pd.DataFrame:
    found = metrics.partners.partners(made.store, None).frame()
    return tables.partners.partners(found, rows(made, as_of))


@pytest.mark.parametrize(
    ("as_of", "active", "known"),
    [("2017-12-31", 0, 0), ("2018-01-01", 1, 1), ("2020-06-29", 3, 3), ("2020-06-30", 1, 3),
     ("2021-01-01", 2, 4)],
)  # fmt: skip
def test_a_partnership_is_active_from_its_first_day_to_the_day_before_its_end(
    campaign: Publish, as_of: str, active: int, known: int
) -> None:
    found = rows(published(campaign), as_of)
    assert (found["active"].sum(), len(found)) == (active, known)


def test_an_end_still_to_come_is_not_told(campaign: Publish) -> None:
    found = rows(published(campaign), "2020-06-29")
    assert found["ended_on"].isna().all()


def test_an_organization_counts_departments_once_however_many_kinds_of_work(
    campaign: Publish,
) -> None:
    made = published(campaign)
    found = organizations(made, "2020-02-01").set_index("partner_id")
    assert list(found.index) == ["P1", "P3", "P2", "P4"]
    assert list(found.loc["P1", ["departments", "before", "work"]]) == [
        2, 0, "Co-response, Referral",
    ]  # fmt: skip
    later = organizations(made, "2021-01-01").set_index("partner_id")
    assert list(later.loc["P1", ["departments", "before"]]) == [1, 1]


def test_sharing_is_said_in_words(campaign: Publish) -> None:
    made = published(campaign)
    assert tables.partners.shared(organizations(made, "2020-02-01")) == (
        "1 of 4 organizations work with a department in view now: 0 with one, 1 with several, "
        "at most 2 (Brien Center)."
    )
    assert tables.partners.shared(organizations(made, "2017-01-01")).startswith("None of the 4")


def test_kinds_are_counted_in_pairs_of_what_is_in_force(campaign: Publish) -> None:
    made = published(campaign)
    partners = metrics.partners.partners(made.store, None).frame()
    found = tables.partners.pairs(partners, rows(made, "2021-01-01"))
    assert found.to_numpy().tolist() == [
        ["community_behavioral_health", "referral", 1, 1],
        ["court", "jail_diversion", 1, 1],
    ]
    assert list(charts.partners.pairs(found).data[0].text) == ["1", "1"]


def test_a_gap_says_whether_something_ended_or_nothing_is_on_record(campaign: Publish) -> None:
    made = published(campaign)
    progress = pd.DataFrame(list(made.progress("2020-07-01").values()))
    found = tables.partners.gaps(progress, rows(made, "2020-07-01"))
    assert found[["department_id", "On record", "Last one ended"]].to_numpy().tolist()[1] == [
        "B", "Only ended ones", date(2020, 6, 30),
    ]  # fmt: skip
    said = tables.partners.gap_words(found, len(progress))
    assert said.startswith("2 of 3 departments have no partnership in force on record: 1 have none")
    assert "not proof of none" in said


def test_one_organization_lists_its_departments_in_view(campaign: Publish) -> None:
    made = published(campaign)
    progress = pd.DataFrame(list(made.progress("2020-07-01").values()))
    found = tables.partners.departments_of("P1", rows(made, "2020-07-01"), progress)
    assert found[["department_id", "Now"]].to_numpy().tolist() == [
        ["A", "in force"], ["A", "ended"], ["B", "ended"],
    ]  # fmt: skip


def test_a_scope_shows_its_own_partnerships_and_organizations(campaign: Publish) -> None:
    made = published(campaign)
    essex = Sight(Scope(county=("Essex",)))
    assert set(rows(made, "2021-01-01", essex)["department_id"]) == {"B"}
    found = metrics.partners.partners(Window(made.store, essex), None).frame()
    assert set(found["partner_id"]) == {"P1", "P3"}


def test_an_organization_is_placed_by_its_coordinates_its_town_or_its_county(
    campaign: Publish,
) -> None:
    found = metrics.partners.partners(published(campaign).store, None).frame()
    assert dict(zip(found["partner_id"], found["placed_by"], strict=True)) == {
        "P1": "municipality", "P2": "county", "P3": "coordinates", "P4": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("website", "shown"),
    [
        ("https://example.org/a?b=1", ("https://example.org/a?b=1", "example.org")),
        ("http://example.org", ("http://example.org", "example.org")),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://me:secret@example.org", None),
        ("https://[broken", None),
        ("https:///nowhere", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_only_web_addresses_become_links(website: object, shown: tuple[str, str] | None) -> None:
    assert tables.partners.safe_link(website) == shown


def test_the_map_has_a_shape_for_each_kind_and_spokes_to_the_departments(
    campaign: Publish,
) -> None:
    found = organizations(published(campaign), "2021-01-01")
    figure = maps.partners.points(found)
    names = [trace.name for trace in figure.data if trace.type == "scattergeo"]
    assert names == ["Behavioral health center (1)", "NAMI chapter (1)", "Court (1)"]
    assert len({*maps.partners.SYMBOLS.values()}) == len(maps.partners.SYMBOLS)
    ends = pd.DataFrame({"latitude": [42.0, None], "longitude": [-73.0, None]})
    first: dict[str, Any] = {str(k): v for k, v in found.to_dict("records")[0].items()}
    drawn = maps.partners.spokes(figure, first, ends).data[-1]
    assert (drawn.mode, len(drawn.lat)) == ("lines", 3)


def test_over_many_states_the_map_has_their_outlines_and_no_more_points_than_it_can_draw() -> None:
    states = ["MA", "NH", "VT", "ME"] * 500
    found = pd.DataFrame({"partner_id": range(2000), "name": "N", "kind": "court", "state": states,
                          "latitude": 42.0, "longitude": -72.0, "departments": 1})  # fmt: skip
    outline, points = maps.partners.points(found).data
    assert "MA" in outline.locations
    assert len(points.lat) == 1500
