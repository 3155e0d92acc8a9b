"""The story of the pledges: how many, when many came at once, and when those were due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from onemind.drawing.charts.figure import layout
from onemind.drawing.palette import GRID, INK, QUIET, STAGE_COLORS
from onemind.words import short_day

MANY_AT_ONCE = 20


@dataclass(frozen=True)
class Surge:
    """A day on which many departments pledged: how many, how many had before, when it is due."""

    day: date
    count: int
    before: int
    due_on: date | None

    @property
    def words(self) -> str:
        """What happened, as far as the numbers say it."""
        sentence = f"{self.count:,} departments in one day"
        if not self.before:
            return sentence
        after = self.before + self.count
        if 1.9 <= after / self.before <= 2.1:
            return f"{sentence}, doubling the total"
        return f"{sentence}: from {self.before:,} to {after:,}"


def surge(pledges: pd.DataFrame, stages: pd.DataFrame) -> Surge | None:
    """Return the day on which most departments pledged, if they were many.

    `pledges` are all pledges made by the day, `stages` say when those in force are due.
    """
    counts = pledges["pledged_on"].value_counts()
    if counts.empty or counts.iloc[0] < MANY_AT_ONCE:
        return None
    day = counts.index[0]
    earlier = pledges[pledges["pledged_on"] < day]
    due = stages.loc[stages["pledged_on"] == day, "deadline_on"].dropna()
    return Surge(
        day, int(counts.iloc[0]), earlier["department_id"].nunique(),
        due.iloc[0] if len(due) else None,
    )  # fmt: skip


def cumulative(
    pledged: pd.DataFrame, completed: pd.DataFrame, surge: Surge | None, dark: bool = False
) -> go.Figure:
    """Draw departments pledged and completed at each month's end, with the surge and its deadline.

    The frames have `month` and `value`.
    """
    figure = go.Figure()
    figure.add_trace(_line("Pledged", pledged, STAGE_COLORS["in_progress"][dark], "solid"))
    figure.add_trace(_line("Completed", completed, STAGE_COLORS["completed"][dark], "dot"))
    figure.update_layout(**layout(dark, height=300), hovermode="x unified", showlegend=False)
    figure.update_layout(margin={"l": 0, "r": 92, "t": 44, "b": 0})
    figure.update_xaxes(showgrid=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=GRID[dark], rangemode="tozero", fixedrange=True, automargin=True)
    if surge:
        _mark(figure, surge.day, f"{short_day(surge.day)}<br>{surge.words}", 1, dark)
        if surge.due_on and str(surge.due_on) <= _last_day(pledged):
            _mark(figure, surge.due_on, f"{short_day(surge.due_on)}<br>their deadline", 0.4, dark)
    return figure


def _line(label: str, frame: pd.DataFrame, color: str, dash: str) -> go.Scatter:
    """Return a line that is named at its end, and needs no legend."""
    last = len(frame) - 1
    return go.Scatter(
        x=frame["month"],
        y=frame["value"],
        name=label,
        mode="lines+text",
        text=[f" {label} {value:,}" if n == last else "" for n, value in enumerate(frame["value"])],
        textposition="middle right",
        textfont={"color": color},
        cliponaxis=False,
        line={"width": 2.5, "color": color, "dash": dash},
        hovertemplate="%{x|%B %Y}: %{y:,}",
    )


def _mark(figure: go.Figure, day: date, words: str, height: float, dark: bool) -> None:
    figure.add_vline(x=f"{day}", line={"width": 1, "dash": "dash", "color": INK[dark]})
    figure.add_annotation(
        x=f"{day}", y=height, yref="paper", yanchor="bottom", text=words, showarrow=False,
        xanchor="left", xshift=5, align="left", font={"size": 12, "color": QUIET[dark]},
    )  # fmt: skip


def _last_day(frame: pd.DataFrame) -> str:
    return f"{frame['month'].iloc[-1]}-31" if len(frame) else ""
