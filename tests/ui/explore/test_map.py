"""The Map page and the Boundaries page, run as Streamlit runs them, on several states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from onemind import geography
from onemind.access import User
from onemind.campaign import Scope
from onemind.geography import Atlas
from onemind.ui.base import visitor
from tests.conftest import campaigning
from tests.support.screens import labels, pressed, screen, words
from tests.support.squares import THREE, collection, feature, square

MAP, BOUNDARIES = "pages/explore/map.py", "pages/publish/boundaries.py"
FILES = {
    "departments": """\
department_id,name,type,municipality,county,state,country,sworn_officers,latitude,longitude
D1,Lee Police Department,municipal,Lee,Berkshire,MA,US,10,,
D2,Berkshire Sheriff,county,,BERKSHIRE,MA,US,30,,
D3,Paxton Police Department,municipal,Paxton,Worcester,MA,US,8,,
D4,Burlington Police Department,municipal,Burlington,Chittenden,VT,US,90,44.48,-73.22
D5,Toronto Police Service,municipal,Toronto,,ON,CA,5000,43.65,-79.38
""",
    "pledges": "department_id,pledged_on\nD1,2025-01-01\nD4,2017-01-01\nD5,2019-01-01\n",
    "training_totals": "department_id,as_of,mhfa_trained,cit_trained\nD1,2026-01-01,10,1\n"
    "D2,2026-01-01,6,1\n",
}
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with campaigning(tmp_path_factory.mktemp("states")) as made:
        made.publish(**FILES)
    return made.folder / "store"


@pytest.fixture
def page(folder: Path, look_at: Callable[[Path], None]) -> Open:
    """Open a page on the three states, at an address."""

    def run(file: str, **parameters: str) -> AppTest:
        look_at(folder)
        app = screen(file, **parameters)
        assert not app.exception
        return app

    return run


def frame(app: AppTest, column: str) -> Any:
    """The table on the page that has a column of that name."""
    return next(item.value for item in app.dataframe if column in item.value.columns)


def test_several_states_are_compared_and_what_cannot_be_drawn_is_said(page: Open) -> None:
    app = page(MAP)
    assert "United States. Pledged, share: 60% in all (5 of 5 departments known)" in words(app)
    assert "In the table and not on this map: ON." in words(app)
    table = frame(app, "MHFA known").set_index("State")
    assert table.loc["Massachusetts"].tolist() == [3, 33, 0, 0, 40, "2 of 3"]
    assert table.loc["ON", "Departments"] == 1
    assert table.index.tolist() == ["Massachusetts", "ON", "Vermont"]


def test_one_state_is_not_compared_with_itself(page: Open) -> None:
    app = page(MAP, state="MA")
    assert "State by state" not in words(app)
    assert frame(app, "County")["County"].tolist() == ["Berkshire County", "Worcester County"]


def test_a_county_spelled_in_two_ways_is_one_whose_share_is_pooled(page: Open) -> None:
    app = page(MAP, state="MA", color="mhfa_share")
    table = frame(app, "County").set_index("County")
    assert table.loc["Berkshire County", "MHFA, share of sworn"] == 40  # 16 of 40, not 100 or 20
    assert table.loc["Berkshire County", "Known"] == "2 of 2"


def test_a_state_abroad_is_drawn_by_its_points_alone(page: Open) -> None:
    app = page(MAP, state="ON")
    assert "ON. 1 of 1 departments have pledged" in words(app)
    assert frame(app, "Place")["Place"].tolist() == ["Toronto Police Service"]


def test_a_partner_of_one_type_is_not_told_that_a_town_has_no_department(
    page: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas = Atlas(folder / "boundaries")
    geography.add.keep(atlas, geography.add.draft(atlas, THREE, "MA", "towns.geojson"))
    try:
        told = []
        for scope in (Scope(state=("MA",)), Scope(state=("MA",), type=("municipal",))):
            monkeypatch.setattr(
                visitor, "user", lambda scope=scope: User("guest", "partner", scope)
            )
            app = page(MAP, areas="municipality")
            told.append("No local department" in str([item.proto for item in app.get("html")]))
        assert told == [True, False]
    finally:
        geography.add.remove(atlas, "MA")


def test_outlines_are_matched_on_the_page_before_they_are_kept_and_removed_there(
    page: Open, folder: Path
) -> None:
    app = page(BOUNDARIES)
    assert "No outlines have been added yet" in words(app)
    app.file_uploader[0].upload("towns.geojson", THREE)
    app.run()
    assert "2 of 2 municipalities with a department have one" in words(app)
    assert not Atlas(folder / "boundaries").kept()
    pressed(app, "Use them on maps")
    assert "is drawn with 3 outlines now" in words(app)
    assert [item.count for item in Atlas(folder / "boundaries").kept()] == [3]
    pressed(app, "Remove Massachusetts")
    assert not Atlas(folder / "boundaries").kept()


def test_faults_of_a_file_of_outlines_are_listed_on_the_page(page: Open) -> None:
    app = page(BOUNDARIES)
    app.file_uploader[0].upload("bad.geojson", collection(feature(square(0, 0)[:3], NAME="Lee")))
    app.run()
    assert "has a ring of fewer than four points" in words(app)
    assert "Use them on maps" not in labels(app)
