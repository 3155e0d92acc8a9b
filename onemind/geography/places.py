"""States, counties and municipalities known by name, from `data/boundaries/*.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from onemind.settings import BOUNDARIES

# Where what we call a county goes by several words, or by none.
NO_COUNTIES = frozenset({"AK", "AS", "DC", "GU", "MP", "PR", "VI"})
FILES = {name: BOUNDARIES / f"{name}.csv" for name in ("states", "counties", "places")}


@dataclass(frozen=True)
class Municipality:
    """A city or town with its county and its other spellings."""

    name: str
    county: str
    aliases: tuple[str, ...] = ()


@cache
def states() -> dict[str, str]:
    """Return the states and territories of the United States: postal code -> name."""
    return {row["code"]: row["name"] for row in _rows("states")}


@cache
def state_words() -> dict[str, str]:
    """Return every way to write a state, in lower case -> its postal code."""
    rows = _rows("states")
    words = {row["fbi_code"].lower(): row["code"] for row in rows if row["fbi_code"]}
    words |= {row["name"].lower(): row["code"] for row in rows}
    return words | {row["code"].lower(): row["code"] for row in rows}


def state_name(code: str) -> str:
    """Return a state's name, or the code itself for a place outside the list (ON, Ontario)."""
    return states().get(code, code)


def county_name(county: str, state: str) -> str:
    """Return a county as it is called there: Worcester County, Orleans Parish, Baltimore city.

    Independent cities, which are numbered from 510 on, are called by their name alone.
    """
    named = county.lower().endswith((" county", " city", " parish"))
    if state in ("MD", "MO", "NV", "VA"):
        named = named or counties(state).get(county, "")[2:] >= "510"
    if named or state in NO_COUNTIES or state not in states():
        return county
    return f"{county} {'Parish' if state == 'LA' else 'County'}"


@cache
def state_number(code: str) -> str | None:
    """Return a state's FIPS number ("25"), or None for a place outside the list."""
    return next((row["fips"] for row in _rows("states") if row["code"] == code), None)


@cache
def counties(state: str) -> dict[str, str]:
    """Return the counties of a state: short name -> FIPS number of five digits."""
    return {row["county"]: row["fips"] for row in _rows("counties") if row["state"] == state}


@cache
def municipalities(state: str) -> tuple[Municipality, ...]:
    """Return the cities and towns we know of in a state; none for a state we have no list of."""
    return tuple(
        Municipality(row["municipality"], row["county"], tuple(filter(None, aliases.split("|"))))
        for row in _rows("places")
        if row["state"] == state
        for aliases in [row["aliases"] or ""]
    )


def _rows(name: str) -> list[dict[str, str]]:
    with FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
