"""Figures as a page of the site carries them: JSON that a browser draws when it comes into view.

They are drawn for a light ground; for a dark one the browser puts other colors in their place
(`palette.in_the_dark`). Outlines are in a file of their own, a script, so that they can be read
where there is no server.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from onemind.drawing import charts
from onemind.geography import Atlas

MARKS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"})


@dataclass(frozen=True)
class Chart:
    """A figure on a page: what it shows in words, its JSON, its height in pixels, the file of its
    outlines if it is a map.
    """

    alt: str
    figure: str
    height: int
    outlines: str = ""


def chart(figure: Any, alt: str, outlines: str = "", most: int = 10_000) -> Chart:
    """Return a figure ready for a page, at most so many pixels high."""
    plain = charts.prepared.plain(figure)
    plain["layout"]["height"] = min(plain["layout"]["height"], most)
    for trace in plain["data"]:
        if "geojson" in trace:
            trace["geojson"] = trace["geojson"].split("?")[0]
    return Chart(alt, script_json(plain), int(plain["layout"]["height"]), outlines)


def script_json(value: Any) -> str:
    """Return JSON that may stand in a script element: nothing in it can end the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(MARKS)


def outlines(figure: Any, atlas: Atlas) -> str:
    """Return the script with the outlines that a map draws, and no others.

    Of each it has the id and the geometry alone.
    """
    needed: dict[str, set[str]] = {}
    for trace in figure.data:
        if trace.type == "choropleth":
            needed.setdefault(str(trace.geojson).split("?")[0], set()).update(trace.locations)
    calls = (
        f"onemind.outline({json.dumps(address)},{script_json(_features(address, ids, atlas))});"
        for address, ids in needed.items()
    )
    return "\n".join(calls) + "\n"


def _features(address: str, ids: set[str], atlas: Atlas) -> dict[str, Any]:
    level, _, file = address.rpartition("/")
    content = atlas.content(level.rpartition("/")[2], file.removesuffix(".geojson"))
    features = [
        {"type": "Feature", "id": item["id"], "properties": {}, "geometry": item["geometry"]}
        for item in json.loads(content)["features"]
        if item["id"] in ids
    ]
    return {"type": "FeatureCollection", "features": features}
