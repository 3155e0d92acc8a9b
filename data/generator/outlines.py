"""Outlines out of a TopoJSON file: arcs decoded, thinned, rounded and wound for the SVG map.

Thinning works on the arcs, which neighbors share, so that no gap opens between them. Outer rings
come out clockwise and holes counter-clockwise: the other way round one polygon floods the map.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]


def decode_arcs(topology: dict[str, Any], tolerance: float, decimals: int) -> list[Ring]:
    """Every arc of a topology, thinned to a tolerance in degrees, rounded."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        xs = accumulate(step[0] for step in steps)
        ys = accumulate(step[1] for step in steps)
        points = [(x * kx + x0, y * ky + y0) for x, y in zip(xs, ys, strict=True)]
        arcs.append([(round(x, decimals), round(y, decimals)) for x, y in thin(points, tolerance)])
    return arcs


def thin(points: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker's line simplification: what it drops lies within the tolerance."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        gaps = [gap(points[n], points[first], points[last]) for n in range(first + 1, last)]
        if gaps and max(gaps) > tolerance:
            far = first + 1 + gaps.index(max(gaps))
            kept.add(far)
            spans += [(first, far), (far, last)]
    return [points[n] for n in sorted(kept)]


def gap(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the segment between two others, in degrees."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
    return float(((x - x1 - along * dx) ** 2 + (y - y1 - along * dy) ** 2) ** 0.5)


def polygons(geometry: dict[str, Any], arcs: list[Ring], least_area: float) -> list[Polygon]:
    """A geometry's polygons, wound, largest first; islands under an area in square degrees go."""
    groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    shapes = [_polygon(group, arcs) for group in groups]
    shapes.sort(key=lambda shape: signed_area(shape[0]))
    return [
        shape
        for place, shape in enumerate(shapes)
        if place == 0 or -signed_area(shape[0]) >= least_area
    ]


def _polygon(group: list[list[int]], arcs: list[Ring]) -> Polygon:
    """One polygon, its outer ring first (~n is arc n backwards)."""
    lines = [[arcs[n] if n >= 0 else arcs[~n][::-1] for n in indexes] for indexes in group]
    rings = [_ring(parts) for parts in lines]
    holes = [wind(ring, clockwise=False) for ring in rings[1:] if signed_area(ring)]
    return [wind(rings[0], clockwise=True), *holes]


def _ring(lines: list[Ring]) -> Ring:
    """Lines joined end to end without repeats; the box around them if they enclose nothing.

    Falls Church, Virginia, is a mere line at the scale of the source.
    """
    points = [point for line in lines for point in line]
    ring = points[:1] + [after for before, after in pairwise(points) if after != before]
    return ring if len(ring) >= 4 and signed_area(ring) else _box(points)


def _box(points: Ring) -> Ring:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    return [(west, south), (west, north), (east, north), (east, south), (west, south)]


def signed_area(ring: Ring) -> float:
    """Area in square degrees: positive counter-clockwise, negative clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def wind(ring: Ring, clockwise: bool) -> Ring:
    """The ring in the direction asked for."""
    return ring if (signed_area(ring) < 0) == clockwise else ring[::-1]


def contains(shape: Polygon, point: Point) -> bool:
    """Whether a point lies inside a polygon and in none of its holes."""
    x, y = point
    crossings = 0
    for ring in shape:
        for (x1, y1), (x2, y2) in pairwise(ring):
            crosses = (y1 > y) != (y2 > y)
            crossings += crosses and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


def label_point(shape: Polygon, steps: int = 14) -> Point:
    """Of a grid of hundredths of a degree, the point that lies deepest inside the polygon."""
    xs, ys = [x for x, _ in shape[0]], [y for _, y in shape[0]]
    columns = _grid(min(xs), max(xs), steps)
    inside = [
        (x, y) for y in _grid(min(ys), max(ys), steps) for x in columns if contains(shape, (x, y))
    ]
    edges = [edge for ring in shape for edge in pairwise(ring)]
    return max(inside, key=lambda point: min(gap(point, *edge) for edge in edges))


def _grid(low: float, high: float, steps: int) -> list[float]:
    """Distinct hundredths of a degree between two limits."""
    return sorted({round(low + (high - low) * n / steps, 2) for n in range(1, steps)})
