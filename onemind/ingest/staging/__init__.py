"""A table of text becomes typed rows in the database, with every fault in it."""

from onemind.ingest.staging.checking import count, faults, stage, stage_plain
from onemind.ingest.staging.keys import duplicates, strangers
from onemind.ingest.staging.oddities import oddities
from onemind.ingest.staging.part import Part, rows_of, sound_rows
from onemind.ingest.staging.resolve import names, roster
from onemind.ingest.staging.tally import Tally, left_out, tally
from onemind.ingest.staging.typing import BOOLEANS
from onemind.ingest.staging.wording import listed_values

__all__ = [
    "BOOLEANS",
    "Part",
    "Tally",
    "count",
    "duplicates",
    "faults",
    "left_out",
    "listed_values",
    "names",
    "oddities",
    "roster",
    "rows_of",
    "sound_rows",
    "stage",
    "stage_plain",
    "strangers",
    "tally",
]
