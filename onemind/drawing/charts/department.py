"""The charts of one department: training, certificates ending, what happened, outcomes.

Each is put together as plain values and becomes a figure at once: there are many departments, and
a figure that is changed bit by bit takes five times as long.
"""

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
    lines = [
        {
            "type": "scatter",
            "x": [row["as_of"] for row in months],
            "y": [whole_percent_of(row[COLUMNS[measure]], row["sworn"]) for row in months],
            "name": LABELS[measure],
            "mode": "lines",
            "line": {
                "width": 2.5,
                "color": STAGE_COLORS[COLORS[measure]][dark],
                "dash": DASHES[measure],
            },
            "hovertemplate": "%{y}%",
        }
        for measure in measures
    ]
    levels = ((100, "100%, all"), (20, "20%, 1 in 5"))
    frame = _time(dark, 300, {"range": [0, 112], **percents(0, 25, 50, 75, 100)})
    frame["margin"] = {"l": 0, "r": 76, "t": 8, "b": 0}
    frame["shapes"] = [_across(level, dark) for level, _ in levels]
    frame["annotations"] = [_named(level, words) for level, words in levels]
    return go.Figure({"data": lines, "layout": frame})


def _across(level: int, dark: bool) -> dict[str, Any]:
    return {
        "type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": level, "y1": level, "yref": "y",
        "line": {"width": 1, "dash": "dash", "color": INK[dark]},
    }  # fmt: skip


def _named(level: int, words: str) -> dict[str, Any]:
    return {
        "x": 1.01, "xref": "paper", "y": level, "text": words, "showarrow": False,
        "xanchor": "left", "yanchor": "middle", "font": {"size": 12},
    }  # fmt: skip


def _time(
    dark: bool, height: int, yaxis: dict[str, Any], xaxis: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What drawings over time share: a legend above, months below, one hover for all lines."""
    return layout(dark, height=height) | {
        "hovermode": "x unified",
        "legend": {"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0},
        "showlegend": True,
        "xaxis": {"showgrid": False, "fixedrange": True, "automargin": True} | (xaxis or {}),
        "yaxis": {
            "gridcolor": GRID[dark], "fixedrange": True, "automargin": True, "zeroline": False,
        } | yaxis,
    }  # fmt: skip


def ending(months: Sequence[date], officers: Sequence[int], dark: bool = False) -> go.Figure:
    """Draw how many officers' MHFA certificates end in each month ahead."""
    bars = {
        "type": "bar",
        "x": [f"{month:%b %Y}" for month in months],
        "y": list(officers),
        "text": [f"{count:,}" if count else "" for count in officers],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": STAGE_COLORS["due_soon"][dark]},
        "hovertemplate": "%{x}: %{y:,} officers<extra></extra>",
    }
    most = max([*officers, 1])
    frame = layout(dark, height=300) | {
        "bargap": 0.25,
        "xaxis": {"fixedrange": True, "automargin": True, "tickangle": -45},
        "yaxis": {"visible": False, "fixedrange": True, "range": [0, most * 1.2]},
    }
    return go.Figure({"data": [bars], "layout": frame})


def timeline(
    events: Sequence[Event], deadline: date | None, as_of: date, dark: bool = False
) -> go.Figure:
    """Draw what happened in lanes by kind, the deadline and the day itself as lines."""
    lanes = [lane for lane in LANES if any(event.lane == lane for event in events)]
    marks = ((deadline, "deadline", "dash", 16),) if deadline else ()
    days = [(f"{day:%Y-%m-%d}", *rest) for day, *rest in (*marks, (as_of, "this day", "dot", 0))]
    frame = layout(dark, height=90 + 44 * len(lanes)) | {
        "showlegend": False,
        "margin": {"l": 0, "r": 0, "t": 40, "b": 0},
        "xaxis": {
            "showgrid": True, "gridcolor": GRID[dark], "fixedrange": True, "automargin": True,
        },
        "yaxis": {
            "categoryorder": "array", "categoryarray": [LANES[lane] for lane in lanes][::-1],
            "fixedrange": True, "automargin": True, "gridcolor": GRID[dark],
        },
        "shapes": [_upright(day, dash, dark) for day, _, dash, _ in days],
        "annotations": [_dated(day, words, above) for day, words, _, above in days],
    }  # fmt: skip
    return go.Figure({"data": [_lane(lane, events, dark) for lane in lanes], "layout": frame})


def _lane(lane: str, events: Sequence[Event], dark: bool) -> dict[str, Any]:
    """The events of one kind; what ended is a cross."""
    in_lane = [event for event in events if event.lane == lane]
    return {
        "type": "scatter",
        "x": [event.day for event in in_lane],
        "y": [LANES[lane]] * len(in_lane),
        "mode": "markers",
        "marker": {
            "size": 11,
            "color": STAGE_COLORS["completed"][dark],
            "symbol": ["x" if event.ended else SYMBOLS[lane] for event in in_lane],
        },
        "customdata": [[event.when, written(event.words)] for event in in_lane],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
    }


def _upright(day: str, dash: str, dark: bool) -> dict[str, Any]:
    """A line across the lanes."""
    return {
        "type": "line", "x0": day, "x1": day, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain",
        "line": {"width": 1, "dash": dash, "color": INK[dark]},
    }  # fmt: skip


def _dated(day: str, words: str, above: int) -> dict[str, Any]:
    """What a line across the lanes is called, so many pixels above it."""
    return {
        "x": day, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": above, "text": words,
        "showarrow": False, "xanchor": "right", "font": {"size": 12},
    }  # fmt: skip


def outcomes(years: Sequence[dict[str, Any]], dark: bool = False) -> go.Figure:
    """Draw how calls ended, as shares of the calls of each year; what is unknown is a gap."""
    symbols = ("circle", "square", "diamond")
    lines = [
        {
            "type": "scatter",
            "x": [str(year["year"]) for year in years],
            "y": [whole_percent_of(year[column], year["mh_calls"]) for year in years],
            "name": label,
            "mode": "lines+markers",
            "line": {"width": 2.5, "color": STAGE_COLORS[ENDING_COLORS[column]][dark]},
            "marker": {"size": 8, "symbol": symbol},
            "hovertemplate": "%{y:.0f}%",
        }
        for (column, label), symbol in zip(ENDINGS.items(), symbols, strict=True)
    ]
    shares = {"tickformat": ".1~f", "ticksuffix": "%", "rangemode": "tozero"}
    return go.Figure({"data": lines, "layout": _time(dark, 280, shares, {"type": "category"})})
