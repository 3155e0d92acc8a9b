"""A file as people have it becomes a checked table, every fault at the reader's own row."""

from onemind.ingest.matching.columns import match, similar
from onemind.ingest.matching.names import Roster
from onemind.ingest.problem import CheckFailed, Problem, by_row, errors, summary
from onemind.ingest.reading.bytes import fingerprint, foresee
from onemind.ingest.reading.files import read
from onemind.ingest.reading.grid import Grid, annotated, as_csv, excerpt, grids
from onemind.ingest.reading.header import plain
from onemind.ingest.reading.workbooks import NOT_READ, Table, tables
from onemind.ingest.staging.checking import count, faults, stage
from onemind.ingest.staging.keys import duplicates, strangers
from onemind.ingest.staging.oddities import oddities
from onemind.ingest.staging.part import Part, rows_of, sound_rows
from onemind.ingest.staging.resolve import names, roster
from onemind.ingest.staging.typing import BOOLEANS
from onemind.ingest.upload import Upload

__all__ = [
    "BOOLEANS",
    "NOT_READ",
    "CheckFailed",
    "Grid",
    "Part",
    "Problem",
    "Roster",
    "Table",
    "Upload",
    "annotated",
    "as_csv",
    "by_row",
    "count",
    "duplicates",
    "errors",
    "excerpt",
    "faults",
    "fingerprint",
    "foresee",
    "grids",
    "match",
    "names",
    "oddities",
    "plain",
    "read",
    "roster",
    "rows_of",
    "similar",
    "sound_rows",
    "stage",
    "strangers",
    "summary",
    "tables",
]
