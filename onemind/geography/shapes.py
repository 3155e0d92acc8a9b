"""Rings and polygons of an outline, in degrees: direction, thinning, a point inside, hatching.

Outer rings are clockwise and holes counter-clockwise: the other way round one polygon floods the
SVG map. GeoJSON as most programs write it is the opposite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

Point = Sequence[float]
Ring = list[Point]
Polygon = list[Ring]
Segment = tuple[tuple[float, float], tuple[float, float]]


def signed_area(ring: Ring) -> float:
    """Return the area in square degrees: positive counter-clockwise, negative clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def wound(polygon: Polygon) -> Polygon:
    """Return a polygon with its outer ring clockwise and its holes counter-clockwise."""
    return [
        ring if (signed_area(ring) < 0) == (place == 0) else ring[::-1]
        for place, ring in enumerate(polygon)
    ]


def lighter(polygons: Sequence[Polygon], tolerance: float, decimals: int) -> list[Polygon]:
    """Return polygons thinned to a tolerance and rounded; what then encloses nothing is gone."""
    found = []
    for polygon in polygons:
        rings = [_rounded(thin(ring, tolerance), decimals) for ring in polygon]
        if len(rings[0]) >= 4 and signed_area(rings[0]):
            holes = [ring for ring in rings[1:] if len(ring) >= 4 and signed_area(ring)]
            found.append(wound([rings[0], *holes]))
    return found


def _rounded(ring: Ring, decimals: int) -> Ring:
    points = [(round(point[0], decimals), round(point[1], decimals)) for point in ring]
    return [points[0], *(after for before, after in pairwise(points) if after != before)]


def thin(ring: Ring, tolerance: float) -> Ring:
    """Return a line by Douglas and Peucker: every point that is dropped lies within tolerance."""
    kept = {0, len(ring) - 1}
    spans = [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        far, gap = first, tolerance
        for place in range(first + 1, last):
            distance = _gap(ring[place], ring[first], ring[last])
            if distance > gap:
                far, gap = place, distance
        if far != first:
            kept.add(far)
            spans += [(first, far), (far, last)]
    return [ring[place] for place in sorted(kept)]


def _gap(point: Point, start: Point, end: Point) -> float:
    x, y = point[0] - start[0], point[1] - start[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, (x * dx + y * dy) / length)) if length else 0.0
    return math.hypot(x - along * dx, y - along * dy)


def box(polygons: Iterable[Polygon]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of polygons; raises ValueError for none."""
    points = [point for polygon in polygons for point in polygon[0]]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def contains(polygons: Iterable[Polygon], x: float, y: float) -> bool:
    """Whether a point lies in a polygon and in none of its holes."""
    return any(
        sum(left <= x < right for left, right in _chords(polygon, y, 0.0)) > 0
        for polygon in polygons
    )


def inner_point(polygons: Sequence[Polygon]) -> tuple[float, float]:
    """Return a point inside the largest polygon: the middle of its longest chord, of three."""
    largest = max(polygons, key=lambda polygon: abs(signed_area(polygon[0])))
    _, south, _, north = box([largest])
    chords = [
        (right - left, (left + right) / 2, y)
        for part in (0.5, 0.35, 0.65)
        for y in [south + part * (north - south)]
        for left, right in _chords(largest, y, 0.0)
    ]
    _, x, y = max(chords, default=(0.0, *largest[0][0]))
    return x, y


def hatching(polygons: Iterable[Polygon], spacing: float, slope: float) -> list[Segment]:
    """Return the pieces of evenly spaced parallel lines that lie inside polygons."""
    segments: list[Segment] = []
    for polygon in polygons:
        heights = [point[1] - slope * point[0] for point in polygon[0]]
        first, last = math.ceil(min(heights) / spacing), math.floor(max(heights) / spacing)
        for number in range(first, last + 1):
            level = number * spacing
            segments += [
                ((left, level + slope * left), (right, level + slope * right))
                for left, right in _chords(polygon, level, slope)
                if right > left
            ]
    return segments


def _chords(polygon: Polygon, level: float, slope: float) -> list[tuple[float, float]]:
    """Where the line y = level + slope * x runs inside a polygon: pairs of x, by even and odd."""
    crossings = []
    for ring in polygon:
        for (x1, y1), (x2, y2) in pairwise(ring):
            above1, above2 = y1 - slope * x1 - level, y2 - slope * x2 - level
            if (above1 > 0) != (above2 > 0):
                crossings.append(x1 + (x2 - x1) * above1 / (above1 - above2))
    crossings.sort()
    return list(zip(crossings[::2], crossings[1::2], strict=True))
