"""The data behind a chart as a plain table: one row a point, in the order it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

TAG = re.compile(r"</?(?:b|i|sup|sub|span)\b[^>]*>")
Rows = tuple[tuple[Any, ...], ...]


def listed(figure: go.Figure) -> tuple[tuple[str, ...], Rows]:
    """Return columns and rows of a figure; a column that says nothing is left out.

    Bars that lie are turned: the label first, then the value. What a point says in words on the
    chart is the last column.
    """
    rows = [row for trace in figure.data for row in _points(trace)]
    named = ("Series", "Label", "Value", "Words")
    kept = [place for place in range(len(named)) if any(row[place] is not None for row in rows)]
    series = {row[0] for row in rows}
    if len(series) == 1 and 0 in kept:
        kept.remove(0)
    return tuple(named[place] for place in kept), tuple(
        tuple(row[place] for place in kept) for row in rows
    )


def _points(trace: Any) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield series, label, value and words of each point; a line that only guides has none."""
    guides = getattr(trace, "hoverinfo", None) == "skip" and trace.type != "bar"
    if guides or not hasattr(trace, "x"):
        return
    lying = getattr(trace, "orientation", None) == "h"
    first, second = (trace.y, trace.x) if lying else (trace.x, trace.y)
    labels, values = _all(first), _all(second)
    words = _all(getattr(trace, "text", None))
    count = max(len(labels), len(values))
    for place in range(count):
        value = _at(values, place)
        label = _at(labels, place)
        if label is not None or value is not None:
            yield trace.name, label, value, _at(words, place)


def _all(values: object) -> list[Any]:
    if values is None or isinstance(values, str) or not isinstance(values, Iterable):
        return []
    return list(values)


def _at(values: list[Any], place: int) -> Any:
    return _plain(values[place]) if place < len(values) else None


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64 | pd.Timestamp | datetime):
        moment: Any = pd.Timestamp(value)
        return None if pd.isna(moment) else moment.date()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return unescape(TAG.sub("", value.replace("<br>", "; "))) or None
    if value is None or isinstance(value, date | bool | int):
        return value
    return None if isinstance(value, float) and value != value else value
