"""Maps: looks, rows and figures; what is drawn is what the table lists and the legend counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from onemind import geography, metrics
from onemind.campaign import Filter, Scope
from onemind.drawing.maps import rows as maps_rows
from onemind.drawing.maps import wording
from onemind.drawing.maps.areas import draw
from onemind.drawing.maps.legend import (
    NO_DEPARTMENT,
    NOT_PLEDGED,
    NOT_REPORTED,
    SILENT,
    UNKNOWN,
    classes,
    stages,
)
from onemind.drawing.maps.place import Place, may_say_none
from onemind.drawing.maps.rows import Coloring, undrawn
from onemind.geography import Atlas
from onemind.metrics import MetricName
from tests.conftest import TODAY, Campaign
from tests.support.squares import THREE

DEPARTMENTS = """\
department_id,name,type,municipality,county,state,country,sworn_officers,latitude,longitude
D1,Lee Police Department,municipal,,Berkshire,MA,US,10,,
D2,Lee <b>Police</b>,municipal,Lee,Berkshire,MA,US,4,,
D3,Valley College Police,campus,Becket,Berkshire,MA,US,4,,
D4,Hill College Police,campus,Becket,Berkshire,MA,US,4,,
D5,Burlington Police Department,municipal,Burlington,Chittenden,VT,US,90,44.48,-73.22
D6,Toronto Police Service,municipal,Toronto,,ON,CA,5000,43.65,-79.38
D7,San Juan Police,municipal,San Juan,San Juan,PR,US,100,,
"""
PLEDGES = "department_id,pledged_on\nD1,2025-01-01\nD3,2025-01-01\nD5,2017-01-01\n"
TOTALS = "department_id,as_of,mhfa_trained,cit_trained\nD3,2026-01-01,2,1\n"
COUNTY = Place("MA", "Berkshire", "municipality")
Nothing = Callable[[str], bool]


@pytest.fixture
def seen(campaign: Callable[..., Campaign]) -> Campaign:
    return campaign(departments=DEPARTMENTS, pledges=PLEDGES, training_totals=TOTALS)


@pytest.fixture
def atlas(tmp_path: Path) -> Atlas:
    found = Atlas(tmp_path / "boundaries")
    geography.add.keep(found, geography.add.draft(found, THREE, "MA", "towns.geojson"))
    return found


def progress(seen: Campaign, state: str | None = None) -> pd.DataFrame:
    found = metrics.progress(seen.store, Filter(), TODAY).frame()
    return found[found["state"] == state] if state else found


def colored(seen: Campaign, name: str, by: str) -> Coloring:
    metric = metrics.metric(metrics.metric_name(name))
    found = metrics.query(seen.store, metrics.Query(metric.name, (by,)), TODAY).frame()
    values = found.rename(columns={by: "key"})
    values["value"] = pd.to_numeric(values["value"])
    return Coloring(metric, values, classes(metric, values["value"]))


def local(seen: Campaign, atlas: Atlas, **given: Any) -> pd.DataFrame:
    points = metrics.department_points(seen.store, None).frame()
    everything = progress(seen, "MA")
    rows = given.get("progress", everything)
    coloring = given.get("coloring", Coloring())
    may = given.get("may_say_none", lambda county: True)
    return maps_rows.local(
        given.get("place", COUNTY), atlas, rows, everything, points, coloring, may
    ).set_index("name")


# --- looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (1.0, ["0–19%", "20–39%", "40–59%", "60–79%", "80–100%"]),
        (0.34, ["0–9%", "10–19%", "20–29%", "30–39%", "40–50%"]),
        (0.03, ["0%", "1%", "2%", "3%", "4–5%"]),
    ],
)
def test_shares_fall_into_five_even_classes_up_to_the_largest(
    most: float, labels: list[str]
) -> None:
    found = classes(metrics.metric(MetricName.MHFA_SHARE), [0.0, most])
    assert [look.label for look in found.looks] == labels
    assert len({look.color for look in found.looks}) == 5


@pytest.mark.parametrize(
    ("value", "label"), [(0.0, "0–19%"), (0.2, "20–39%"), (0.1 + 0.1, "20–39%"), (1, "80–100%")]
)
def test_a_share_on_the_edge_falls_into_the_upper_class(value: float, label: str) -> None:
    assert classes(metrics.metric(MetricName.MHFA_SHARE), [1.0]).look(value).label == label


def test_counts_fall_into_classes_of_about_as_many_areas_each() -> None:
    metric = metrics.metric(MetricName.SWORN)
    found = classes(metric, [1, 2, 3, 50, 60, 1234, 2345, 3456, 40_000, 50_000])
    assert [look.label for look in found.looks] == [
        "1–2", "3–59", "60–2,299", "2,300–39,999", "40,000–50,000",
    ]  # fmt: skip
    for value in (1, 2, 3, 50, 60, 1234, 2345, 3456, 40_000, 50_000):
        low, _, high = found.look(value).label.replace(",", "").partition("–")
        assert int(low) <= value <= int(high or low)


@pytest.mark.parametrize("values", [[], [0], [3, 3, 3], [0, 1]])
def test_few_values_make_few_classes(values: list[float]) -> None:
    found = classes(metrics.metric(MetricName.PLEDGED), values)
    assert len(found.looks) <= max(len(set(values)), 1)
    assert all(found.look(value) in found.looks for value in values)


def test_the_three_ways_of_having_no_number_look_different_without_color() -> None:
    three = (NO_DEPARTMENT, NOT_PLEDGED, NOT_REPORTED)
    assert len({look.label for look in three}) == 3
    assert len({(look.hatch, look.marked) for look in three}) == 3


# --- rows -----------------------------------------------------------------------------------------


def test_a_town_looks_as_its_own_department_does_and_others_are_points(
    seen: Campaign, atlas: Atlas
) -> None:
    rows = local(seen, atlas)
    assert rows["look"].to_dict() == {
        "Becket": "no_department",  # a college there is not the town's own
        "Lee": "in_progress",
        "Valley College Police": "in_progress",
        "Hill College Police": "not_pledged",
    }
    assert list(rows.loc["Lee", ["departments", "key", "opens"]]) == [2, "D1", "department"]
    assert rows.loc["Lee", "silent"]
    assert not rows.loc["Valley College Police", "silent"]
    assert "also Lee &lt;b&gt;Police&lt;/b&gt;" in str(rows.loc["Lee", "words"])
    colleges = rows.loc[["Valley College Police", "Hill College Police"]]
    assert len(set(zip(colleges["latitude"], colleges["longitude"], strict=True))) == 2


def test_a_metric_tells_not_pledged_from_not_reported(seen: Campaign, atlas: Atlas) -> None:
    rows = local(seen, atlas, coloring=colored(seen, "mhfa_share", "department_id"))
    assert rows["look"].to_dict() == {
        "Becket": "no_department",
        "Lee": "not_reported",
        "Valley College Police": "class_4",
        "Hill College Police": "not_pledged",
    }
    assert "MHFA, share of sworn: 50%" in str(rows.loc["Valley College Police", "words"])


def test_a_town_is_not_said_to_have_none_when_its_department_is_filtered_out(
    seen: Campaign, atlas: Atlas
) -> None:
    rows = progress(seen, "MA")
    found = local(seen, atlas, progress=rows[rows["stage"] == "overdue"])
    assert found["look"].to_dict() == {"Becket": "no_department", "Lee": "outside"}


def test_a_town_is_not_said_to_have_none_to_whom_might_not_see_it(
    seen: Campaign, atlas: Atlas
) -> None:
    found = local(seen, atlas, may_say_none=lambda county: False)
    assert found.loc["Becket", "look"] == "outside"


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (Scope(), True),
        (Scope(state=("MA",)), True),
        (Scope(state=("VT",)), False),
        (Scope(county=("BERKSHIRE", "Essex")), True),
        (Scope(county=("Essex",)), False),
        (Scope(type=("municipal",)), False),
        (Scope(department_id=("D1",)), False),
    ],
)
def test_only_a_scope_that_holds_a_whole_county_may_say_so(scope: Scope, may: bool) -> None:
    assert may_say_none(scope, "MA", "Berkshire") is may


def test_states_off_the_map_are_listed_and_named(seen: Campaign, atlas: Atlas) -> None:
    rows = maps_rows.areas(Place(), atlas, progress(seen), colored(seen, "pledged_share", "state"))
    assert len(rows) == 51 + 2
    assert list(undrawn(rows)) == ["ON", "Puerto Rico"]
    found = rows.set_index("key")
    assert list(found.loc["MA", ["departments", "pledged", "value"]]) == [4, 2, 0.5]
    assert found.loc["TX", "look"] == "empty"
    assert str(found.loc["MA", "words"]).startswith("Massachusetts<br>Pledged, share: 50%")


def test_a_place_without_outlines_is_drawn_by_its_points(seen: Campaign, atlas: Atlas) -> None:
    for state, at in (("ON", (43.65, -79.38)), ("VT", (44.48, -73.22))):
        found = local(
            seen, atlas, progress=progress(seen, state), place=Place(state, None, "municipality")
        )
        assert [tuple(row) for row in found[["latitude", "longitude"]].to_numpy()] == [at]
        figure = draw(Place(state, None, "municipality"), atlas, found.reset_index(), stages())
        assert figure.data[-1].lat is not None


# --- figures --------------------------------------------------------------------------------------


def drawn(seen: Campaign, atlas: Atlas, coloring: Coloring) -> tuple[Any, pd.DataFrame, Any]:
    rows = local(seen, atlas, coloring=coloring).reset_index()
    scale = coloring.classes
    looks = (*scale.looks, *UNKNOWN) if scale else stages()
    return draw(COUNTY, atlas, rows, looks), rows, looks


def answering(figure: Any, kind: str) -> int:
    """How many areas or points of a figure say something when pointed at."""
    traces = [trace for trace in figure.data if trace.type == kind and trace.hoverinfo != "skip"]
    return sum(len(trace.customdata) for trace in traces)


@pytest.mark.parametrize("metric", [None, "mhfa_share"])
def test_as_many_are_drawn_as_the_table_has_rows_and_the_legend_counts(
    seen: Campaign, atlas: Atlas, metric: str | None
) -> None:
    coloring = colored(seen, metric, "department_id") if metric else Coloring()
    figure, rows, looks = drawn(seen, atlas, coloring)
    assert answering(figure, "choropleth") == rows["shape"].notna().sum() == 2
    assert answering(figure, "scattergeo") == rows["shape"].isna().sum() == 2
    counted = [
        (areas, points)
        for look, areas, points in wording.entries(rows, looks)
        if look is not SILENT
    ]
    assert (sum(a for a, _ in counted), sum(p for _, p in counted)) == (2, 2)


def test_towns_without_a_department_are_hatched_and_those_without_a_report_barred(
    seen: Campaign, atlas: Atlas
) -> None:
    figure, _, _ = drawn(seen, atlas, Coloring())
    points = [trace for trace in figure.data if trace.type == "scattergeo"]
    lines = {trace.name: trace for trace in points if trace.mode == "lines"}
    assert set(lines) == {"No local department", "Pledged, no training reported"}
    (becket,) = (item for item in atlas.shapes("municipality", "MA") if item.name == "Becket")
    xs = [x for x in lines["No local department"].lon if x is not None]
    west, east = (edge for edge in (min(xs), max(xs)))
    ring = [point[0] for point in becket.polygons[0][0]]
    assert min(ring) <= west < east <= max(ring)


def test_outlines_come_by_address_and_nothing_is_asked_of_another_host(
    seen: Campaign, atlas: Atlas
) -> None:
    figure, _, _ = drawn(seen, atlas, Coloring())
    addresses = {trace.geojson.split("?")[0] for trace in figure.data if trace.type == "choropleth"}
    assert addresses == {
        "/api/boundaries/county/MA.geojson",
        "/api/boundaries/municipality/MA.geojson",
    }
    assert figure.layout.hoverdistance == 4


def test_alaska_is_not_drawn_across_the_whole_world(atlas: Atlas, seen: Campaign) -> None:
    place = Place("AK", None, "county")
    rows = maps_rows.areas(place, atlas, progress(seen, "MA").head(0), Coloring())
    west, east = draw(place, atlas, rows, stages()).layout.geo.lonaxis.range
    assert east - west < 70


def test_the_legend_and_the_alternative_say_each_look_in_words(
    seen: Campaign, atlas: Atlas
) -> None:
    _, rows, looks = drawn(seen, atlas, colored(seen, "mhfa_share", "department_id"))
    legend = wording.legend(rows, looks, dark=True)
    said = wording.alternative("Berkshire County.", rows, looks)
    assert "0–9%" not in legend  # nothing falls into the class
    for label in ("No local department", "Not pledged", "Not reported"):
        assert f"{label} (1)" in legend
        assert f"{label} 1" in said
    assert wording.gaps(rows) == (
        "1 has no local department; 1 has not pledged; 1 has reported no training"
    )
