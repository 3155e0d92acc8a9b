"""Figures that are drawn for many: turned into what is sent once, and not for each of them."""

from __future__ import annotations

import json
from typing import TypeVar

import plotly.graph_objects as go

T = TypeVar("T")


def ready(value: T) -> T:
    """Return a figure that keeps what it was turned into, in the plainest of values; nobody may
    change it any more.

    Anything else is returned as it is.
    """
    if isinstance(value, go.Figure):
        plain = json.loads(value.to_json())
        value.to_dict = lambda: plain
    return value
