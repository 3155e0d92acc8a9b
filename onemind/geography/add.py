"""Outlines somebody adds: named as we name places, made light, looked at, then kept or not.

A Draft changes nothing. It says which names fit a place we know and which do not; what does not fit
is kept and drawn all the same, as a place with no department.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onemind.errors import WrongUse
from onemind.files import FolderFiles
from onemind.geography.atlas import Atlas, bounds
from onemind.geography.faults import OutlinesRefused
from onemind.geography.match import Index, index, known_county, place_name
from onemind.geography.places import counties, municipalities, state_name, states
from onemind.geography.read import Feature, read
from onemind.geography.shapes import Polygon, contains, inner_point, lighter
from onemind.words import counted

LEVEL = "municipality"
DECIMALS = 4
TOLERANCE = 0.0002  # degrees: about 20 metres
MOST_KEPT = 2_500_000
MARGIN = 0.5  # degrees around the state's own outline, which is a coarse one
MOST_NAMED = 12
Town = tuple[str, str | None]  # a municipality and its county, as departments give them


@dataclass(frozen=True)
class Outline:
    """A place with a name and a county as we write them, and its polygons."""

    name: str
    county: str
    polygons: list[Polygon]


@dataclass(frozen=True)
class Draft:
    """Outlines of a state that could be kept.

    `strangers` are names that fit no place on our list of the state (if we have one), `missing`
    the listed places that have no outline.
    """

    state: str
    outlines: tuple[Outline, ...]
    content: bytes
    strangers: tuple[str, ...]
    missing: tuple[str, ...]

    def index(self) -> Index:
        """Return the outlines by name."""
        entries = ((f"{item.county}/{item.name}", item.name, item.county) for item in self.outlines)
        return index(self.state, entries)

    def without(self, towns: Iterable[Town]) -> list[str]:
        """Return the towns of departments that no outline fits."""
        known = self.index()
        return sorted({name for name, county in towns if not known.find(name, county)})

    def sentences(self, towns: Sequence[Town] = ()) -> list[str]:
        """Say what fits what; `towns` are those of the departments published."""
        where = state_name(self.state)
        count, size = counted(len(self.outlines), "outline"), f"{len(self.content) / 1e3:,.0f} KB"
        lines = [f"{count} of {where}, {size}."]
        if listed := len(municipalities(self.state)):
            fits = listed - len(self.missing)
            lines.append(f"{fits:,} of the {listed:,} cities and towns we list have one.")
        if self.missing:
            lines.append(f"None for: {_some(self.missing)}.")
        if self.strangers:
            lines.append(f"On no list of ours, and drawn as named: {_some(self.strangers)}.")
        if towns:
            lost = self.without(towns)
            fits = len(set(towns)) - len(lost)
            lines.append(
                f"{fits:,} of {len(set(towns)):,} municipalities with a department have one."
            )
            lines += [f"Departments without one: {_some(lost)}."] if lost else []
        return lines


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def draft(
    atlas: Atlas, content: bytes, state: str, source: str, column: str | None = None
) -> Draft:
    """Read outlines of a state's municipalities; raises OutlinesRefused when something is wrong.

    `column` is the property that holds the name, where it isn't one of the usual ones.
    """
    if state not in states():
        raise WrongUse(f"'{state}' is not a US state; write it like MA.")
    features = read(content, column)
    if faults := list(filter(None, (_elsewhere(atlas, item, state) for item in features))):
        raise OutlinesRefused(faults)
    outlines = _named(atlas, features, state)
    if not outlines:
        raise OutlinesRefused(["The file has no outline of a city or town, only water."])
    listed = {item.name for item in municipalities(state)}
    names = {item.name for item in outlines}
    return Draft(
        state,
        outlines,
        _light(outlines, state, source),
        tuple(sorted(names - listed)) if listed else (),
        tuple(sorted(listed - names)),
    )


def _elsewhere(atlas: Atlas, feature: Feature, state: str) -> str | None:
    """Say that a feature lies outside the state; None for one that does not."""
    west, south, east, north = bounds(atlas.shapes("county", state))
    x, y = inner_point(feature.polygons)
    inside = west - MARGIN <= x <= east + MARGIN and south - MARGIN <= y <= north + MARGIN
    if inside:
        return None
    return (
        f"{feature.label} lies at longitude {x:.2f}, latitude {y:.2f}, which is not in "
        f"{state_name(state)}. Is it the right state, and longitude before latitude?"
    )


def _named(atlas: Atlas, features: Sequence[Feature], state: str) -> tuple[Outline, ...]:
    """Bring together what has one name and county, or name it longer where that tells it apart."""
    groups: dict[tuple[str, str], list[Feature]] = defaultdict(list)
    for feature in features:
        groups[_name(feature, state), _county(atlas, feature, state)].append(feature)
    found: dict[tuple[str, str], list[Polygon]] = defaultdict(list)
    for (name, county), members in groups.items():
        several = len({member.long_name for member in members}) > 1
        for member in members:
            found[member.long_name if several else name, county].extend(member.polygons)
    return tuple(Outline(*key, polygons) for key, polygons in sorted(found.items()))


def _name(feature: Feature, state: str) -> str:
    name = feature.name.title() if feature.name.isupper() else feature.name
    return place_name(name, state) or place_name(feature.long_name, state) or name


def _county(atlas: Atlas, feature: Feature, state: str) -> str:
    """The county: by the list of places, as given by name or number, else by where it lies."""
    place = place_name(feature.name, state)
    for item in municipalities(state):
        if item.name == place:
            return item.county
    numbers = {number[2:]: name for name, number in counties(state).items()}
    given = numbers.get(feature.county[-3:]) if feature.county.isdigit() else None
    if given := given or known_county(feature.county, state):
        return given
    x, y = inner_point(feature.polygons)
    return next(
        (item.name for item in atlas.shapes("county", state) if contains(item.polygons, x, y)), ""
    )


def _light(outlines: Sequence[Outline], state: str, source: str) -> bytes:
    """Write outlines as GeoJSON, thinned until it is small enough to send to a phone."""
    for doubling in range(8):
        content = _written(outlines, state, source, TOLERANCE * 2**doubling)
        if len(content) <= MOST_KEPT:
            return content
    raise OutlinesRefused(
        [
            f"The outlines are still {len(content) / 1e6:,.1f} MB after thinning; "
            f"{MOST_KEPT / 1e6:,.1f} MB is the most. Leave out small islands, or "
            "simplify them first."
        ]
    )


def _written(outlines: Sequence[Outline], state: str, source: str, tolerance: float) -> bytes:
    features = [_feature(outline, state, tolerance) for outline in outlines]
    body = {"type": "FeatureCollection", "source": source, "features": features}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def _feature(outline: Outline, state: str, tolerance: float) -> dict[str, Any]:
    parts = lighter(outline.polygons, tolerance, DECIMALS)
    while not parts and tolerance > 1e-9:  # a tiny place is drawn as exactly as it takes
        tolerance /= 4
        parts = lighter(outline.polygons, tolerance, DECIMALS)
    if not parts:
        raise OutlinesRefused([f"{outline.name} encloses nothing. Draw it, or leave it out."])
    return {
        "type": "Feature",
        "id": f"{state}/{outline.county}/{outline.name}",
        "properties": {"name": outline.name, "county": outline.county},
        "geometry": {"type": "MultiPolygon", "coordinates": parts},
    }


def keep(atlas: Atlas, draft: Draft) -> Path:
    """Put outlines in place of those there, all at once; NotPossibleNow if that can't be done."""
    path = atlas.path(LEVEL, draft.state)
    atlas.store.put(path.name, draft.content)
    if not isinstance(atlas.store, FolderFiles):
        FolderFiles(atlas.folder).put(path.name, draft.content)
    return path


def remove(atlas: Atlas, state: str) -> None:
    """Remove a state's outlines; raises WrongUse when there are none."""
    path = atlas.path(LEVEL, state)
    if state not in states() or not path.exists():
        kept = ", ".join(item.state for item in atlas.kept()) or "none"
        raise WrongUse(f"No outlines of '{state}' were added. There are: {kept}.")
    atlas.store.remove(path.name)
