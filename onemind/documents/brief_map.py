"""The brief's map as an SVG: outlines and departments of one state, or states by share pledged.

No browser draws it, and it says nothing by color alone: marks differ, and so do classes' words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from onemind import metrics
from onemind.campaign import STAGES, Filter
from onemind.drawing.maps.frame import Box, box_of
from onemind.drawing.maps.legend import classes
from onemind.drawing.maps.place import BEYOND, counties
from onemind.drawing.maps.rows import Coloring, dots
from onemind.drawing.palette import BORDER, INK, LAND, NO_DATA, STAGE_COLORS, STAGE_SYMBOLS
from onemind.geography import NATION, Shape, atlas_of
from onemind.metrics import MetricName, Query, Source
from onemind.words import counted

WIDE, HIGH, LINE, ENTRY = 380.0, 175.0, 13.0, 5.4
APART = (*BEYOND, "AK", "HI")  # too far from the others to be drawn to their scale
MARK = 3.2  # half the width of a department's mark
MOST = 2_000  # departments; more would be a stain


@dataclass(frozen=True)
class Scale:
    """Degrees into the units of the drawing: as wide as it may be, or as high."""

    box: Box

    @property
    def factor(self) -> float:
        """Return how many units a degree of latitude has."""
        west, south, east, north = self.box
        return min(WIDE / max((east - west) * self.narrow, 1e-9), HIGH / max(north - south, 1e-9))

    @property
    def narrow(self) -> float:
        """Return how much narrower a degree of longitude is."""
        return math.cos(math.radians((self.box[1] + self.box[3]) / 2))

    @property
    def high(self) -> float:
        """Return how high the drawing is."""
        return (self.box[3] - self.box[1]) * self.factor

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point is; what is narrower than the drawing stands in its middle."""
        west, _, east, north = self.box
        room = (WIDE - (east - west) * self.narrow * self.factor) / 2
        return (
            room + (longitude - west) * self.narrow * self.factor,
            (north - latitude) * self.factor,
        )


def drawn(
    source: Source, chosen: Filter, today: date, progress: pd.DataFrame
) -> dict[str, str] | None:
    """Return the map as an SVG with its title and what it leaves out; None where none can be."""
    states = sorted(progress["state"].dropna().unique())
    if len(states) == 1:
        return _of_state(source, chosen, progress, states[0])
    return _of_nation(source, chosen, today, states)


def _of_state(
    source: Source, chosen: Filter, progress: pd.DataFrame, state: str
) -> dict[str, str] | None:
    sight = getattr(source, "sight", None)
    some = bool(chosen.county or (sight and sight.scope.chosen().keys() - {"state"}))
    inside = set(counties(progress, state).dropna())
    listed = atlas_of(source.settings).shapes("county", state)
    shapes = [shape for shape in listed if not some or shape.name in inside]
    points = metrics.department_points(source, chosen.version).frame()
    rows = dots(progress, points, Coloring())
    placed = rows[rows["latitude"].notna()]
    if not shapes and placed.empty:
        return None
    scale = Scale(box_of(shapes, placed))
    parts = [_outline(shape, scale, LAND[0]) for shape in shapes]
    looks = [look for look in STAGES if look in set(placed["look"])]
    for look in reversed(looks):
        same = placed[placed["look"] == look].head(MOST)
        parts += [
            _mark(look, *scale.at(longitude, latitude))
            for longitude, latitude in zip(same["longitude"], same["latitude"], strict=True)
        ]
    entries = [(_mark(look, 4, 4), STAGES[look]) for look in looks]
    missing = len(rows) - len(placed)
    left_out = f"{counted(missing, 'department')} without a place." if missing else ""
    return _svg(scale, parts, entries, "Where they are", left_out)


def _of_nation(
    source: Source, chosen: Filter, today: date, states: Sequence[str]
) -> dict[str, str] | None:
    name = MetricName.PLEDGED_SHARE
    shares = {
        row[0]: float(row[1])
        for row in metrics.query(source, Query(name, ("state",), chosen), today).rows
        if row[1] is not None
    }
    shapes = [
        shape
        for shape in atlas_of(source.settings).shapes("state", NATION)
        if shape.id in shares and shape.id not in APART
    ]
    if not shapes:
        return None
    metric = metrics.metric(name)
    scheme, scale = classes(metric, shares.values()), Scale(box_of(shapes, _NOWHERE))
    looks = {shape.id: scheme.look(shares[shape.id]) for shape in shapes}
    parts = [_outline(shape, scale, looks[shape.id].ground[0]) for shape in shapes]
    used = [look for look in scheme.looks if look in looks.values()]
    entries = [(_box(look.ground[0]), look.label) for look in used]
    drawn = {shape.id for shape in shapes}
    apart = [state for state in states if state not in drawn]
    left_out = f"Not drawn: {', '.join(apart)}." if apart else ""
    return _svg(scale, parts, entries, metric.label, left_out)


_NOWHERE = pd.DataFrame({"longitude": [], "latitude": []})


def _outline(shape: Shape, scale: Scale, color: str) -> str:
    rings = (ring for polygon in shape.polygons for ring in polygon)
    path = "".join(f"M{' '.join(_points(ring, scale))}Z" for ring in rings)
    return f'<path d="{path}" fill="{color}" stroke="{BORDER[0]}" stroke-width="0.5"/>'


def _points(ring: Iterable[Sequence[float]], scale: Scale) -> Iterator[str]:
    """Return the points of a line, those alone that can be told apart."""
    before = None
    for point in ring:
        x, y = scale.at(point[0], point[1])
        text = f"{x:.1f},{y:.1f}"
        if text != before:
            yield text
        before = text


def _mark(look: str, x: float, y: float) -> str:
    """Return a department's mark, of another shape for each stage."""
    color, size = STAGE_COLORS[look][0], MARK
    kind = STAGE_SYMBOLS[look]
    inside = "none" if kind == "circle-open" else color
    paint = f'fill="{inside}" stroke="{color if kind == "circle-open" else "#ffffff"}"'
    if kind.startswith("circle"):
        dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="0.9" fill="#ffffff"/>'
        circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size - 0.4}" {paint} stroke-width="0.6"/>'
        return circle + (dot if kind == "circle-dot" else "")
    corners = {
        "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
        "triangle-up": ((0, -1.1), (1, 0.8), (-1, 0.8)),
        "diamond": ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),
        "x": ((-1, -0.4), (-0.4, -1), (0, -0.5), (0.4, -1), (1, -0.4), (0.5, 0), (1, 0.4),
              (0.4, 1), (0, 0.5), (-0.4, 1), (-1, 0.4), (-0.5, 0)),
    }[kind]  # fmt: skip
    path = " ".join(f"{x + size * across:.1f},{y + size * down:.1f}" for across, down in corners)
    return f'<polygon points="{path}" {paint} stroke-width="0.5"/>'


def _box(color: str) -> str:
    return f'<rect width="9" height="8" fill="{color}" stroke="{NO_DATA[0]}" stroke-width="0.5"/>'


def _svg(
    scale: Scale, parts: list[str], entries: list[tuple[str, str]], title: str, left_out: str
) -> dict[str, str]:
    """Put the drawing together, its legend below it."""
    x, y, legend = 0.0, scale.high + 6, []
    for sign, label in entries:
        wide = 16 + ENTRY * len(label)
        if x + wide > WIDE and x:
            x, y = 0.0, y + LINE
        legend.append(
            f'<g transform="translate({x:.1f} {y:.1f})">{sign}<text x="13" y="8" '
            f'font-size="10.5" font-family="Libertinus Serif" fill="{INK[0]}">'
            f"{escape(label)}</text></g>"
        )
        x += wide
    size: Any = f'viewBox="0 0 {WIDE:.0f} {y + LINE:.1f}"'
    content = "".join([*parts, *legend])
    return {
        "title": title,
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>',
        "left_out": left_out,
    }
