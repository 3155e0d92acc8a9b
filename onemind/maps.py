"""What every map is drawn with: settings that keep the browser from asking another host."""

from __future__ import annotations

# Without this, Plotly asks a host of its own for outlines and draws nothing offline.
CONFIG = {
    "topojsonURL": 'data:application/json,{"type":"Topology","objects":{},"arcs":[]}#',
    "displayModeBar": False,
    "scrollZoom": False,
}
