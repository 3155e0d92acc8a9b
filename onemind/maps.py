"""Maps in SVG, drawn with no internet: departments as points over the counties of their states."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from onemind.boundaries import Atlas
from onemind.charts import layout
from onemind.headline import STAGES
from onemind.palette import BORDER, INK, LAND, STAGE_COLOURS, STAGE_SYMBOLS
from onemind.settings import BOUNDARIES

# Without this, Plotly asks a host of its own for outlines and draws nothing offline.
CONFIG = {
    "topojsonURL": 'data:application/json,{"type":"Topology","objects":{},"arcs":[]}#',
    "displayModeBar": False,
    "scrollZoom": False,
}
SHIPPED = Atlas(BOUNDARIES)


def points(progress: pd.DataFrame, places: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw each department of `progress` where `places` puts it, by stage."""
    drawn = progress.merge(places, on="department_id").dropna(subset=["latitude", "longitude"])
    figure = go.Figure()
    for state in sorted(drawn["state"].unique()):
        figure.add_trace(_outline(state, dark))
    for stage, label in reversed(STAGES.items()):
        rows = drawn[drawn["stage"] == stage]
        if len(rows):
            figure.add_trace(_points(rows, stage, label, dark))
    figure.update_geos(**_frame(drawn))
    figure.update_layout(**layout(dark, height=460), hoverdistance=4, dragmode=False)
    figure.update_layout(legend={"orientation": "h", "y": -0.02, "itemsizing": "constant"})
    return figure


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


def _outline(state: str, dark: bool) -> go.Choropleth:
    shapes = SHIPPED.shapes("county", state)
    return go.Choropleth(
        geojson=SHIPPED.address("county", state),
        locations=[shape.id for shape in shapes],
        z=[0] * len(shapes),
        colorscale=[[0, LAND[dark]], [1, LAND[dark]]],
        marker={"line": {"color": BORDER[dark], "width": 0.7}},
        showscale=False,
        showlegend=False,
        hoverinfo="skip",
    )


def _points(rows: pd.DataFrame, stage: str, label: str, dark: bool) -> go.Scattergeo:
    return go.Scattergeo(
        lat=rows["latitude"],
        lon=rows["longitude"],
        name=f"{label} ({len(rows):,})",
        customdata=rows[["department_id"]].to_numpy(),
        text=rows["name"],
        hovertemplate="%{text}<br>" + label + "<extra></extra>",
        marker={
            "color": STAGE_COLOURS[stage][dark],
            "symbol": STAGE_SYMBOLS[stage],
            "size": 8,
            "line": {"width": 0.6, "color": INK[not dark]},
        },
    )
