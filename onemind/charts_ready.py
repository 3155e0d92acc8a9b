"""Figures that are drawn for many: turned into what is sent once, and not for each of them."""

from __future__ import annotations

from typing import TypeVar

import plotly.graph_objects as go

T = TypeVar("T")


def ready(made: T) -> T:
    """Return a figure that keeps what it was turned into; nobody may change it any more.

    Anything else is returned as it is.
    """
    if isinstance(made, go.Figure):
        plain = made.to_dict()
        made.to_dict = lambda: plain
    return made
