"""Charts: result in, Plotly figure out. Colors are safe for all eyes and never alone."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from onemind.campaign import STAGES
from onemind.drawing.palette import FONT, GRID, INK, STAGE_COLORS
from onemind.words import percent

CONFIG = {"displayModeBar": False}


def layout(dark: bool, height: int) -> dict[str, Any]:
    """Return what all figures share: size, ink, no frame."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK[dark], "size": 13, "family": FONT},
    }


def written(text: str) -> str:
    """Return a text of people or files as a drawing shows it unchanged: it reads some HTML."""
    return escape(text, quote=False)


def percents(*marks: int, whole: int = 100) -> dict[str, Any]:
    """Return the marks of an axis of shares, as shares are written; `whole` is drawn as 100%."""
    return {
        "tickvals": [mark * whole / 100 for mark in marks],
        "ticktext": [f"{mark}%" for mark in marks],
    }


def funnel(progress: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw how many departments are in each stage, on the scale of all departments.

    Every stage has its row, so that the drawing keeps its shape when time is played.
    """
    counts = progress["stage"].value_counts().reindex(list(STAGES), fill_value=0)
    stages = list(STAGES)[::-1]
    total = max(len(progress), 1)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=[STAGES[stage] for stage in stages],
            x=[counts[stage] for stage in stages],
            text=[f"{counts[stage]:,} · {percent(counts[stage] / total)}" for stage in stages],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [STAGE_COLORS[stage][dark] for stage in stages]},
            hovertemplate="%{y}: %{x:,} departments<extra></extra>",
        )
    )
    figure.update_layout(**layout(dark, height=60 + 38 * len(stages)), bargap=0.28)
    figure.update_xaxes(visible=False, range=[0, total * 1.25], fixedrange=True)
    figure.update_yaxes(fixedrange=True, automargin=True, ticksuffix="  ")
    return figure


def over_time(lines: dict[str, pd.DataFrame], dark: bool = False) -> go.Figure:
    """Draw a line for each frame of `month` and `value`."""
    figure = go.Figure()
    colors = [STAGE_COLORS["completed"][dark], STAGE_COLORS["overdue"][dark]]
    for number, (label, frame) in enumerate(lines.items()):
        figure.add_trace(_line(label, frame, number, colors[number % 2]))
    figure.update_layout(**layout(dark, height=320), hovermode="x unified")
    figure.update_layout(legend={"orientation": "h", "y": 1.12, "x": 0})
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=GRID[dark], rangemode="tozero", fixedrange=True, automargin=True)
    return figure


def _line(label: str, frame: pd.DataFrame, number: int, color: str) -> go.Scatter:
    return go.Scatter(
        x=frame["month"],
        y=frame["value"],
        name=label,
        mode="lines",
        line={"width": 2.5, "color": color, "dash": ("solid", "dot")[number % 2]},
        hovertemplate="%{x|%B %Y}: %{y:,}",
    )
