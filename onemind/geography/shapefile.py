"""A zipped shapefile as GeoJSON features, and the Census Bureau's file fetched where there is one.

The bureau's cartographic boundary files are public domain; its county subdivisions are the cities
and towns of New England and the townships elsewhere.
"""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from typing import Any

from onemind.errors import NotPossibleNow, WrongUse
from onemind.geography.faults import OutlinesRefused
from onemind.geography.places import state_name, state_number

CENSUS = "https://www2.census.gov/geo/tiger/GENZ2023/shp/"
FILE = "cb_2023_{number}_cousub_500k.zip"
MOST_FETCHED = 60_000_000
MOST_UNPACKED = 300_000_000
PATIENCE = 60  # seconds


def download(state: str, base: str = CENSUS) -> bytes:
    """Fetch the Census Bureau's county subdivisions of a state as a zipped shapefile.

    Raises NotPossibleNow, with what to do instead, when it can't be had.
    """
    import urllib.error  # here, for no other command needs them
    import urllib.request

    number = state_number(state)
    if number is None:
        raise WrongUse(f"'{state}' is not a US state; write it like MA.")
    if not base.startswith(("https://", "http://")):
        raise WrongUse(f"'{base}' is not an address; it must start with https://")
    address = base.rstrip("/") + "/" + FILE.format(number=number)
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # nosec B310
            content: bytes = answer.read(MOST_FETCHED + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NotPossibleNow(
            f"{address} can't be fetched ({reason}). Where there is internet, fetch that file by "
            f"hand; then: python -m onemind boundaries add {FILE.format(number=number)} "
            f"--level municipality --state {state}"
        ) from error
    if len(content) > MOST_FETCHED:
        raise NotPossibleNow(
            f"The file for {state_name(state)} is over {MOST_FETCHED / 1e6:,.0f} MB: refused."
        )
    return content


def features_of(content: bytes) -> list[dict[str, Any]]:
    """Return the features of a zipped shapefile as GeoJSON.

    Raises OutlinesRefused when it is none, or not in degrees.
    """
    import shapefile  # here, for few screens and commands read outlines

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive)
        reader = shapefile.Reader(
            shp=BytesIO(parts[".shp"]), dbf=BytesIO(parts[".dbf"]), encodingErrors="replace"
        )
        with reader:
            return list(reader.__geo_interface__["features"])
    except (zipfile.BadZipFile, shapefile.ShapefileException, struct.error, ValueError) as error:
        raise OutlinesRefused([f"The zip can't be read as a shapefile ({error})."]) from error


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The .shp, .dbf and .prj of the one shapefile in a zip."""
    sizes = {item.filename: item.file_size for item in archive.infolist()}
    if sum(sizes.values()) > MOST_UNPACKED:
        raise OutlinesRefused([f"The zip unpacks to over {MOST_UNPACKED / 1e6:,.0f} MB: refused."])
    shapes = [name for name in sizes if name.lower().endswith(".shp")]
    if len(shapes) != 1:
        raise OutlinesRefused(
            [f"The zip holds {len(shapes)} shapefiles (.shp); one is needed. Zip them one by one."]
        )
    stem = shapes[0][:-4]
    parts = {
        ending: archive.read(name)
        for ending in (".shp", ".dbf", ".prj")
        for name in sizes
        if name.lower() == (stem + ending).lower()
    }
    if ".dbf" not in parts:
        raise OutlinesRefused(["The zip has no .dbf beside its .shp, so nothing has a name."])
    if parts.get(".prj", b"").lstrip().upper().startswith(b"PROJ"):
        raise OutlinesRefused(
            ["The shapefile is not in degrees. Export it in WGS 84 (EPSG:4326), then zip it."]
        )
    return parts
