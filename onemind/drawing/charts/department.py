"""The charts of one department: training, certificates ending, what happened, outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from onemind.drawing.charts.figure import layout, percents, written
from onemind.drawing.palette import GRID, INK, STAGE_COLORS
from onemind.metrics import Row
from onemind.narrative import LANES, Event
from onemind.words import whole_percent_of

COLORS = {"mhfa": "completed", "cit": "overdue", "either": "in_progress"}
COLUMNS = {"mhfa": "mhfa_trained", "cit": "cit_trained", "either": "trained_low"}
LABELS = {"mhfa": "MHFA", "cit": "CIT", "either": "MHFA or CIT, at least"}
DASHES = {"mhfa": "solid", "cit": "dot", "either": "dash"}
SYMBOLS = {
    "pledge": "diamond", "policy": "square", "partnership": "circle", "training": "triangle-up",
    "outcomes": "star",
}  # fmt: skip
ENDINGS = {"referred_to_care": "Referred to care", "arrests": "Arrests", "force_used": "Force used"}
ENDING_COLORS = {
    "referred_to_care": "completed", "arrests": "overdue", "force_used": "due_soon",
}  # fmt: skip


def training(months: Sequence[Row], measures: Sequence[str], dark: bool = False) -> go.Figure:
    """Draw the department's shares at each month's end against 100% and 20%."""
    figure = go.Figure()
    for measure in measures:
        figure.add_trace(
            go.Scatter(
                x=[row["as_of"] for row in months],
                y=[whole_percent_of(row[COLUMNS[measure]], row["sworn"]) for row in months],
                name=LABELS[measure],
                mode="lines",
                line={
                    "width": 2.5,
                    "color": STAGE_COLORS[COLORS[measure]][dark],
                    "dash": DASHES[measure],
                },
                hovertemplate="%{y}%",
            )
        )
    for level, words in ((100, "100%, all"), (20, "20%, 1 in 5")):
        figure.add_hline(y=level, line={"width": 1, "dash": "dash", "color": INK[dark]})
        figure.add_annotation(
            x=1.01, xref="paper", y=level, text=words, showarrow=False,
            xanchor="left", yanchor="middle", font={"size": 12},
        )  # fmt: skip
    _time(figure, dark, 300)
    figure.update_layout(margin={"l": 0, "r": 76, "t": 8, "b": 0})
    figure.update_yaxes(range=[0, 112], **percents(0, 25, 50, 75, 100))
    return figure


def _time(figure: go.Figure, dark: bool, height: int) -> None:
    """What drawings over time share: a legend above, months below, one hover for all lines."""
    figure.update_layout(**layout(dark, height=height))
    figure.update_layout(
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0},
        showlegend=True,
    )
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=GRID[dark], fixedrange=True, automargin=True, zeroline=False)


def ending(months: Sequence[date], officers: Sequence[int], dark: bool = False) -> go.Figure:
    """Draw how many officers' MHFA certificates end in each month ahead."""
    figure = go.Figure(
        go.Bar(
            x=[f"{month:%b %Y}" for month in months],
            y=list(officers),
            text=[f"{count:,}" if count else "" for count in officers],
            textposition="outside",
            cliponaxis=False,
            marker={"color": STAGE_COLORS["due_soon"][dark]},
            hovertemplate="%{x}: %{y:,} officers<extra></extra>",
        )
    )
    figure.update_layout(**layout(dark, height=300), bargap=0.25)
    figure.update_xaxes(fixedrange=True, automargin=True, tickangle=-45)
    most = max([*officers, 1])
    figure.update_yaxes(visible=False, fixedrange=True, range=[0, most * 1.2])
    return figure


def timeline(
    events: Sequence[Event], deadline: date | None, as_of: date, dark: bool = False
) -> go.Figure:
    """Draw what happened in lanes by kind, the deadline and the day itself as lines."""
    lanes = [lane for lane in LANES if any(event.lane == lane for event in events)]
    figure = go.Figure([_lane(lane, events, dark) for lane in lanes])
    figure.update_layout(**layout(dark, height=90 + 44 * len(lanes)), showlegend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 40, "b": 0})
    figure.update_xaxes(showgrid=True, gridcolor=GRID[dark], fixedrange=True, automargin=True)
    figure.update_yaxes(
        categoryorder="array", categoryarray=[LANES[lane] for lane in lanes][::-1],
        fixedrange=True, automargin=True, gridcolor=GRID[dark],
    )  # fmt: skip
    if deadline:
        _mark(figure, deadline, "deadline", dark, 16)
    _mark(figure, as_of, "this day", dark, 0)
    return figure


def _lane(lane: str, events: Sequence[Event], dark: bool) -> go.Scatter:
    """The events of one kind; what ended is a cross."""
    in_lane = [event for event in events if event.lane == lane]
    return go.Scatter(
        x=[event.day for event in in_lane],
        y=[LANES[lane]] * len(in_lane),
        mode="markers",
        marker={
            "size": 11,
            "color": STAGE_COLORS["completed"][dark],
            "symbol": ["x" if event.ended else SYMBOLS[lane] for event in in_lane],
        },
        customdata=[[event.when, written(event.words)] for event in in_lane],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
    )


def _mark(figure: go.Figure, day: date, words: str, dark: bool, above: int) -> None:
    """A line across the lanes, dashed for a deadline; its words stand `above` pixels higher."""
    dash = "dash" if above else "dot"
    figure.add_vline(x=f"{day:%Y-%m-%d}", line={"width": 1, "dash": dash, "color": INK[dark]})
    figure.add_annotation(
        x=f"{day:%Y-%m-%d}", y=1, yref="paper", yanchor="bottom", yshift=above, text=words,
        showarrow=False, xanchor="right", font={"size": 12},
    )  # fmt: skip


def outcomes(years: Sequence[dict[str, Any]], dark: bool = False) -> go.Figure:
    """Draw how calls ended, as shares of the calls of each year; what is unknown is a gap."""
    figure = go.Figure()
    for column, label in ENDINGS.items():
        figure.add_trace(
            go.Scatter(
                x=[str(year["year"]) for year in years],
                y=[whole_percent_of(year[column], year["mh_calls"]) for year in years],
                name=label,
                mode="lines+markers",
                line={"width": 2.5, "color": STAGE_COLORS[ENDING_COLORS[column]][dark]},
                marker={"size": 8, "symbol": ("circle", "square", "diamond")[len(figure.data)]},
                hovertemplate="%{y:.0f}%",
            )
        )
    _time(figure, dark, 280)
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".1~f", ticksuffix="%", rangemode="tozero")
    return figure
