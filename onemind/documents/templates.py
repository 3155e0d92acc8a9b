"""Empty files to fill in: CSV with a header alone, or a workbook that helps and explains.

A template's columns are the contract's, by name and in order, so that what comes back is
recognized. Ids and words are cells of text, so that 00123 stays 00123. The same rules give the
same bytes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from onemind import metrics
from onemind.campaign import Contract, Field, Rules, contract, contracts
from onemind.documents import workbook
from onemind.documents.workbook import kind, list_name

CREATED = datetime(2016, 10, 1)
LAST_ROW = 1_048_575
# A year typed alone into a cell for dates is the 2017th day since 1900, in 1905: too early.
FIRST_DAY, LAST_DAY = date(1910, 1, 1), date(2099, 12, 31)
TEXT = 49  # the number of the format "@" in every spreadsheet program
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 12, "font_color": "#0b5563"},
    "required": {"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "border": 1},
    "optional": {"bold": True, "font_color": "#1d2b30", "bg_color": "#d5dee1", "border": 1},
    "wrapped": {"text_wrap": True, "valign": "top", "num_format": TEXT},
    "text": {"num_format": TEXT},
    "date": {"num_format": "yyyy-mm-dd"},
    "plain": {},
}


def as_csv(dataset: str) -> str:
    """Return a dataset's header as CSV; raises WrongUse when there is no such dataset."""
    return metrics.export.to_csv(contract(dataset).columns, [])


def as_xlsx(dataset: str, rules: Rules) -> bytes:
    """Return a workbook of two sheets: the dataset to fill in, and what its columns mean.

    Raises WrongUse when there is no such dataset.
    """
    return _workbook([contract(dataset)], rules)


def everything(rules: Rules) -> bytes:
    """Return one workbook with a sheet for each dataset, and one that explains them all."""
    return _workbook(list(contracts().values()), rules)


def _workbook(datasets: Sequence[Contract], rules: Rules) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        title = f"{rules.campaign}: {', '.join(parsed.title.lower() for parsed in datasets)}"
        book.set_properties({"title": title, "created": CREATED})
        styles = {name: book.add_format(style) for name, style in STYLES.items()}
        sheets = [book.add_worksheet(parsed.name) for parsed in datasets]
        explained = book.add_worksheet(workbook.NAME)
        lists = workbook.write(explained, datasets, rules, styles)
        for sheet, parsed in zip(sheets, datasets, strict=True):
            _fill(sheet, parsed, lists, styles)
    return target.getvalue()


def _fill(
    sheet: Worksheet, parsed: Contract, lists: dict[str, str], styles: dict[str, Format]
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{LAST_ROW + 1}"})
    for place, field in enumerate(parsed.fields):
        chosen = lists.get(list_name(parsed, field), "")
        style = "text" if chosen or field.type == "string" else field.type
        sheet.set_column(place, place, _width(field), styles.get(style, styles["plain"]))
        sheet.write(0, place, field.name, styles["required" if field.required else "optional"])
        sheet.write_comment(0, place, _note(parsed, field), {"x_scale": 2.2, "y_scale": 1.6})
        if rule := _rule(field, chosen):
            sheet.data_validation(1, place, LAST_ROW, place, rule | _refusal(field, chosen))


def _width(field: Field) -> int:
    return max(len(field.name) + 3, 28 if "name" in field.name else 13)


def _note(parsed: Contract, field: Field) -> str:
    """What the header's note says: what the column holds, and what it takes."""
    lines = [field.title, field.description, f"{kind(field).capitalize()}."]
    if field.type == "date" and parsed.partial_dates:
        say_so = ", and say so under precision" if field.name in parsed.key else ""
        lines.append(f"Where only the month or year is known, write its first day{say_so}.")
    lines.append("Required in every row." if field.required else "May be left blank.")
    return "\n".join(lines)


def _rule(field: Field, chosen: str) -> dict[str, Any]:
    """What a cell may hold, as a spreadsheet program checks it; {} where anything goes."""
    if chosen:
        return {"validate": "list", "source": chosen}
    if field.type == "date":
        span = {"minimum": FIRST_DAY, "maximum": LAST_DAY}
        return {"validate": "date", "criteria": "between", **span}
    if field.type in ("integer", "number"):
        check = {"validate": "integer" if field.type == "integer" else "decimal"}
        low = -1e15 if field.minimum is None else field.minimum
        if field.maximum is None:
            return {**check, "criteria": ">=", "value": low}
        return {**check, "criteria": "between", "minimum": low, "maximum": field.maximum}
    if field.max_length is not None:
        return {"validate": "length", "criteria": "<=", "value": field.max_length}
    return {}


def _refusal(field: Field, chosen: str) -> dict[str, str]:
    """What is said to whoever writes something else; other countries have states of their own."""
    sentence = f"'{field.name}' takes: {kind(field)}. {field.description}"
    if chosen:
        sentence = (
            f"'{field.name}' takes a word from its list. Choose one with the arrow at the cell."
        )
    elif field.type == "date":
        sentence = f"'{field.name}' takes a whole day, such as 2017-09-20."
    return {
        "error_type": "warning" if field.vocabulary == "states" else "stop",
        "error_title": "This value doesn't fit here",
        "error_message": textwrap.shorten(sentence, 255, placeholder=" …"),
    }
