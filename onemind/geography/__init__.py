"""Places by name and their outlines; it knows nothing of the campaign."""

from onemind.geography import add
from onemind.geography.atlas import LEVELS, NATION, ROUTE, Atlas, Shape, atlas_of
from onemind.geography.faults import OutlinesRefused
from onemind.geography.match import Index, known_county
from onemind.geography.places import (
    FILES,
    county_name,
    state_name,
    state_number,
    state_words,
    states,
)
from onemind.geography.read import MOST_BYTES
from onemind.geography.shapefile import CENSUS, FILE, download
from onemind.geography.shapes import box, hatching

__all__ = [
    "CENSUS",
    "FILE",
    "FILES",
    "LEVELS",
    "MOST_BYTES",
    "NATION",
    "ROUTE",
    "Atlas",
    "Index",
    "OutlinesRefused",
    "Shape",
    "add",
    "atlas_of",
    "box",
    "county_name",
    "download",
    "hatching",
    "known_county",
    "state_name",
    "state_number",
    "state_words",
    "states",
]
