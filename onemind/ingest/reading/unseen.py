"""What a workbook hides, or stores otherwise than it shows; .xlsx is looked at piece by piece."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import xlrd
from defusedxml import ElementTree

CHUNK, OVERLAP = 1 << 20, 1 << 14
HIDDEN_ROW = re.compile(rb"""<row\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
# A formula, and no value that a program left beside it.
VALUELESS = re.compile(
    rb"""<c\b[^>]*\br=["']([A-Z]+\d+)["'][^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*"""
    rb"""(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
MOST = 100_000


@dataclass(frozen=True)
class Unseen:
    """The rows of a sheet that are hidden, and its cells with a formula and no value."""

    rows: tuple[int, ...] = ()
    valueless: tuple[str, ...] = ()


def unseen(workbook: Path) -> dict[str, Unseen]:
    """Return what is unseen in each sheet of an .xlsx, .ods or .xls workbook, by name; {} of any
    other file. Formulas without a value are known of .xlsx alone.
    """
    if not zipfile.is_zipfile(workbook):
        return _of_old(workbook)
    try:
        with zipfile.ZipFile(workbook) as archive:
            if "content.xml" in archive.namelist():
                return _of_open_document(archive)
            return {name: _of_sheet(archive, part) for name, part in _parts(archive)}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, RuntimeError, ValueError):
        return {}


def _of_old(workbook: Path) -> dict[str, Unseen]:
    """The hidden rows of an .xls workbook; whoever reads its cells says if it is damaged."""
    try:
        with (
            Path(os.devnull).open("w") as log,
            xlrd.open_workbook(str(workbook), log, formatting_info=True, on_demand=True) as book,
        ):
            rows = {sheet.name: sheet.rowinfo_map.items() for sheet in book.sheets()}
            return {
                name: Unseen(tuple(sorted(place + 1 for place, row in known if row.hidden)))
                for name, known in rows.items()
            }
    except Exception:  # a damaged file makes xlrd raise nearly anything
        return {}


def _of_open_document(archive: zipfile.ZipFile) -> dict[str, Unseen]:
    """The hidden and filtered rows of an .ods workbook."""
    found, name, rows, number = dict[str, Unseen](), "", list[int](), 0
    with archive.open("content.xml") as file:
        for event, item in ElementTree.iterparse(file, ("start", "end")):
            if event == "start" and item.tag == f"{TABLE}table":
                name, rows, number = str(item.get(f"{TABLE}name")), [], 0
            elif event == "end" and item.tag == f"{TABLE}table-row":
                repeated = int(item.get(f"{TABLE}number-rows-repeated", "1"))
                if item.get(f"{TABLE}visibility", "visible") != "visible":
                    rows += range(number + 1, number + 1 + min(repeated, MOST - len(rows)))
                number += repeated
                item.clear()
            elif event == "end" and item.tag == f"{TABLE}table":
                found[name] = Unseen(tuple(rows))
    return found


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part of the archive that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): str(item.get("Target")) for item in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in book.iter():
        target = targets.get(sheet.get(RELATION))
        if sheet.tag.endswith("}sheet") and target and "worksheets" in target:
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield str(sheet.get("name")), str(PurePosixPath(path))


def _of_sheet(archive: zipfile.ZipFile, part: str) -> Unseen:
    rows, cells = set[int](), dict[str, None]()
    with archive.open(part) as file:
        tail = b""
        while (chunk := file.read(CHUNK)) and len(rows) < MOST and len(cells) < MOST:
            piece = tail + chunk
            for row in HIDDEN_ROW.finditer(piece):
                if number := NUMBER.search(row[0]):
                    rows.add(int(number[1]))
            cells |= dict.fromkeys(cell[1].decode() for cell in VALUELESS.finditer(piece))
            tail = piece[-OVERLAP:]
    return Unseen(tuple(sorted(rows)), tuple(cells))
