"""Charts: result in, Plotly figure out. Colours are safe for all eyes and never alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from onemind.headline import STAGES
from onemind.palette import FONT, GRID, INK, STAGE_COLOURS

CONFIG = {"displayModeBar": False}
MANY_AT_ONCE = 20


def layout(dark: bool, height: int) -> dict[str, Any]:
    """Return what all figures share: size, ink, no frame."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK[dark], "size": 13, "family": FONT},
    }


def funnel(progress: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw how many departments are in each stage; those that have not pledged are among them."""
    counts = progress["stage"].value_counts()
    stages = [stage for stage in STAGES if counts.get(stage, 0)][::-1]
    total = max(len(progress), 1)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=[STAGES[stage] for stage in stages],
            x=[counts[stage] for stage in stages],
            text=[f"{counts[stage]:,} · {counts[stage] / total:.0%}" for stage in stages],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [STAGE_COLOURS[stage][dark] for stage in stages]},
            hovertemplate="%{y}: %{x:,} departments<extra></extra>",
        )
    )
    figure.update_layout(**layout(dark, height=60 + 38 * len(stages)), bargap=0.28)
    most = max((int(counts[stage]) for stage in stages), default=1)
    figure.update_xaxes(visible=False, range=[0, most * 1.45], fixedrange=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def over_time(
    lines: dict[str, pd.DataFrame],
    dark: bool = False,
    share: bool = False,
    mark: tuple[date, int] | None = None,
) -> go.Figure:
    """Draw a line for each frame of `month` and `value`; `mark` is a day many pledged."""
    figure = go.Figure()
    colours = [STAGE_COLOURS["completed"][dark], STAGE_COLOURS["overdue"][dark]]
    for number, (label, frame) in enumerate(lines.items()):
        figure.add_trace(_line(label, frame, number, colours[number % 2], share))
    figure.update_layout(**layout(dark, height=320), hovermode="x unified")
    figure.update_layout(legend={"orientation": "h", "y": 1.12, "x": 0})
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=GRID[dark], rangemode="tozero", fixedrange=True, automargin=True)
    if share:
        figure.update_yaxes(tickformat=".0%", range=[0, 1.05])
    if mark:
        _mark(figure, *mark, dark)
    return figure


def _line(label: str, frame: pd.DataFrame, number: int, colour: str, share: bool) -> go.Scatter:
    return go.Scatter(
        x=frame["month"],
        y=frame["value"],
        name=label,
        mode="lines",
        line={"width": 2.5, "color": colour, "dash": ("solid", "dot")[number % 2]},
        hovertemplate="%{x|%B %Y}: %{y:.0%}" if share else "%{x|%B %Y}: %{y:,}",
    )


def surge(pledges: pd.DataFrame) -> tuple[date, int] | None:
    """Return the day on which most departments pledged, and how many, if they were many."""
    counts = pledges["pledged_on"].value_counts()
    if counts.empty or counts.iloc[0] < MANY_AT_ONCE:
        return None
    return counts.index[0], int(counts.iloc[0])


def _mark(figure: go.Figure, day: date, count: int, dark: bool) -> None:
    figure.add_vline(x=f"{day:%Y-%m-%d}", line={"width": 1, "dash": "dash", "color": INK[dark]})
    figure.add_annotation(
        x=f"{day:%Y-%m-%d}",
        y=1,
        yref="paper",
        text=f"{day.day} {day:%b %Y}: {count:,} pledge in one day",
        showarrow=False,
        xanchor="left",
        xshift=6,
        font={"size": 12, "color": INK[dark]},
    )


def by_group(frame: pd.DataFrame, group: str, dark: bool = False) -> go.Figure:
    """Draw a share for each group as bars, least first, with n of m departments behind it."""
    rows = frame.dropna(subset=["value"]).sort_values("value")
    behind = zip(rows["value"], rows["n"], rows["m"], strict=True)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=rows[group].fillna("unknown"),
            x=rows["value"],
            text=[f"{int(value * 100)} % · {n} of {m}" for value, n, m in behind],
            textposition="outside",
            cliponaxis=False,
            marker={"color": STAGE_COLOURS["in_progress"][dark]},
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        )
    )
    figure.update_layout(**layout(dark, height=60 + 26 * len(rows)), bargap=0.25)
    figure.update_xaxes(
        tickformat=".0%", range=[0, 1.35], tickvals=[0, 0.5, 1], fixedrange=True,
        gridcolor=GRID[dark], automargin=True,
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure
