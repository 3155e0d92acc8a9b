"""The sample's departments: real towns and agencies, made-up ids, sizes and contacts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

from sample_agencies import Agency, other_agencies, town_populations

SEASONAL = ("Barnstable", "Dukes", "Nantucket")
KNOWN_STRENGTH = {"Boston": 2100, "Northampton": 65}
COUNTED_ON = (date(2025, 6, 30), date(2025, 12, 31), date(2025, 12, 31), date(2026, 3, 31))


class Place(NamedTuple):
    """A municipality with its county and label point."""

    county: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Department:
    """One row of departments.csv; the fields are its columns, in order."""

    department_id: str
    name: str
    type: str
    municipality: str | None
    county: str | None
    state: str
    country: str
    ori: str | None
    population: int | None
    sworn_officers: int | None
    nonsworn_staff: int | None
    counts_as_of: date | None
    latitude: float | None
    longitude: float | None
    contact_name: str | None
    contact_email: str | None


class Numbering:
    """Hands out ids in the shape of an ORI: MA, county number, running number, 00."""

    def __init__(self, counties: list[str]) -> None:
        """Number the counties in alphabetical order."""
        self._numbers = {county: number for number, county in enumerate(sorted(counties), start=1)}
        self._used: dict[str, int] = {}

    def next_id(self, county: str) -> str:
        """The next free id of the county; statewide agencies (no county) are numbered 099."""
        self._used[county] = self._used.get(county, 0) + 1
        return f"MA{self._numbers.get(county, 99):03d}{self._used[county]:02d}00"


def read_places(path: Path) -> dict[str, Place]:
    """Municipalities of places.csv by name."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["municipality"]: Place(
                row["county"], float(row["latitude"]), float(row["longitude"])
            )
            for row in csv.DictReader(lines)
        }


def strength(rng: Random, population: int, county: str) -> int:
    """A believable number of sworn officers for a town of this population."""
    per_thousand = 1.8 if population < 60_000 else 2.25
    season = 1.7 if county in SEASONAL else 1.0
    return max(1, round(population / 1000 * per_thousand * season * rng.uniform(0.75, 1.3)))


def contact(rng: Random, number: int, slug: str) -> tuple[str | None, str | None]:
    """A name and address that cannot be mistaken for a person's, blank for some departments."""
    name = f"Sample Contact {number:03d}" if rng.random() < 0.8 else None
    email = f"{slug}@example.org" if rng.random() < 0.85 else None
    return name, email


def town_department(
    rng: Random, number: int, town: str, population: int, place: Place, new_id: str
) -> Department:
    """A municipal police department with a made-up strength."""
    sworn = KNOWN_STRENGTH.get(town) or strength(rng, population, place.county)
    shown = rng.random() < 0.25
    name, email = contact(rng, number, town.lower().replace(" ", "-"))
    return Department(
        department_id=new_id,
        name=f"{town} Police Department",
        type="municipal",
        municipality=town,
        county=place.county,
        state="MA",
        country="US",
        ori=None,
        population=population,
        sworn_officers=sworn,
        nonsworn_staff=round(sworn * rng.uniform(0.05, 0.25)) if rng.random() < 0.8 else None,
        counts_as_of=rng.choice(COUNTED_ON) if rng.random() < 0.9 else None,
        latitude=place.latitude if shown else None,
        longitude=place.longitude if shown else None,
        contact_name=name,
        contact_email=email,
    )


def agency_department(
    rng: Random, number: int, agency: Agency, county: str | None, new_id: str
) -> Department:
    """A campus, state, county or other agency."""
    sworn = agency.sworn or rng.choice((6, 9, 11, 14, 16, 18, 22, 25, 31, 38, 47, 60))
    name, email = contact(rng, number, f"agency-{number:03d}")
    return Department(
        department_id=new_id,
        name=agency.name,
        type=agency.type,
        municipality=agency.municipality or None,
        county=county,
        state="MA",
        country="US",
        ori=None,
        population=None,
        sworn_officers=sworn,
        nonsworn_staff=round(sworn * rng.uniform(0.1, 0.4)) if rng.random() < 0.6 else None,
        counts_as_of=rng.choice(COUNTED_ON) if rng.random() < 0.8 else None,
        latitude=agency.latitude,
        longitude=agency.longitude,
        contact_name=name,
        contact_email=email,
    )


def build_departments(rng: Random, places: dict[str, Place]) -> list[Department]:
    """Every department of the sample in order of id, each with its full strength known."""
    numbering = Numbering(list({place.county for place in places.values()}))
    departments: list[Department] = []
    for town, population in town_populations().items():
        place = places[town]
        new_id = numbering.next_id(place.county)
        number = len(departments) + 1
        departments.append(town_department(rng, number, town, population, place, new_id))
    for agency in other_agencies():
        county = agency.county or (
            places[agency.municipality].county if agency.municipality else ""
        )
        new_id = numbering.next_id(county)
        number = len(departments) + 1
        departments.append(agency_department(rng, number, agency, county or None, new_id))
    return sorted(departments, key=lambda department: department.department_id)
