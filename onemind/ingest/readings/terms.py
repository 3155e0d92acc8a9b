"""The terms on which a table is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from onemind.ingest.readings.reading import Reading


@dataclass(frozen=True)
class Terms:
    """What somebody said of a table, or is remembered; the day it is read on; whether a file that
    needs no change may take the fast path; and the numbers of rows that its workbook hides.
    """

    today: date
    said: Reading = field(default_factory=Reading)
    fast_path: bool = True
    hidden_rows: tuple[int, ...] = ()
