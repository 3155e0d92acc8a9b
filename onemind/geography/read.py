"""A file of outlines, as a program for maps wrote it, checked feature by feature.

Taken are GeoJSON (a FeatureCollection of polygons in WGS 84) and a zipped shapefile in degrees.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from onemind.geography.faults import OutlinesRefused
from onemind.geography.shapefile import features_of
from onemind.geography.shapes import Polygon

MOST_BYTES = 60_000_000
MOST_FEATURES = 10_000
NAMES = ("NAME", "NAMELSAD", "TOWN", "TOWN_NAME", "MUNICIPALITY", "MUNI", "CITY")
LONG_NAME = "NAMELSAD"
COUNTIES = ("COUNTY", "COUNTY_NAME", "NAMELSADCO", "CNTY_NAME", "COUNTYNAME")
COUNTY_NUMBERS = ("COUNTYFP", "CFIPS", "COUNTY_FIPS")
WGS84 = ("CRS84", "4326", "4269")  # 4269 is the Census Bureau's, which differs by a metre or so


@dataclass(frozen=True)
class Feature:
    """One outline as read: what it is called, the longer name and the county where there are any.

    `label` names it in a sentence to its owner.
    """

    label: str
    name: str
    long_name: str
    county: str
    polygons: list[Polygon]


def read(content: bytes, name_property: str | None = None) -> list[Feature]:
    """Read a file of outlines; raises OutlinesRefused with a sentence for each fault."""
    if len(content) > MOST_BYTES:
        _refuse(
            f"The file is {len(content) / 1e6:,.0f} MB; {MOST_BYTES / 1e6:,.0f} MB is the most. "
            "Simplify the outlines (a tolerance of 20 meters is fine), then add it again."
        )
    raw = features_of(content) if content[:2] == b"PK" else _collection(content)
    if not raw:
        _refuse("The file has no features. Export the layer again, with all its features.")
    if len(raw) > MOST_FEATURES:
        _refuse(f"The file holds {len(raw):,} features; {MOST_FEATURES:,} is the most.")
    column = _name_property(raw, name_property)
    faults: list[str] = []
    features = [_feature(number, item, column, faults) for number, item in enumerate(raw, 1)]
    if faults:
        raise OutlinesRefused(faults)
    return [feature for feature in features if feature]


def _refuse(sentence: str) -> None:
    raise OutlinesRefused([sentence])


def _collection(content: bytes) -> list[dict[str, Any]]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OutlinesRefused(
            [f"The file can't be read as JSON ({error}). Export the layer as GeoJSON."]
        ) from error
    kind = body.get("type") if isinstance(body, dict) else type(body).__name__
    if kind != "FeatureCollection" or not isinstance(body.get("features"), list):
        _refuse(
            f"A GeoJSON FeatureCollection is needed; this file is a '{kind}'. "
            "Export the layer as GeoJSON."
        )
    if not all(isinstance(item, dict) for item in body["features"]):
        _refuse("A feature of the file is no JSON object. Export the layer as GeoJSON again.")
    reference = json.dumps(body.get("crs") or WGS84)
    if not any(number in reference for number in WGS84):
        _refuse(
            f"The file says its coordinates are {reference}; longitude and latitude (WGS 84, "
            "EPSG:4326) are needed. Export the layer in that system."
        )
    return list(body["features"])


def _properties(item: dict[str, Any]) -> dict[str, str]:
    """A feature's properties that hold something, as text, under upper-case names."""
    properties = item.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    return {
        str(key).upper(): str(value).strip()
        for key, value in properties.items()
        if isinstance(value, str | int) and str(value).strip()
    }


def _name_property(raw: list[dict[str, Any]], asked: str | None) -> str:
    """The property that holds the name: the one asked for, or the first that is everywhere."""
    there = [set(_properties(item)) for item in raw]
    for name in [asked.upper()] if asked else NAMES:
        if any(name in keys for keys in there):
            return name
    known = sorted(set().union(*there)) or ["no properties at all"]
    expected = f"'{asked}'" if asked else f"a name ({', '.join(NAMES)})"
    raise OutlinesRefused(
        [
            f"No feature has {expected}; they have: {', '.join(known)}. "
            "Say which property holds the name of the city or town (--name-property)."
        ]
    )


def _feature(number: int, item: dict[str, Any], column: str, faults: list[str]) -> Feature | None:
    properties = _properties(item)
    name = properties.get(column, "")
    label = f"Feature {number} ({name})" if name else f"Feature {number}"
    if _is_water(properties):
        return None
    if not name:
        faults.append(f"{label} has no {column}. Give it a name, or leave it out.")
        return None
    polygons = list(_polygons(label, item.get("geometry"), faults))
    return Feature(label, name, properties.get(LONG_NAME, name), _county(properties), polygons)


def _is_water(properties: dict[str, str]) -> bool:
    """Whether it is what the Census Bureau draws for water and land in no town."""
    return (
        properties.get("COUSUBFP") == "00000" or "not defined" in properties.get("NAME", "").lower()
    )


def _county(properties: dict[str, str]) -> str:
    """The county as given: by name, else by number."""
    for name in (*COUNTIES, *COUNTY_NUMBERS):
        if properties.get(name):
            return properties[name]
    return ""


def _polygons(label: str, geometry: Any, faults: list[str]) -> Iterator[Polygon]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        faults.append(
            f"{label} is a '{kind}'; a Polygon or MultiPolygon is needed."
            if kind
            else f"{label} has no geometry. Draw it, or leave it out."
        )
        return
    parts = geometry.get("coordinates")
    several = parts if kind == "MultiPolygon" and isinstance(parts, list) and parts else [parts]
    for polygon in several:
        if not isinstance(polygon, list) or not polygon:
            faults.append(f"{label} has a polygon without a ring.")
            return
        if fault := next(filter(None, map(_ring_fault, polygon)), None):
            faults.append(f"{label} {fault}")
            return
        yield [[(point[0], point[1]) for point in ring] for ring in polygon]


def _ring_fault(ring: Any) -> str | None:
    """What is wrong with a ring, as the end of a sentence; None for a sound one."""
    if not isinstance(ring, list) or len(ring) < 4:
        return "has a ring of fewer than four points."
    for point in ring:
        if not _is_place(point):
            return (
                f"has {json.dumps(point)} among its coordinates, which is no longitude and "
                "latitude in degrees. Export the layer in WGS 84 (EPSG:4326)."
            )
    if ring[0][:2] != ring[-1][:2]:
        return "has a ring that does not end where it starts. Close it, then add the file again."
    return None


def _is_place(point: Any) -> bool:
    if not isinstance(point, list | tuple) or len(point) < 2:
        return False
    if not all(isinstance(x, int | float) and math.isfinite(x) for x in point[:2]):
        return False
    return bool(-180 <= point[0] <= 180 and -90 <= point[1] <= 90)
