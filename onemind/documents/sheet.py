"""A table as a workbook of one sheet: what it is, of what, as of when; then its rows.

Texts are written as texts, so that no program takes one for a formula; unknown is an empty cell.
The same table gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MOST_LETTERS = 32_767  # of a cell
MOST_ROWS = 1_000_000
CREATED = datetime(2016, 10, 1)  # of every workbook: the notes say what it is of
SHEET = "Table"
WIDEST, SAMPLED = 60, 200
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#51636a"},
    "heading": {"bold": True, "bg_color": "#d5dee1", "border": 1, "text_wrap": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}


def as_xlsx(
    title: str, notes: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> bytes:
    """Return the workbook: the title, a line for each note, a blank one, headings, rows."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "comments": "\n".join(notes), "created": CREATED})
        styles = {name: book.add_format(style) for name, style in STYLES.items()}
        sheet = book.add_worksheet(SHEET)
        sheet.write_string(0, 0, title, styles["title"])
        for place, note in enumerate(notes, 1):
            sheet.write_string(place, 0, note, styles["note"])
        first = len(notes) + 2
        for place, name in enumerate(columns):
            sheet.write_string(first, place, name, styles["heading"])
        listed = [list(row) for _, row in zip(range(MOST_ROWS), rows, strict=False)]
        for number, row in enumerate(listed, first + 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, styles)
        _arrange(sheet, first, columns, listed)
    return target.getvalue()


def _write(sheet: Worksheet, row: int, place: int, value: Any, styles: dict[str, Format]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), styles["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, styles["date"])
    else:
        sheet.write_string(row, place, str(value)[:MOST_LETTERS])


def _arrange(
    sheet: Worksheet, first: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Keep the headings in sight, let rows be filtered, and make columns as wide as they are."""
    sheet.freeze_panes(first + 1, 0)
    if columns:
        sheet.autofilter(first, 0, first + max(len(rows), 1), len(columns) - 1)
    for place, name in enumerate(columns):
        texts = [name, *(str(row[place]) for row in rows[:SAMPLED] if row[place] is not None)]
        sheet.set_column(place, place, min(WIDEST, max(map(len, texts)) + 2))
