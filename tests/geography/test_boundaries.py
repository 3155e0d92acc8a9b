"""Outlines: read, refused with a sentence, wound, thinned, named, kept and removed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapefile
from hypothesis import given
from hypothesis import strategies as st

from onemind import geography
from onemind.errors import OneMindError, WrongUse
from onemind.geography import Atlas, OutlinesRefused, shapes
from onemind.geography.match import index, place_name
from tests.support.squares import THREE, collection, feature, square, towns

RING = square(-73.3, 42.2)


@pytest.fixture
def atlas(tmp_path: Path) -> Atlas:
    return Atlas(tmp_path / "boundaries")


def draft(atlas: Atlas, content: bytes, state: str = "MA", column: str | None = None) -> Any:
    return geography.add.draft(atlas, content, state, "towns.geojson", column)


def kept(atlas: Atlas, content: bytes, state: str = "MA") -> dict[str, Any]:
    """The file as it lies in the store after adding."""
    found: dict[str, Any] = json.loads(
        geography.add.keep(atlas, draft(atlas, content, state)).read_text()
    )
    return found


REFUSED = {
    "no JSON": (b"{", "can't be read as JSON"),
    "no GeoJSON": (b"[1]", "this file is a 'list'"),
    "topology": (b'{"type": "Topology"}', "this file is a 'Topology'"),
    "empty": (collection(), "has no features"),
    "feature is text": (collection("Lee"), "no JSON object"),
    "metres by its own word": (
        collection(feature(RING, NAME="Lee"), crs={"properties": {"name": "EPSG:26986"}}),
        "EPSG:26986",
    ),
    "metres": (collection(feature(square(231456, 912345), NAME="Lee")), "Feature 1 (Lee) has ["),
    "not a number": (
        collection(feature(RING, NAME="Lee")).replace(b"-73.3,", b"NaN,", 1),
        "Feature 1 (Lee) has [NaN",
    ),
    "open ring": (collection(feature([*RING[:-1], [-73, 42]], NAME="Lee")), "does not end where"),
    "short ring": (collection(feature(RING[:3], NAME="Lee")), "fewer than four points"),
    "no name anywhere": (collection(feature(RING, town_nr=7)), "they have: TOWN_NR"),
    "one without a name": (
        collection(feature(RING, NAME="Lee"), feature(RING, NAME=" ")),
        "Feature 2 has no NAME",
    ),
    "line": (
        collection(
            {"properties": {"NAME": "Lee"}, "geometry": {"type": "LineString", "coordinates": RING}}
        ),
        "Feature 1 (Lee) is a 'LineString'",
    ),
    "nothing drawn": (collection({"properties": {"NAME": "Lee"}}), "has no geometry"),
    "no ring": (
        collection(
            {"properties": {"NAME": "Lee"}, "geometry": {"type": "Polygon", "coordinates": []}}
        ),
        "without a ring",
    ),
    "latitude first": (
        collection(feature([[y, x] for x, y in RING], NAME="Lee")),
        "longitude before latitude?",
    ),
    "another state": (towns(Lee=(-100, 40)), "which is not in Massachusetts"),
    "encloses nothing": (collection(feature([[-73, 42]] * 4, NAME="Lee")), "Lee encloses nothing"),
    "a zip of something else": (b"PK\x03\x04 and no more", "can't be read as a shapefile"),
}


@pytest.mark.parametrize(("content", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_file_is_refused_with_a_sentence_that_names_the_feature(
    atlas: Atlas, content: bytes, says: str
) -> None:
    with pytest.raises(OutlinesRefused) as refused:
        draft(atlas, content)
    assert says in str(refused.value)
    assert not atlas.folder.exists()


def test_every_faulty_feature_is_named_and_a_long_list_is_cut_short(atlas: Atlas) -> None:
    with pytest.raises(OutlinesRefused) as refused:
        draft(atlas, collection(*(feature(RING[:3], NAME=f"T{n}") for n in range(15))))
    assert len(refused.value.faults) == 15
    assert "Feature 10 (T9)" in str(refused.value)
    assert str(refused.value).endswith("… and 5 more.")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_the_file_holds_it_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(OneMindError):
        draft(Atlas(Path("nowhere")), content)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=12,
    )
)
def test_whatever_a_geometry_holds_it_is_refused_in_words(coordinates: Any) -> None:
    for kind in ("Polygon", "MultiPolygon"):
        geometry = {"type": kind, "coordinates": coordinates}
        content = collection({"properties": {"NAME": "Lee"}, "geometry": geometry})
        with pytest.raises(OutlinesRefused):
            draft(Atlas(Path("nowhere")), content)


def test_outer_rings_are_kept_clockwise_and_holes_the_other_way(atlas: Atlas) -> None:
    hole = square(-73.28, 42.22, 0.02, clockwise=True)
    for outer in (RING, RING[::-1]):
        item = feature(outer, NAME="Lee")
        item["geometry"]["coordinates"].append(hole)
        parts = kept(atlas, collection(item))["features"][0]["geometry"]["coordinates"]
        assert [shapes.signed_area(ring) < 0 for ring in parts[0]] == [True, False]


def test_coordinates_are_rounded_and_a_straight_line_needs_no_points_between(atlas: Atlas) -> None:
    ring = [[-73.3, 42.2], [-73.25000001, 42.2], [-73.2, 42.2], [-73.2, 42.3123456], RING[0]]
    (part,) = kept(atlas, collection(feature(ring, NAME="Lee")))["features"][0]["geometry"][
        "coordinates"
    ]
    assert sorted(part[0][:-1]) == [[-73.3, 42.2], [-73.2, 42.2], [-73.2, 42.3123]]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_thinning_moves_a_line_by_no_more_than_the_tolerance(line: list[Any]) -> None:
    thinner = shapes.thin(line, 0.1)
    assert (thinner[0], thinner[-1]) == (line[0], line[-1])
    for point in line:
        gaps = [
            shapes._gap(point, a, b) for a, b in zip(thinner, thinner[1:] or thinner, strict=False)
        ]
        assert min(gaps) <= 0.1 + 1e-9


def test_a_point_to_write_on_lies_inside_also_of_a_horseshoe() -> None:
    horseshoe: list[Sequence[float]] = [
        (0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3), (0, 0)
    ]  # fmt: skip
    x, y = shapes.inner_point([[horseshoe]])
    assert shapes.contains([[horseshoe]], x, y)
    assert not shapes.contains([[horseshoe]], 1.5, 2)


def test_hatching_stays_inside_and_out_of_holes() -> None:
    polygon = [square(0, 0, 10), square(4, 4, 2)]
    lines = geography.hatching([polygon], 1.0, 1.0)
    assert len(lines) > 15
    for (x1, y1), (x2, y2) in lines:
        assert y2 - y1 == pytest.approx(x2 - x1)
        assert shapes.contains([polygon], (x1 + x2) / 2, (y1 + y2) / 2)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Lanesboro", "Lanesborough"),
        ("TYNGSBORO", "Tyngsborough"),
        ("Manchester", "Manchester-by-the-Sea"),
        ("Manchester by the Sea", "Manchester-by-the-Sea"),
        ("Amherst Town city", "Amherst"),
        ("Lee town", "Lee"),
        ("Gotham", None),
    ],
)
def test_a_place_is_known_by_each_of_its_names(written: str, place: str | None) -> None:
    assert place_name(written, "MA") == place


def test_a_name_that_two_counties_share_needs_the_county() -> None:
    places = index("NY", [("a", "Fremont", "Steuben"), ("b", "Fremont", "Sullivan")])
    assert places.find("Fremont", "Sullivan County") == "b"
    assert places.find("Fremont", None) is None
    assert places.find("Fremont", "Kings") is None


def test_a_city_is_not_taken_for_a_township_of_another_county() -> None:
    places = index("MO", [("a", "Kansas township", "Pike")])
    assert places.find("Kansas City", "Jackson") is None
    assert places.find("Kansas", "Pike") == "a"


def test_what_fits_no_list_is_reported_and_kept(atlas: Atlas) -> None:
    made = draft(atlas, towns(Lee=(-73.3, 42.2), Gotham=(-72.3, 42.2)))
    assert made.strangers == ("Gotham",)
    assert len(made.missing) == 350
    assert [item.name for item in made.outlines] == ["Gotham", "Lee"]
    words = " ".join(made.sentences([("Lee", "Berkshire"), ("Becket", None)]))
    assert "1 of the 351 cities and towns we list have one" in words
    assert "drawn as named: Gotham" in words
    assert "1 of 2 municipalities with a department have one" in words
    assert "Departments without one: Becket" in words


def test_a_county_is_taken_from_the_file_or_from_where_the_outline_lies(atlas: Atlas) -> None:
    south = {"NAME": "Nowhere", "COUNTYFP": "017"}
    found = kept(
        atlas,
        collection(
            feature(square(-72.1, 43.9), **south),
            feature(square(-73.0, 44.4), NAME="Burlington"),
            feature(square(-72.6, 44.2), NAME="Elsewhere", COUNTY="Washington County"),
        ),
        "VT",
    )
    assert {item["id"] for item in found["features"]} == {
        "VT/Chittenden/Burlington",
        "VT/Orange/Nowhere",
        "VT/Washington/Elsewhere",
    }


def test_parts_of_one_town_are_one_and_a_borough_is_not_its_township(atlas: Atlas) -> None:
    chester = {"NAME": "Chester", "COUNTYFP": "027"}
    found = kept(
        atlas,
        collection(
            feature(square(-74.7, 40.7), NAMELSAD="Chester borough", **chester),
            feature(square(-74.6, 40.8), NAMELSAD="Chester township", **chester),
            feature(square(-74.5, 40.8), NAME="Dover", COUNTYFP="027"),
            feature(square(-74.3, 40.8), NAME="Dover", COUNTYFP="027"),
            feature(square(-74.3, 40.6), NAME="County subdivisions not defined"),
        ),
        "NJ",
    )
    parts = {
        item["properties"]["name"]: len(item["geometry"]["coordinates"])
        for item in found["features"]
    }
    assert parts == {"Chester borough": 1, "Chester township": 1, "Dover": 2}


def test_a_census_code_plays_no_part(atlas: Atlas) -> None:
    for code in ("2501501325", "2501501370"):
        found = kept(
            atlas, collection(feature(square(-72.5, 42.3), NAME="Amherst Town", GEOID=code))
        )
        assert found["features"][0]["id"] == "MA/Hampshire/Amherst"


def test_another_property_for_the_name_can_be_asked_for(atlas: Atlas) -> None:
    content = collection(feature(RING, NAME="7", gemeinde="Lee"))
    assert [item.name for item in draft(atlas, content, "MA", "gemeinde").outlines] == ["Lee"]
    with pytest.raises(OutlinesRefused, match="No feature has 'ort'; they have: GEMEINDE, NAME"):
        draft(atlas, content, "MA", "ort")


def test_adding_again_replaces_all_and_the_address_changes(atlas: Atlas) -> None:
    assert not atlas.has("municipality", "MA")
    kept(atlas, THREE)
    first = atlas.address("municipality", "MA")
    assert [item.count for item in atlas.kept()] == [3]
    kept(atlas, towns(Lee=(-73.3, 42.2)))
    assert [item.name for item in atlas.shapes("municipality", "MA")] == ["Lee"]
    assert atlas.address("municipality", "MA") != first
    assert [path.name for path in atlas.folder.iterdir()] == ["municipality-MA.geojson"]
    geography.add.remove(atlas, "MA")
    assert not atlas.has("municipality", "MA")
    with pytest.raises(WrongUse, match="No outlines of 'MA' were added"):
        geography.add.remove(atlas, "MA")


@pytest.mark.parametrize("state", ["XX", "../../etc", "ma", ""])
def test_a_state_we_do_not_know_is_refused(atlas: Atlas, state: str) -> None:
    with pytest.raises(WrongUse, match="is not a US state"):
        draft(atlas, THREE, state)
    with pytest.raises(WrongUse):
        geography.add.remove(atlas, state)
    assert atlas.shapes("municipality", state) == ()


def test_states_and_counties_come_along_with_points_inside(atlas: Atlas) -> None:
    assert len(atlas.shapes("state", "US")) == 56
    assert len(atlas.shapes("county", "MA")) == 14
    assert atlas.shapes("county", "ON") == ()
    for item in (*atlas.shapes("state", "US"), *atlas.shapes("county", "TX")):
        assert shapes.contains(item.polygons, *item.point), item.id


def zipped(prj: str = "GEOGCS[]", names: tuple[str, ...] = ("Lee town",)) -> bytes:
    """A shapefile as the Census Bureau packs it."""
    parts = {ending: BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts) as writer:
        writer.field("NAMELSAD", "C")
        for name in names:
            writer.poly([square(-73.3, 42.2, clockwise=True)])
            writer.record(name)
    found = BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for ending, part in parts.items():
            archive.writestr(f"cb.{ending}", part.getvalue())
        archive.writestr("cb.prj", prj)
    return found.getvalue()


def test_a_zipped_shapefile_is_read(atlas: Atlas) -> None:
    assert kept(atlas, zipped())["features"][0]["id"] == "MA/Berkshire/Lee"


def test_a_zipped_shapefile_in_metres_or_of_two_layers_is_refused(atlas: Atlas) -> None:
    with pytest.raises(OutlinesRefused, match="not in degrees"):
        draft(atlas, zipped("PROJCS[]"))
    two = BytesIO()
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.shp", "")
        archive.writestr("b.shp", "")
    with pytest.raises(OutlinesRefused, match="holds 2 shapefiles"):
        draft(atlas, two.getvalue())
