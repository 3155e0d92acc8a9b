"""States, counties and municipalities known by name, from `data/boundaries/*.csv`."""

from __future__ import annotations

import csv
from functools import cache

from onemind.settings import BOUNDARIES

FILES = {name: BOUNDARIES / f"{name}.csv" for name in ("states", "counties", "places")}


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


def _rows(name: str) -> list[dict[str, str]]:
    with FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
