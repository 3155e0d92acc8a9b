"""One table of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    """One table of a file: where its text lies, what to call it, and the sheet it came from.

    Row k of it is record k of the text. A workbook may hide the sheet (`hidden`) or some of its
    rows; `filled` are rows that a merged cell above them fills; `valueless` are cells, such as B2,
    that hold a formula and no value.
    """

    path: Path
    name: str
    sheet: str | None = None
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    filled: tuple[int, ...] = ()
    valueless: tuple[str, ...] = ()
