"""Charts of training over time: small lines, certificates ending, forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from onemind.drawing.charts.completion import short
from onemind.drawing.charts.figure import layout, percents, written
from onemind.drawing.palette import GRID, INK, STATUS_COLORS
from onemind.words import percent, whole_percent

ACROSS = 3
LINES = (("mhfa_share", "MHFA", "met", "solid"), ("cit_share", "CIT", "unclear", "dot"))
OUTLOOKS = (
    (True, "Finished after the deadline", "not_met", "circle-open"),
    (False, "Finished by the deadline, or no deadline", "met", "circle"),
)
BAR = 24 * 86_400_000  # milliseconds: without it a month that stands alone is a hairline


def small_lines(frame: pd.DataFrame, group: str, names: list[str], dark: bool = False) -> go.Figure:
    """Draw MHFA and CIT over the months, a small panel for each of `names`, all on the same axes.

    The frame has the group's column, month, mhfa_share, cit_share, and perhaps `behind`: words.
    """
    down = -(-len(names) // ACROSS)
    grid = make_subplots(
        rows=down, cols=ACROSS, shared_xaxes=True, shared_yaxes=True, horizontal_spacing=0.03,
        vertical_spacing=min(0.28 / down, 0.2),
        subplot_titles=[_panel(frame, group, name) for name in names],
    ).to_plotly_json()["layout"]  # fmt: skip
    lines = [
        line
        for number, name in enumerate(names)
        for line in _pair(frame[frame[group] == name].sort_values("month"), name, number, dark)
    ]
    return go.Figure({"data": lines, "layout": _panels(grid, down, dark)})


def _pair(rows: pd.DataFrame, name: str, number: int, dark: bool) -> Iterator[dict[str, Any]]:
    """The two lines of a panel, as plain values: a figure of many is put together at once."""
    behind = [[words] for words in rows["behind"]] if "behind" in rows else [[""]] * len(rows)
    place = str(number + 1) if number else ""
    for column, label, color, dash in LINES:
        yield {
            "type": "scatter", "x": list(rows["month"]), "y": _whole(rows[column]),
            "mode": "lines", "name": label, "legendgroup": label, "showlegend": number == 0,
            "line": {"width": 2, "dash": dash, "color": STATUS_COLORS[color][dark]},
            "customdata": behind, "hovertemplate": f"{written(name)}, "
            f"%{{x|%b %Y}}: %{{y}}% {label}<br>%{{customdata[0]}}<extra></extra>",
            "xaxis": f"x{place}", "yaxis": f"y{place}",
        }  # fmt: skip


def _whole(shares: pd.Series[float]) -> list[int | None]:
    """Shares at their whole percent, so that no hover says 100% of nearly all."""
    return [whole_percent(share) if share == share else None for share in shares]


def _panel(frame: pd.DataFrame, group: str, name: str) -> str:
    last = frame[frame[group] == name].sort_values("month")["mhfa_share"].dropna()
    return f"{short(name, 18)} " + (percent(last.iloc[-1]) if len(last) else "–")


def _panels(grid: dict[str, Any], down: int, dark: bool) -> dict[str, Any]:
    """The layout of all panels, of the grid that they stand in."""
    axes = {
        "x": {
            "showgrid": False, "fixedrange": True, "tickformat": "%Y", "nticks": 5,
            "type": "date", "automargin": True,
        },
        "y": {
            "range": [0, 104], **percents(0, 20, 100), "gridcolor": GRID[dark],
            "fixedrange": True, "zeroline": False, "automargin": True,
        },
    }  # fmt: skip
    styled = {name: item | axes[name[0]] for name, item in grid.items() if name[1:5] == "axis"}
    titles = [item | {"font": {"size": 12, "color": INK[dark]}} for item in grid["annotations"]]
    return (
        layout(dark, height=70 + 125 * down)
        | styled
        | {
            "annotations": titles,
            "margin": {"l": 0, "r": 0, "t": 48, "b": 0},
            "legend": {"orientation": "h", "y": 1, "yref": "container", "yanchor": "top", "x": 0},
        }
    )


def expiries(frame: pd.DataFrame, as_of: date, soon_days: int, dark: bool = False) -> go.Figure:
    """Draw the officers whose certificates end, a bar a month; those within the days open to
    recertify are hatched.
    """
    months = pd.to_datetime(frame["month"])
    soon = months < pd.Timestamp(as_of) + pd.Timedelta(days=soon_days)
    figure = go.Figure()
    for kept, words, color, pattern in (
        (soon, f"Recertification open (expires within {soon_days} days)", "unclear", "/"),
        (~soon, "Ends later", "met", ""),
    ):
        rows = frame[kept]
        if len(rows):
            figure.add_trace(_ending(rows, words, STATUS_COLORS[color][dark], pattern))
    figure.update_layout(**layout(dark, height=300), bargap=0.2, barmode="stack")
    figure.update_layout(legend={"orientation": "h", "y": 1.14, "x": 0})
    first = pd.Timestamp(as_of).replace(day=1)
    figure.update_xaxes(
        range=[first - pd.Timedelta(days=16), first + pd.DateOffset(months=24)], dtick="M3",
        tickformat="%b<br>%Y", fixedrange=True, showgrid=False, automargin=True,
    )  # fmt: skip
    figure.update_yaxes(gridcolor=GRID[dark], fixedrange=True, automargin=True, rangemode="tozero")
    return figure


def _ending(rows: pd.DataFrame, words: str, color: str, pattern: str) -> go.Bar:
    marker: dict[str, Any] = {"color": color, "pattern": {"shape": pattern, "size": 6}}
    return go.Bar(
        x=rows["month"], y=rows["officers"], name=words, marker=marker, width=BAR,
        customdata=rows[["departments"]].to_numpy(),
        hovertemplate="%{x|%B %Y}: %{y:,} officers, %{customdata[0]:,} departments<extra></extra>",
    )  # fmt: skip


def forecast(rows: pd.DataFrame, as_of: date, dark: bool = False) -> go.Figure:
    """Draw when each department would be done at its pace, give or take, against its deadline."""
    marked = rows.assign(place=range(len(rows)))
    figure = go.Figure(_give_or_take(marked, dark))
    for late, words, status, symbol in OUTLOOKS:
        group = marked[marked["outlook"].eq("late") == late]
        if len(group):
            color = STATUS_COLORS[status][dark]
            figure.add_trace(_dots(group, "projected_on", words, symbol, color))
    figure.add_trace(_dots(marked, "deadline_on", "Deadline", "line-ns-open", INK[dark]))
    figure.add_vline(x=f"{as_of:%Y-%m-%d}", line={"width": 1, "dash": "dot", "color": INK[dark]})
    figure.update_layout(**layout(dark, height=100 + 24 * len(rows)))
    figure.update_layout(
        margin={"l": 0, "r": 12, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(gridcolor=GRID[dark], fixedrange=True, type="date", automargin=True)
    figure.update_yaxes(
        range=[len(rows) - 0.4, -0.6], tickvals=marked["place"], fixedrange=True, automargin=True,
        ticktext=[short(name) for name in rows["name"]], gridcolor=GRID[dark], zeroline=False,
    )  # fmt: skip
    return figure


def _give_or_take(rows: pd.DataFrame, dark: bool) -> go.Scatter:
    ends = zip(rows["earliest_on"], rows["latest_on"], strict=True)
    return go.Scatter(
        x=[day for early, late in ends for day in (early, late, None)],
        y=[value for place in rows["place"] for value in (place, place, None)],
        mode="lines",
        name="Give or take",
        hoverinfo="skip",
        line={"width": 5, "color": STATUS_COLORS["not_reported"][dark]},
    )


def _dots(rows: pd.DataFrame, column: str, words: str, symbol: str, color: str) -> go.Scatter:
    line = {"width": 2.5, "color": color}
    return go.Scatter(
        x=rows[column], y=rows["place"], mode="markers", name=words, text=rows["name"].map(written),
        hovertemplate="%{text}: %{x|%B %Y} · " + words + "<extra></extra>",
        marker={"symbol": symbol, "size": 11, "color": color, "line": line},
    )  # fmt: skip
