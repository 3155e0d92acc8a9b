"""A line of a few values, small enough to stand under a number: an SVG in an image, with its text.

A picture and not a chart: it needs none of the charting code, and is read aloud as its text.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, ROOM = 200, 34, 4


def spark(values: Sequence[float | None], color: str, alt: str) -> str:
    """Return the line as an image element; unknown values are gaps at its beginning."""
    address = source(values, color)
    return f'<img class="om-spark" alt="{escape(alt)}" src="{address}">' if address else ""


def source(values: Sequence[float | None], color: str) -> str:
    """Return the address of the image, which holds it whole; "" where there is no line."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if low == high:  # a level line, half way up
        low, high = low - 1, high + 1
    step = WIDTH / (len(values) - 1)
    first = len(values) - len(known)
    points = [
        (step * (first + place), HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * (value - low) / (high - low))
        for place, value in enumerate(known)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    ground = f"{points[0][0]:.1f},{HEIGHT} {line} {WIDTH},{HEIGHT}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'preserveAspectRatio="none">'
        f'<polygon points="{ground}" fill="{color}" fill-opacity="0.12"/>'
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
