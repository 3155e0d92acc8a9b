"""What part of the world a map shows, and how high it is: in degrees, for the SVG map."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from onemind.geography import Shape
from onemind.geography import box as box_around

Box = tuple[float, float, float, float]  # west, south, east, north
WORLD: Box = (-180.0, -60.0, 180.0, 80.0)
NATION_WIDE = 58.0
WIDE = 760  # about the width of the map on a desk, in pixels
LEAST = 300
BARE = {"visible": False, "bgcolor": "rgba(0,0,0,0)"}


def box_of(shapes: Iterable[Shape], points: pd.DataFrame) -> Box:
    """Return the box around shapes and points, with a little room; the world around nothing."""
    boxes = [box_around(shape.polygons) for shape in shapes]
    xs = [x for box in boxes for x in (box[0], box[2])] + points["longitude"].tolist()
    ys = [y for box in boxes for y in (box[1], box[3])] + points["latitude"].tolist()
    if not xs:
        return WORLD
    if max(xs) - min(xs) > 180:  # Alaska's last islands lie past 180 degrees
        xs = [x - 360 if x > 0 else x for x in xs]
    room = 0.03 * max(max(xs) - min(xs), max(ys) - min(ys), 0.5)
    return min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room


def albers() -> dict[str, Any]:
    """Return the frame of the United States, with Alaska and Hawaii as insets."""
    return BARE | {"scope": "usa", "projection_type": "albers usa"}


def window(box: Box) -> dict[str, Any]:
    """Return the frame of a box."""
    west, south, east, north = box
    return BARE | {
        "projection_type": "mercator",
        "projection_rotation_lon": (west + east) / 2,
        "lonaxis_range": [west, east],
        "lataxis_range": [south, north],
    }


def height(box: Box, most: int) -> int:
    """Return how high to draw a box as wide as the screen lets it, within limits."""
    west, south, east, north = box
    wide = (east - west) * math.cos(math.radians((south + north) / 2))
    return int(min(most, max(LEAST, WIDE * (north - south) / max(wide, 1e-9))))


def spacing(box: Box) -> float:
    """Return how far apart hatching lines are drawn, in degrees: some pixels."""
    return min(max(box[2] - box[0], 0.2), NATION_WIDE) / 110


# Without this, Plotly asks a host of its own for outlines and draws nothing offline.
CONFIG = {
    "topojsonURL": 'data:application/json,{"type":"Topology","objects":{},"arcs":[]}#',
    "displayModeBar": False,
    "scrollZoom": False,
}
