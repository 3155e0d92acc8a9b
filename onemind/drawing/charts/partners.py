"""Charts of partners: which kinds of organization do which kind of work."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from onemind.campaign import PARTNER_KINDS, PARTNERSHIP_KINDS
from onemind.drawing.charts.figure import layout
from onemind.drawing.palette import GRID, INK, STATUS_COLORS


def pairs(frame: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw `tables.partners.pairs` as a grid: a disc by the number of partnerships, and the
    number in it.
    """
    rows = frame[frame["organization"].isin(PARTNER_KINDS) & frame["work"].isin(PARTNERSHIP_KINDS)]
    works, kinds = list(PARTNERSHIP_KINDS.values()), list(PARTNER_KINDS.values())
    figure = go.Figure(_discs(rows, dark))
    figure.update_layout(**layout(dark, height=60 + 36 * len(PARTNER_KINDS)))
    figure.update_xaxes(
        type="category", categoryorder="array", categoryarray=works, side="top",
        range=[-0.5, len(works) - 0.5], tickangle=0, tickvals=works,
        ticktext=[label.replace(" ", "<br>").replace("-", "-<br>") for label in works],
        tickfont={"size": 11}, showgrid=False, fixedrange=True, automargin=True,
    )  # fmt: skip
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=kinds[::-1],
        tickvals=kinds, ticktext=[_in_two(label) for label in kinds],
        range=[-0.6, len(kinds) - 0.4], gridcolor=GRID[dark], fixedrange=True, automargin=True,
    )  # fmt: skip
    return figure


def _in_two(label: str) -> str:
    """A label of several words on two lines: a phone has room for columns and not for words."""
    first, _, rest = label.partition(" ")
    return f"{first}<br>{rest}" if rest else first


def _discs(rows: pd.DataFrame, dark: bool) -> go.Scatter:
    most = max(rows["partnerships"].max() if len(rows) else 1, 1)
    return go.Scatter(
        x=[PARTNERSHIP_KINDS[kind] for kind in rows["work"]],
        y=[PARTNER_KINDS[kind] for kind in rows["organization"]],
        mode="markers+text",
        text=[f"{count:,}" for count in rows["partnerships"]],
        textposition="middle center",
        textfont={"color": INK[not dark], "size": 12},
        cliponaxis=False,
        customdata=rows[["partnerships", "departments"]].to_numpy(),
        hovertemplate="%{y}, %{x}: %{customdata[0]:,} partnerships of "
        "%{customdata[1]:,} departments<extra></extra>",
        marker={
            "color": STATUS_COLORS["met"][dark],
            "size": [20 + 14 * (count / most) ** 0.5 for count in rows["partnerships"]],
            "line": {"width": 0},
        },
    )
