"""States, counties and towns known by name, and every way to write a state."""

import csv

import pytest

from onemind import geography


def rows(name: str) -> list[dict[str, str]]:
    with geography.FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_fifty_states_the_district_and_the_territories():
    codes = set(geography.states())
    assert len(codes) >= 52
    assert {"MA", "NE", "DC", "PR", "VI", "GU"} <= codes
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert geography.states()["MA"] == "Massachusetts"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("massachusetts", "MA"),
        ("ma", "MA"),
        ("nb", "NE"),
        ("nebraska", "NE"),
        ("ne", "NE"),
        ("gm", "GU"),
        ("guam", "GU"),
        ("district of columbia", "DC"),
        ("puerto rico", "PR"),
    ],
)
def test_a_state_is_understood_by_name_postal_code_and_fbi_code(written: str, code: str):
    assert geography.state_words()[written] == code


def test_a_postal_code_always_means_its_own_state():
    words = geography.state_words()
    assert all(words[code.lower()] == code for code in geography.states())


def test_a_state_has_a_name_and_a_place_off_the_list_keeps_its_code():
    assert geography.state_name("NE") == "Nebraska"
    assert geography.state_name("ON") == "ON"


def test_massachusetts_has_its_14_counties_and_351_municipalities():
    counties = {row["county"] for row in rows("counties") if row["state"] == "MA"}
    towns = [row for row in rows("places") if row["state"] == "MA"]
    assert len(counties) == 14
    assert len(towns) == len({row["municipality"] for row in towns}) == 351
    assert {row["county"] for row in towns} == counties


def test_towns_are_known_by_their_other_spellings():
    found = {
        alias: row["municipality"] for row in rows("places") for alias in row["aliases"].split("|")
    }
    names = {row["municipality"] for row in rows("places")}
    for spelling in ("Lanesboro", "Lanesborough", "Tyngsboro", "Tyngsborough"):
        assert spelling in names or found.get(spelling) in names
    assert found["Manchester"] == "Manchester-by-the-Sea"


def test_every_county_and_town_lies_in_a_known_state_and_has_a_point_there():
    known = {row["code"] for row in rows("states")}
    for row in [*rows("counties"), *rows("places")]:
        assert row["state"] in known
        assert -90 < float(row["latitude"]) < 90
        assert -180 <= float(row["longitude"]) <= 180


def test_a_county_is_called_as_it_is_there() -> None:
    called = [("Worcester", "MA"), ("Orleans", "LA"), ("Anchorage", "AK"), ("Danville", "VA")]
    assert [geography.county_name(*one) for one in called] == [
        "Worcester County", "Orleans Parish", "Anchorage", "Danville",
    ]  # fmt: skip
    assert geography.county_name("Peel", "ON") == "Peel"
