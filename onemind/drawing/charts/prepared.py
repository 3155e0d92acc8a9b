"""Figures that are drawn for many, or elsewhere: turned into what is sent."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import plotly.graph_objects as go
import plotly.io as pio
from plotly.offline import get_plotlyjs_version

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


def plain(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as data and layout, without the template that all figures share.

    The figure is not to be drawn any more.
    """
    figure.layout.template = None
    found: dict[str, Any] = json.loads(figure.to_json())
    found["layout"].pop("template", None)
    return found


def template() -> dict[str, Any]:
    """Return the template for who draws `plain` figures: Plotly's own, by name, for Streamlit puts
    another one in its place where it is loaded.
    """
    found: dict[str, Any] = json.loads(json.dumps(pio.templates["plotly"].to_plotly_json()))
    return found


def engine() -> str:
    """Return the version of Plotly's JavaScript that these figures are made for."""
    return str(get_plotlyjs_version())
