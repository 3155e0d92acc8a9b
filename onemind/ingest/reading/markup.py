"""Tables in markup: HTML, which training systems export as .xls, and Excel's XML of 2003.

A cell over several rows counts in each of them, as the page shows it; one over several columns
counts in the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

Rows = list[list[str]]
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
MOST_COLUMNS, MOST_ROWS = 2_000, 1_048_576
VOID = ("br", "hr", "img", "input", "col", "meta", "link")


def html_tables(text: str) -> list[Rows]:
    """Return the tables of a page that have two rows and two columns or more, cells as text."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [rows for rows in parser.tables if len(rows) > 1 and max(map(len, rows)) > 1]


class _Table:
    def __init__(self) -> None:
        self.rows: Rows = []
        self.below: dict[int, tuple[int, str]] = {}  # column -> rows yet to fill, and with what
        self.cell: list[str] | None = None
        self.spans = (1, 1)

    def new_row(self) -> None:
        self.end_cell()
        self.rows.append([])

    def begin_cell(self, attributes: dict[str, str | None]) -> None:
        self.end_cell()
        if not self.rows:
            self.new_row()
        self.cell = []
        self.spans = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))

    def end_cell(self) -> None:
        if self.cell is None:
            return
        text, (down, across) = " ".join("".join(self.cell).split()), self.spans
        row = self.rows[-1]
        self._fill(row)
        if down > 1:
            self.below[len(row)] = (down - 1, text)
        row += [text, *[""] * (across - 1)]
        self.cell = None

    def _fill(self, row: list[str]) -> None:
        """Put in what a cell of a row above has here."""
        while (left := self.below.get(len(row))) and left[0]:
            self.below[len(row)] = (left[0] - 1, left[1])
            row.append(left[1])

    def end_row(self) -> None:
        self.end_cell()
        if self.rows:
            self._fill(self.rows[-1])


def _span(text: str | None) -> int:
    return min(int(text), MOST_COLUMNS) if text and text.isdecimal() and int(text) else 1


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Rows] = []
        self.open: list[_Table] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag == "table":
            self.open.append(_Table())
        elif self.open and tag == "tr":
            self.open[-1].new_row()
        elif self.open and tag in ("td", "th"):
            self.open[-1].begin_cell(dict(attrs))
        elif self.open and tag in ("br", "p", "div"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(self.hidden - 1, 0)
        elif self.open and tag == "tr":
            self.open[-1].end_row()
        elif self.open and tag in ("td", "th"):
            self.open[-1].end_cell()
        elif self.open and tag == "table":
            self._end()

    def handle_data(self, data: str) -> None:
        if self.open and not self.hidden and self.open[-1].cell is not None:
            self.open[-1].cell.append(data)

    def close(self) -> None:
        super().close()
        while self.open:
            self._end()

    def _end(self) -> None:
        table = self.open.pop()
        table.end_row()
        self.tables.append(table.rows)


def spreadsheet_tables(path: Path) -> Iterator[tuple[str, Rows]]:
    """Yield name and rows of each sheet of a SpreadsheetML file; raises ValueError when it is
    damaged.
    """
    try:
        for _, element in ElementTree.iterparse(path):
            if element.tag == f"{{{SPREADSHEET}}}Worksheet":
                yield element.get(f"{{{SPREADSHEET}}}Name") or "Sheet", list(_rows(element))
                element.clear()
    except (ElementTree.ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError(str(error)) from error


def _rows(sheet: Any) -> Iterator[list[str]]:
    number, below = 0, dict[int, tuple[int, str]]()
    for row in sheet.iter(f"{{{SPREADSHEET}}}Row"):
        number += 1
        index = int(row.get(f"{{{SPREADSHEET}}}Index") or number)
        if index > MOST_ROWS:
            raise ValueError(f"it has a row {index}")
        yield from ([] for _ in range(number, index))
        number = max(index, number)
        yield _cells(row, below)


def _cells(row: Any, below: dict[int, tuple[int, str]]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{{{SPREADSHEET}}}Cell"):
        place = int(cell.get(f"{{{SPREADSHEET}}}Index") or len(cells) + 1) - 1
        while len(cells) < min(place, MOST_COLUMNS):
            cells.append(_from_above(below, len(cells)))
        data = cell.find(f"{{{SPREADSHEET}}}Data")
        text = "" if data is None else _value(data)
        if down := int(cell.get(f"{{{SPREADSHEET}}}MergeDown") or 0):
            below[len(cells)] = (down, text)
        cells += [text, *[""] * min(int(cell.get(f"{{{SPREADSHEET}}}MergeAcross") or 0), 100)]
    while len(cells) in below:
        cells.append(_from_above(below, len(cells)))
    return cells


def _from_above(below: dict[int, tuple[int, str]], place: int) -> str:
    """Return what a merged cell above has at this place, "" where there is none."""
    left, text = below.pop(place, (0, ""))
    if left > 1:
        below[place] = (left - 1, text)
    return text if left else ""


def _value(data: Any) -> str:
    text = " ".join("".join(data.itertext()).split())
    match data.get(f"{{{SPREADSHEET}}}Type"):
        case "DateTime":
            return text.removesuffix(".000").removesuffix("T00:00:00")
        case "Boolean":
            return {"1": "yes", "0": "no"}.get(text, text)
    return text
