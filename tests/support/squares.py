"""Made-up towns: squares that lie in real counties, for whoever needs outlines in a test."""

from __future__ import annotations

import json
from typing import Any

Corner = tuple[float, float]


def square(west: float, south: float, side: float = 0.1, clockwise: bool = False) -> Any:
    """A closed ring; counter-clockwise as GeoJSON asks for, unless told otherwise."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return ring[::-1] if clockwise else ring


def feature(ring: Any, **properties: Any) -> dict[str, Any]:
    """A feature of one polygon without holes."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def towns(**corners: Corner) -> bytes:
    """A GeoJSON file of squares; an underscore in a name stands for a space."""
    return collection(
        *(feature(square(*corner), NAME=name.replace("_", " ")) for name, corner in corners.items())
    )


# Two towns of Berkshire County and one of Worcester County, Massachusetts, as squares beside the
# real ones.
THREE = towns(Lee=(-73.30, 42.26), Becket=(-73.15, 42.26), Paxton=(-71.95, 42.28))
