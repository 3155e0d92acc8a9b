"""The map of partners: organizations as points over counties, and lines to one's departments."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from onemind.campaign import PARTNER_KINDS
from onemind.drawing.charts.figure import layout, written
from onemind.drawing.palette import BORDER, INK, LAND, STATUS_COLORS
from onemind.geography import NATION, Atlas
from onemind.settings import BOUNDARIES

SHIPPED = Atlas(BOUNDARIES)
MOST, FEW = 1500, 3  # points that SVG draws briskly; states whose counties are drawn
SYMBOLS = {
    "community_behavioral_health": "circle",
    "hospital": "cross",
    "nami": "star",
    "recovery_coalition": "diamond",
    "court": "square",
    "school": "triangle-up",
    "council_on_aging": "hexagon",
    "other": "x",
}


def points(partners: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw each organization of `tables.partners.partners` that has a place, by kind; those that
    work with no department in view now are open. Of very many, the first MOST are drawn, and over
    more than a few states the states' outlines.
    """
    drawn = partners.dropna(subset=["latitude", "longitude"]).head(MOST)
    figure = go.Figure()
    states = sorted(drawn["state"].dropna().unique())
    levels = [("county", state) for state in states] if len(states) <= FEW else [("state", NATION)]
    for level, state in levels:
        figure.add_trace(_outline(level, state, dark))
    for kind, label in PARTNER_KINDS.items():
        rows = drawn[drawn["kind"] == kind]
        if len(rows):
            figure.add_trace(_points(rows, kind, label, dark))
    figure.update_geos(**_frame(drawn))
    figure.update_layout(**layout(dark, height=470), hoverdistance=4, dragmode=False)
    figure.update_layout(legend={"orientation": "h", "y": -0.02, "itemsizing": "constant"})
    return figure


def spokes(
    figure: go.Figure, partner: dict[str, Any], departments: pd.DataFrame, dark: bool = False
) -> go.Figure:
    """Add lines from one organization to the departments it works with (latitude, longitude)."""
    places = departments.dropna(subset=["latitude", "longitude"])
    if pd.isna(partner["latitude"]) or places.empty:
        return figure
    ends = list(zip(places["latitude"], places["longitude"], strict=True))
    line = {"width": 1.5, "color": INK[dark]}
    figure.add_trace(
        go.Scattergeo(
            lat=[value for lat, _ in ends for value in (partner["latitude"], lat, None)],
            lon=[value for _, lon in ends for value in (partner["longitude"], lon, None)],
            mode="lines", line=line, hoverinfo="skip", name=f"Departments of {partner['name']}",
            showlegend=False,
        )
    )  # fmt: skip
    return figure


def _outline(level: str, state: str, dark: bool) -> go.Choropleth:
    shapes = SHIPPED.shapes(level, state)
    return go.Choropleth(
        geojson=SHIPPED.address(level, state),
        locations=[shape.id for shape in shapes],
        z=[0] * len(shapes),
        colorscale=[[0, LAND[dark]], [1, LAND[dark]]],
        marker={"line": {"color": BORDER[dark], "width": 0.7}},
        showscale=False,
        showlegend=False,
        hoverinfo="skip",
    )


def _points(rows: pd.DataFrame, kind: str, label: str, dark: bool) -> go.Scattergeo:
    symbol = SYMBOLS[kind]
    return go.Scattergeo(
        lat=rows["latitude"],
        lon=rows["longitude"],
        name=f"{label} ({len(rows):,})",
        customdata=rows[["partner_id", "departments"]].to_numpy(),
        text=rows["name"].map(written),
        hovertemplate="%{text}<br>%{customdata[1]:,} departments now<extra></extra>",
        marker={
            "color": STATUS_COLORS["met"][dark],
            "symbol": [symbol if count else f"{symbol}-open" for count in rows["departments"]],
            "size": [8 + min(3 * count**0.5, 14) for count in rows["departments"]],
            "line": {"width": 1, "color": INK[not dark]},
        },
    )


def _frame(drawn: pd.DataFrame) -> dict[str, Any]:
    """Show all points with a little room around them: a state close up, several on Albers USA."""
    frame = {"visible": False, "bgcolor": "rgba(0,0,0,0)"}
    if drawn["state"].nunique() > 1:
        return frame | {"scope": "usa", "projection_type": "albers usa"}
    if drawn.empty:
        return frame
    north, east = drawn["latitude"].max(), drawn["longitude"].max()
    south, west = drawn["latitude"].min(), drawn["longitude"].min()
    room = max(0.08 * (north - south), 0.08 * (east - west), 0.1)
    return frame | {
        "projection_type": "mercator",
        "lataxis_range": [south - room, north + room],
        "lonaxis_range": [west - room, east + room],
    }
