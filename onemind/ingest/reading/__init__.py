"""A file becomes tables of text: encodings, delimiters, workbooks, archives, headers."""

from onemind.ingest.reading.archives import CITATIONS, DESCRIPTION
from onemind.ingest.reading.bytes import fingerprint, prefetch
from onemind.ingest.reading.files import Source, fault, read
from onemind.ingest.reading.grid import Grid, annotated, as_csv, excerpt, grids
from onemind.ingest.reading.header import known_labels, labels_of, plain
from onemind.ingest.reading.table import Table
from onemind.ingest.reading.workbooks import NOT_READ, tables

__all__ = [
    "CITATIONS",
    "DESCRIPTION",
    "NOT_READ",
    "Grid",
    "Source",
    "Table",
    "annotated",
    "as_csv",
    "excerpt",
    "fault",
    "fingerprint",
    "grids",
    "known_labels",
    "labels_of",
    "plain",
    "prefetch",
    "read",
    "tables",
]
