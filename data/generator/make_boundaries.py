"""Writes data/boundaries: state and county outlines and label points from us-atlas.

Run: python data/generator/make_boundaries.py PACKAGE, the folder of the unpacked npm package
us-atlas 3.0.1.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from outlines import Polygon, decode_arcs, label_point, polygons

OUT = Path(__file__).parent.parent / "boundaries"
FBI_CODES = {"NE": "NB", "GU": "GM"}  # where the FBI's code is not the postal one
CODES = """
01 AL 02 AK 04 AZ 05 AR 06 CA 08 CO 09 CT 10 DE 11 DC 12 FL 13 GA 15 HI 16 ID 17 IL 18 IN 19 IA
20 KS 21 KY 22 LA 23 ME 24 MD 25 MA 26 MI 27 MN 28 MS 29 MO 30 MT 31 NE 32 NV 33 NH 34 NJ 35 NM
36 NY 37 NC 38 ND 39 OH 40 OK 41 OR 42 PA 44 RI 45 SC 46 SD 47 TN 48 TX 49 UT 50 VT 51 VA 53 WA
54 WV 55 WI 56 WY 60 AS 66 GU 69 MP 72 PR 78 VI
"""

Shapes = dict[str, tuple[str, list[Polygon]]]


def state_codes() -> dict[str, str]:
    """Postal code by FIPS code of a state."""
    words = CODES.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def read_shapes(
    package: Path, level: str, tolerance: float, decimals: int, least_area: float
) -> Shapes:
    """Name and polygons of each state or county by FIPS code, in order of code."""
    topology = json.loads((package / f"{level}-10m.json").read_text(encoding="utf-8"))
    arcs = decode_arcs(topology, tolerance, decimals)
    geometries = sorted(topology["objects"][level]["geometries"], key=lambda one: str(one["id"]))
    return {
        one["id"]: (one["properties"]["name"], polygons(one, arcs, least_area))
        for one in geometries
    }


def with_cities_told_apart(counties: Shapes) -> Shapes:
    """Counties, with "city" after an independent city whose county has the same name."""
    names = Counter((fips[:2], name) for fips, (name, _) in counties.items())
    return {
        fips: (f"{name} city" if names[fips[:2], name] > 1 and fips[2:] >= "510" else name, shapes)
        for fips, (name, shapes) in counties.items()
    }


def feature(fips: str, properties: dict[str, str], shapes: list[Polygon]) -> dict[str, Any]:
    """A GeoJSON feature whose id is the FIPS code."""
    single = len(shapes) == 1
    geometry = {
        "type": "Polygon" if single else "MultiPolygon",
        "coordinates": shapes[0] if single else shapes,
    }
    return {"type": "Feature", "id": fips, "properties": properties, "geometry": geometry}


def write_geojson(path: Path, features: list[dict[str, Any]]) -> None:
    """Write features as compact GeoJSON, one to a line so that a change can be read."""
    lines = (json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in features)
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def write_csv(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows under a header of comma-separated names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def county_rows(counties: Shapes, codes: dict[str, str]) -> Iterable[tuple[object, ...]]:
    """Rows of counties.csv: code, state, name, a label point in its largest polygon."""
    for fips, (name, shapes) in counties.items():
        longitude, latitude = label_point(shapes[0])
        yield fips, codes[fips[:2]], name, f"{latitude:.2f}", f"{longitude:.2f}"


def main(package: Path) -> None:
    """Write the four files that come from the package."""
    codes = state_codes()
    states = read_shapes(package, "states", tolerance=0.02, decimals=2, least_area=0.004)
    counties = with_cities_told_apart(
        read_shapes(package, "counties", tolerance=0.0, decimals=3, least_area=0.0003)
    )
    write_geojson(
        OUT / "states.geojson",
        [feature(f, {"code": codes[f], "name": name}, s) for f, (name, s) in states.items()],
    )
    write_geojson(
        OUT / "counties.geojson",
        [feature(f, {"state": codes[f[:2]], "name": name}, s) for f, (name, s) in counties.items()],
    )
    rows = [
        (f, codes[f], name, FBI_CODES.get(codes[f], codes[f])) for f, (name, _) in states.items()
    ]
    write_csv(OUT / "states.csv", "fips,code,name,fbi_code", rows)
    write_csv(
        OUT / "counties.csv", "fips,state,county,latitude,longitude", county_rows(counties, codes)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
