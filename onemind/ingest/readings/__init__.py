"""How a table is read: what all its cells say of its dates, words and rows, and what is asked."""

from onemind.ingest.readings import dates, rows, text
from onemind.ingest.readings.learn import Learned, TextTable, learn
from onemind.ingest.readings.pseudonyms import Persons, is_name, persons, with_pseudonyms
from onemind.ingest.readings.reading import (
    AT_LEAST,
    COUNTS,
    DAY_FIRST,
    EVERY,
    LEFT_OUT,
    MONTH_FIRST,
    ORDERS,
    ROWS,
    SHAPES,
    Reading,
    prove,
)
from onemind.ingest.readings.rows import RowRule
from onemind.ingest.readings.shapes import blocks, is_wide
from onemind.ingest.readings.terms import Terms
from onemind.ingest.readings.words import spoken

__all__ = [
    "AT_LEAST",
    "COUNTS",
    "DAY_FIRST",
    "EVERY",
    "LEFT_OUT",
    "MONTH_FIRST",
    "ORDERS",
    "ROWS",
    "SHAPES",
    "Learned",
    "Persons",
    "Reading",
    "RowRule",
    "Terms",
    "TextTable",
    "blocks",
    "dates",
    "is_name",
    "is_wide",
    "learn",
    "persons",
    "prove",
    "rows",
    "spoken",
    "text",
    "with_pseudonyms",
]
