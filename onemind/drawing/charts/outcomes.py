"""Charts of outcomes: shares of calls over time, both sides of a day, officers' ratings."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from onemind.drawing.charts.figure import layout, written
from onemind.drawing.palette import GRID, INK, STATUS_COLORS
from onemind.words import counted, percent_to_tenths, tenths_of_percent

DASHES = ("solid", "dot", "dash", "dashdot", "longdash")
MARKS = ("circle", "square", "diamond", "triangle-up", "x")
COLORS = ("met", "unclear", "not_met", "met", "unclear")
SPAN_DATES = {"month": "%B %Y", "quarter": "quarter from %B %Y", "year": "%Y"}


def over_time(
    lines: dict[str, pd.DataFrame], titles: dict[str, str], span: str, dark: bool = False
) -> go.Figure:
    """Draw a panel for each kind of `titles`, one over another, with a line for each frame
    (since, kind, share, number, calls, n): all departments, and perhaps one. A kind that nobody
    gave has no panel: an empty one makes up an axis.
    """
    titles = {kind: title for kind, title in titles.items() if _known(lines, kind)} or titles
    figure = make_subplots(
        rows=len(titles), cols=1, shared_xaxes=True, vertical_spacing=0.09,
        subplot_titles=[f"<b>{title}</b>, share of calls" for title in titles.values()],
    )  # fmt: skip
    for row, kind in enumerate(titles, start=1):
        for number, (label, frame) in enumerate(lines.items()):
            trace = _line(_with_gaps(frame, kind), label, number, span, dark)
            trace.update(showlegend=row == 1 and len(lines) > 1)
            figure.add_trace(trace, row=row, col=1)
    figure.update_layout(**layout(dark, height=60 + 170 * len(titles)))
    legend = {"orientation": "h", "y": -0.06, "yanchor": "top", "x": 0}
    figure.update_layout(margin={"l": 0, "r": 8, "t": 28, "b": 0}, legend=legend)
    figure.update_annotations(
        font={"size": 13, "color": INK[dark]}, x=0, xanchor="left", xref="paper"
    )
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True, type="date")
    figure.update_yaxes(
        gridcolor=GRID[dark], rangemode="tozero", tickformat=".1~f", ticksuffix="%", nticks=4,
        fixedrange=True, automargin=True, zeroline=False,
    )  # fmt: skip
    return figure


def _known(lines: dict[str, pd.DataFrame], kind: str) -> bool:
    return any(frame.loc[frame["kind"] == kind, "share"].notna().any() for frame in lines.values())


def _with_gaps(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return a kind's rows, with an empty one where it is not known: there the line breaks."""
    spans = pd.Index(frame["since"].sort_values().unique(), name="since")
    return frame[frame["kind"] == kind].set_index("since").reindex(spans).reset_index()


def _tenths(shares: pd.Series[float]) -> list[float | None]:
    """Shares in percent as they are written, so that no hover says 100% of nearly all."""
    return [tenths_of_percent(share) if share == share else None for share in shares]


def _line(rows: pd.DataFrame, label: str, number: int, span: str, dark: bool) -> go.Scatter:
    color = STATUS_COLORS[COLORS[number]][dark]
    return go.Scatter(
        x=rows["since"], y=_tenths(rows["share"]), name=written(label), legendgroup=label,
        mode="lines+markers",
        line={"width": 2.5, "dash": DASHES[number], "color": color},
        marker={"symbol": MARKS[number], "size": 6, "color": color},
        customdata=rows[["number", "calls", "n"]].to_numpy(),
        hovertemplate=f"{written(label)}, %{{x|{SPAN_DATES[span]}}}: %{{y:.1f}}%<br>"
        "%{customdata[0]:,} of %{customdata[1]:,} calls, "
        "%{customdata[2]:,} departments<extra></extra>",
    )  # fmt: skip


def both_sides(rows: pd.DataFrame, titles: dict[str, str], dark: bool = False) -> go.Figure:
    """Draw the shares before and after, with the departments and the calls behind each."""
    figure = go.Figure()
    most = max(rows["share"].max() if len(rows) else 0.1, 0.01)
    styles = (("after", "After", "met", ""), ("before", "Before", "not_reported", "/"))
    for side, label, color, pattern in styles:
        kept = rows[rows["side"] == side].set_index("kind").reindex(list(titles)[::-1]).dropna()
        figure.add_trace(
            go.Bar(
                orientation="h", name=label, y=[titles[kind] for kind in kept.index],
                x=kept["share"], text=_behind(kept), textposition="outside", cliponaxis=False,
                hoverinfo="skip",
                marker={"color": STATUS_COLORS[color][dark],
                        "pattern": {"shape": pattern, "size": 6}},
            )
        )  # fmt: skip
    figure.update_layout(**layout(dark, height=60 + 92 * len(titles)), bargap=0.3)
    figure.update_layout(
        barmode="group",
        legend={"orientation": "h", "y": 1.12, "x": 0, "traceorder": "reversed"},
    )
    figure.update_xaxes(visible=False, range=[0, most * 2], fixedrange=True)
    figure.update_yaxes(fixedrange=True, automargin=True, ticksuffix="  ")
    return figure


def _behind(rows: pd.DataFrame) -> list[str]:
    return [
        f"{percent_to_tenths(share)} of {int(calls):,} calls<br>{counted(int(n), 'department')}"
        for share, calls, n in zip(rows["share"], rows["calls"], rows["n"], strict=True)
    ]


def ratings(frame: pd.DataFrame, span: str, dark: bool = False) -> go.Figure:
    """Draw the share of officers who called each course beneficial, over time."""
    figure = go.Figure()
    for number, course in enumerate(sorted(frame["course"].unique())):
        rows = frame[frame["course"] == course]
        color = STATUS_COLORS[COLORS[number % len(COLORS)]][dark]
        figure.add_trace(
            go.Scatter(
                x=rows["since"], y=_tenths(rows["share"]), name=course, mode="lines+markers",
                line={"width": 2.5, "dash": DASHES[number % len(DASHES)], "color": color},
                marker={"symbol": MARKS[number % len(MARKS)], "size": 6, "color": color},
                customdata=rows[["rated_beneficial", "responses"]].to_numpy(),
                hovertemplate=f"{course}, %{{x|{SPAN_DATES[span]}}}: %{{y:.1f}}%<br>"
                "%{customdata[0]:,} of %{customdata[1]:,} officers<extra></extra>",
            )
        )  # fmt: skip
    figure.update_layout(**layout(dark, height=300))
    figure.update_layout(legend={"orientation": "h", "y": 1.14, "x": 0})
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True, type="date")
    figure.update_yaxes(
        gridcolor=GRID[dark], ticksuffix="%", range=[0, 104], fixedrange=True, automargin=True
    )
    return figure
