"""The brief's map: each department by its stage's mark, in sight alone, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from onemind import documents, metrics
from onemind.campaign import Filter, Scope, Sight
from onemind.documents.brief_campaign import campaign as facts
from onemind.documents.brief_map import drawn
from onemind.metrics import Source
from onemind.store import Window
from tests.conftest import TODAY, Campaign
from tests.documents.test_brief import pages

HEADER = "department_id,name,type,municipality,county,state,latitude,longitude\n"
TWO = {
    "departments": HEADER
    + "D1,<Lee> & Co,municipal,Lee,Berkshire,MA,42.3,-73.2\n"
    + "D2,Salem,municipal,Salem,Essex,MA,42.5,-70.9\n",
    "pledges": "department_id,pledged_on\nD1,2017-09-20\n",
}
MANY = {
    "departments": HEADER
    + "D1,Lee,municipal,Lee,Berkshire,MA,,\nD2,Bath,municipal,Bath,Sagadahoc,ME,,\n"
    + "D3,Juneau,municipal,Juneau,Juneau,AK,,\n",
    "pledges": "department_id,pledged_on\nD1,2025-09-20\n",
}


def picture(source: Source, county: tuple[str, ...] = ()) -> dict[str, str]:
    chosen = Filter(county=county)
    found = drawn(source, chosen, TODAY, metrics.progress(source, chosen, TODAY).frame())
    assert found is not None
    ElementTree.fromstring(found["svg"])
    return found


def outlines(found: dict[str, str]) -> int:
    return found["svg"].count("<path ")


def test_a_state_has_its_counties_and_a_mark_for_each_department(
    campaign: Callable[..., Campaign],
) -> None:
    found = picture(campaign(**TWO).store)
    assert found["title"] == "Where they are"
    assert outlines(found) == 14
    assert re.findall(r">([A-Z][a-z ]+)</text>", found["svg"]) == ["Overdue", "Not pledged"]
    assert found["svg"].count("<polygon ") == 2  # a mark on the map, and one in the legend
    assert found["svg"].count("<circle ") == 2
    assert "Lee" not in found["svg"]


def test_a_filter_and_a_scope_leave_the_others_out(campaign: Callable[..., Campaign]) -> None:
    made = campaign(**TWO)
    one = picture(made.store, county=("Essex",))
    assert outlines(one) == 1
    assert "Overdue" not in one["svg"]
    scope = Scope(state=("MA",), county=("Essex",))
    assert picture(Window(made.store, Sight(scope))) == one


def test_several_states_are_filled_by_the_share_that_pledged(
    campaign: Callable[..., Campaign],
) -> None:
    found = picture(campaign(**MANY).store)
    assert found["title"] == "Pledged, share"
    assert outlines(found) == 2
    assert found["left_out"] == "Not drawn: AK."


def test_whatever_has_no_place_is_said_and_not_drawn(campaign: Callable[..., Campaign]) -> None:
    text = "department_id,name,type,state\nD1,Toronto Police,municipal,ON\n"
    made = campaign(departments=text)
    progress = metrics.progress(made.store, Filter(), TODAY).frame()
    assert drawn(made.store, Filter(), TODAY, progress) is None
    assert facts(made.store, Filter(), TODAY)["map"] is None
    assert pages(documents.brief(made.store, Filter(), TODAY)) == 1


@pytest.mark.parametrize("texts", [TWO, MANY])
def test_with_its_map_the_brief_is_one_page(
    campaign: Callable[..., Campaign], texts: dict[str, str]
) -> None:
    made = campaign(**texts)
    assert facts(made.store, Filter(), TODAY)["map"]
    assert pages(documents.brief(made.store, Filter(), TODAY)) == 1
