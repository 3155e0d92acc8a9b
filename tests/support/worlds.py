"""Campaigns of two halves: what a scope shows, the same in each, and the rest, full of marks.

Every text and every count of the rest is one that occurs nowhere else, made from the contracts, so
that a new column is marked as soon as it is declared. `told` writes down all that an app's run
sends to the browser, numbers inside figures and tables too.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy
import pyarrow
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from onemind import ingest, publishing
from onemind.campaign import DATASETS, Contract, Field, Scope, contract
from tests.conftest import campaigning

SCOPE = Scope(state=("MA",), county=("Essex",))
INSIDE = ("MA1", "MA2", "MA3")
FORBIDDEN = ("Qcontact", "Qofficer", "Qauthor", "Qmessage", "Qoriginal")  # of the inside too
DAYS = {"counts_as_of": "2019-01-02", "ended_on": "", "left_on": "", "withdrawn_on": "",
        "exempt_until": "", "expires_on": "", "completion_confirmed_on": "", "period_start":
        "2019-01-01", "period_end": "2019-12-31"}  # fmt: skip
PLACED = {"latitude": 42, "longitude": -71}
KNOWN = {"states": "NH", "editions": "2016", "courses": "MHFA"}


@dataclass(frozen=True)
class World:
    """A published campaign: its folder, the marks of its rest and an id from there."""

    folder: Path
    texts: frozenset[str]
    counts: frozenset[int]
    outside_id: str

    def found_in(self, said: str) -> set[str]:
        """Return the marks that occur in what was said."""
        bare = said.replace(",", "")
        numbers = {int(found) for found in re.findall(r"(?<![\w.])\d{5,7}(?![\w])", bare)}
        lower = said.lower()
        texts = {mark for mark in self.texts if mark.lower() in lower}
        return texts | {str(number) for number in numbers & self.counts}


def world(folder: Path, mark: str, base: int, rest: int, today: date) -> World:
    """Publish a campaign whose rest has so many departments, marked by a text and from a number."""
    folder.mkdir(parents=True)
    texts: set[str] = set()
    counts: set[int] = set()
    uploads = []
    for name in DATASETS:
        parsed = contract(name)
        rows = [_row(parsed, place, None, 0) for place in range(len(INSIDE))]
        for place in range(rest):
            row = _row(parsed, place, mark, base + 1_000 * place)
            texts |= {value for value in row.values() if mark in value}
            counts |= {int(value) for value in row.values() if _is_mark(value, base)}
            rows.append(row)
        uploads.append(ingest.Upload(_csv(folder, parsed, rows), f"Qoriginal{name}.csv"))
    with campaigning(folder) as made:
        options = publishing.Options(today=today)
        publishing.publish(made.store, uploads, options, "Qauthor@example.org", "Qmessage")
    return World(folder / "store", frozenset(texts), frozenset(counts), f"{mark}department_id0")


def _is_mark(value: str, base: int) -> bool:
    return value.isdigit() and int(value) >= base


def _csv(folder: Path, parsed: Contract, rows: list[dict[str, str]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, parsed.columns)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / f"{parsed.name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def _row(parsed: Contract, place: int, mark: str | None, base: int) -> dict[str, str]:
    """Return one row: of the inside (no mark), or of the rest."""
    row = {field.name: _value(parsed, field, place, mark, base) for field in parsed.fields}
    for order in parsed.orders:  # the lower of two counts is the lower one
        low, high = row[order.lower], row[order.upper]
        if low and high and low > high:
            row[order.lower], row[order.upper] = high, low
    if parsed.name == "training_totals" and mark is None:
        row["as_of"] = "2019-02-03"
    return row


def _value(parsed: Contract, field: Field, place: int, mark: str | None, base: int) -> str:
    rank = [item.name for item in parsed.fields].index(field.name)
    if field.name in DAYS:
        return DAYS[field.name]
    if field.type == "date":
        year = date.today().year - 1 if field.name == "completed_on" else 2018
        return f"{year}-{rank % 12 + 1:02}-{place + (1 if mark is None else 11):02}"
    if field.type == "boolean":
        return "yes"
    if field.enum:
        return field.enum[0]
    if field.vocabulary:
        return "MA" if field.vocabulary == "states" and mark is None else KNOWN[field.vocabulary]
    if field.type == "number":
        return str(PLACED.get(field.name, 8) + place / 10)
    if field.type == "integer":
        return str(40 + 2 * rank + place if mark is None else base + rank)
    return _text(field, place, mark)


def _text(field: Field, place: int, mark: str | None) -> str:
    name = field.name
    if name == "exempt_reason" and (mark is None or place != 1):
        return ""  # one officer alone, for an exempt one counts nowhere
    if mark is None and name == "county":
        return "Essex"
    if mark is None and name in ("department_id", "ori"):
        return INSIDE[place]
    if field.contact or field.personal:
        said = f"{mark or 'Q'}{'contact' if field.contact else 'officer'}{name[-4:]}{place}"
        return f"{said}@example.org" if "email" in name else said
    if field.pattern:
        return f"https://{(mark or 'inside').lower()}{place}.example.org/"
    return f"{mark or 'inside'}{name}{place}"


# --- all that a run says --------------------------------------------------------------------------


def told(app: AppTest) -> str:
    """Return all that an app's last run sends, as one text."""
    return "\n".join(part for node in _nodes(app._tree) for part in _node(node))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _node(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield from _message(proto)


def _message(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        is_list = not isinstance(value, Message | str | bytes | int | float)
        items = value.values() if hasattr(value, "values") else value if is_list else [value]
        if hasattr(value, "keys"):
            yield from map(str, value.keys())
        for item in items:
            yield from _item(f"{field.name}", item)


def _item(name: str, item: Any) -> Iterator[str]:
    if isinstance(item, Message):
        yield from _message(item)
    elif isinstance(item, bytes):
        yield _table(item)
    elif isinstance(item, str):
        yield from _string(item)
    else:
        yield f"{name}={item}"


def _table(data: bytes) -> str:
    try:
        table = pyarrow.ipc.open_stream(data).read_all()
    except pyarrow.ArrowInvalid:
        return data.decode("latin-1")
    rows = [f"{name}: {values}" for name, values in table.to_pydict().items()]
    return "\n".join([*rows, str(table.schema.metadata)])


def _string(text: str) -> Iterator[str]:
    yield text
    if "bdata" in text:  # numbers in a figure
        yield from _numbers(json.loads(text))


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "bdata" in value:
            data = base64.b64decode(value["bdata"])
            yield str(numpy.frombuffer(data, value["dtype"]).tolist())
        else:
            for item in value.values():
                yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
