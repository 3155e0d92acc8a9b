"""Outlines to draw: states and counties that come along, municipalities that somebody adds.

What is added lies in the store's folder as `boundaries/municipality-MA.geojson`: a file and not a
version, for an outline says nothing about the campaign. An Atlas is both together. Shapes have an
`id` ("MA", "MA/Berkshire", "MA/Berkshire/Lee"), a name, and a point to write on.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from onemind.files import Files, FolderFiles, files_of
from onemind.geography.match import Index, index
from onemind.geography.places import states
from onemind.geography.shapes import Polygon, box, inner_point
from onemind.settings import BOUNDARIES, Settings

LEVELS = ("state", "county", "municipality")
NATION = "US"
ROUTE = "/api/boundaries/{level}/{state}.geojson"


@dataclass(frozen=True)
class Shape:
    """One outline: its id, name, county and state, its polygons and a point inside."""

    id: str
    name: str
    county: str
    state: str
    polygons: tuple[Polygon, ...]
    point: tuple[float, float]


@dataclass(frozen=True)
class AddedFile:
    """Outlines somebody added: of what, how many, from which file, when (UTC), and their size."""

    level: str
    state: str
    count: int
    source: str
    added_at: datetime
    size: int

    def record(self) -> dict[str, Any]:
        """Return it as a plain dict for JSON."""
        return vars(self) | {"added_at": self.added_at.isoformat(timespec="seconds")}


@dataclass(frozen=True)
class Atlas:
    """All outlines there are: those that come along, and those kept in a folder.

    `files` is where the folder's are kept for all processes.
    """

    folder: Path
    files: Files | None = None

    def has(self, level: str, state: str) -> bool:
        """Whether there are outlines of that level in that state (state "US": the states)."""
        return bool(self.shapes(level, state))

    def content(self, level: str, state: str) -> bytes:
        """Return outlines as GeoJSON; an empty collection for none."""
        return _content(*self._file(level, state))

    def shapes(self, level: str, state: str) -> tuple[Shape, ...]:
        """Return outlines with their points; none where there are none."""
        return _shapes(*self._file(level, state))

    def index(self, level: str, state: str) -> Index:
        """Return the outlines by name."""
        return _index(*self._file(level, state))

    def address(self, level: str, state: str) -> str:
        """Return where the server hands them out; it changes when they do."""
        digest = hashlib.sha256(self.content(level, state)).hexdigest()[:12]
        return ROUTE.format(level=level, state=state) + f"?v={digest}"

    def kept(self) -> list[AddedFile]:
        """Return what somebody added, by level and state."""
        return [_kept(path) for path in sorted(self.folder.glob("*-*.geojson"))]

    def mark(self) -> tuple[tuple[str, int], ...]:
        """Return what differs when outlines were added or removed."""
        paths = sorted(self.folder.glob("*-*.geojson"))
        return tuple((path.name, path.stat().st_mtime_ns) for path in paths)

    @property
    def store(self) -> Files:
        """Where outlines are added and removed."""
        return self.files or FolderFiles(self.folder)

    def path(self, level: str, state: str) -> Path:
        """Return the file of outlines that are added; `state` is one of ours, never a path."""
        return self.folder / f"{level}-{state}.geojson"

    def _file(self, level: str, state: str) -> tuple[str, str, Path, int]:
        """What a result is remembered by: level, state, the file and when it was written."""
        if level == "municipality" and state in states():
            path = self.path(level, state)
            return level, state, path, path.stat().st_mtime_ns if path.exists() else 0
        return level, state, BOUNDARIES / f"{FILES.get(level, '')}.geojson", 0


def atlas_of(given: Settings) -> Atlas:
    """Return the outlines that come along, and those kept in the store's folder."""
    files = _files(given)
    return Atlas(files.mirror(), files)


@cache
def _files(given: Settings) -> Files:
    return files_of(given, "boundaries")


FILES = {"state": "states", "county": "counties"}
EMPTY = b'{"type":"FeatureCollection","features":[]}'


@lru_cache(maxsize=64)
def _content(level: str, state: str, path: Path, written: int) -> bytes:
    if not path.exists():
        return EMPTY
    if level == "municipality":
        return path.read_bytes()
    kept = [
        {**item, "id": name, "properties": {"name": item["properties"]["name"]}}
        for item in _shipped(path)
        if (name := _id(level, state, item["properties"]))
    ]
    body = {"type": "FeatureCollection", "features": kept}
    return json.dumps(body, separators=(",", ":")).encode()


def _id(level: str, state: str, properties: dict[str, str]) -> str | None:
    """The id of a shape that comes along, or None for one of another state."""
    if level == "state":
        return properties["code"] if state == NATION else None
    return f"{state}/{properties['name']}" if properties["state"] == state else None


@lru_cache(maxsize=2)
def _shipped(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


@lru_cache(maxsize=64)
def _shapes(level: str, state: str, path: Path, written: int) -> tuple[Shape, ...]:
    features = json.loads(_content(level, state, path, written))["features"]
    return tuple(_shape(level, state, item) for item in features)


def _shape(level: str, state: str, item: dict[str, Any]) -> Shape:
    parts, properties = item["geometry"]["coordinates"], item["properties"]
    polygons = tuple([parts] if item["geometry"]["type"] == "Polygon" else parts)
    name = properties["name"]
    county = properties.get("county", name if level == "county" else "")
    return Shape(
        item["id"], name, county, item["id"] if level == "state" else state, polygons,
        inner_point(polygons),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _index(level: str, state: str, path: Path, written: int) -> Index:
    shapes = _shapes(level, state, path, written)
    return index(state, ((shape.id, shape.name, shape.county) for shape in shapes))


def bounds(shapes: tuple[Shape, ...]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of shapes; raises ValueError for none."""
    return box(polygon for shape in shapes for polygon in shape.polygons)


def _kept(path: Path) -> AddedFile:
    level, _, state = path.stem.partition("-")
    body = json.loads(path.read_text(encoding="utf-8"))
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    source = str(body.get("source", ""))
    return AddedFile(level, state, len(body["features"]), source, written, path.stat().st_size)
