"""A map of areas and points by their looks: SVG, no tiles, nothing asked of another host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from onemind.drawing.charts.figure import layout
from onemind.drawing.maps.frame import Box, albers, box_of, height, spacing, window
from onemind.drawing.maps.legend import PLAIN, SILENT, UNKNOWN, Look
from onemind.drawing.maps.place import Place
from onemind.drawing.palette import BORDER, INK
from onemind.geography import Atlas, Shape, hatching

SLOPES = {"diagonal": 1.0, "level": 0.0}
FEW = 90  # so many areas carry their symbols; more would be a crowd
CALM = {"marker": {"opacity": 1}}  # a click opens something: it does not dim the rest


def draw(
    place: Place,
    atlas: Atlas,
    rows: pd.DataFrame,
    looks: Sequence[Look],
    dark: bool = False,
    most: int = 560,
) -> go.Figure:
    """Draw the rows of `rows`: areas first, then hatching and marks, points on top."""
    shapes = {shape.id: shape for shape in atlas.shapes(place.level, place.owner)}
    areas, points = rows[rows["shape"].notna()], located(rows)
    ground = () if place.level != "municipality" else _ground(place, atlas)
    figure = go.Figure()
    if ground:
        figure.add_trace(_background(place, atlas, ground, dark))
    for look in looks:
        if len(part := areas[areas["look"] == look.key]):
            figure.add_trace(_filled(place, atlas, part, look, dark))
    box = box_of([*ground, *(shapes[item] for item in areas["shape"])], points)
    figure.add_traces([*_patterns(areas, looks, shapes, box, dark), *_marks(areas, looks, dark)])
    figure.add_traces(list(_dots(points, looks, dark)))
    figure.update_geos(**(albers() if place.level == "state" else window(box)))
    size = min(most, 480) if place.level == "state" else height(box, most)
    figure.update_layout(**layout(dark, height=size), hoverdistance=4, dragmode=False)
    figure.update_layout(showlegend=False)
    return figure


def located(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are points and have a place."""
    return rows[rows["shape"].isna() & rows["latitude"].notna()]


def _ground(place: Place, atlas: Atlas) -> tuple[Shape, ...]:
    """The counties that lie under towns."""
    counties = atlas.shapes("county", place.state or "")
    return tuple(shape for shape in counties if place.county in (None, shape.name))


def _background(place: Place, atlas: Atlas, shapes: Iterable[Shape], dark: bool) -> go.Choropleth:
    ids = [shape.id for shape in shapes]
    return go.Choropleth(
        geojson=atlas.address("county", place.state or ""),
        locations=ids,
        z=[0] * len(ids),
        hoverinfo="skip",
        **_paint(PLAIN, dark),
    )


def _filled(
    place: Place, atlas: Atlas, part: pd.DataFrame, look: Look, dark: bool
) -> go.Choropleth:
    return go.Choropleth(
        geojson=atlas.address(place.level, place.owner),
        locations=part["shape"],
        z=[0] * len(part),
        name=look.label,
        **_answers(part),
        **_paint(look, dark),
        selected=CALM,
        unselected=CALM,
    )


def _answers(part: pd.DataFrame) -> dict[str, Any]:
    """What a drawing says when pointed at, and what a click on it opens."""
    return {
        "text": part["words"],
        "customdata": part[["opens", "key"]].to_numpy(),
        "hovertemplate": "%{text}<extra></extra>",
    }


def _paint(look: Look, dark: bool) -> dict[str, Any]:
    """One color, and a border that shows on it: pale on strong colors."""
    color = look.ground[dark]
    border = BORDER[dark] if look in (PLAIN, *UNKNOWN) else INK[not dark]
    return {
        "colorscale": [[0, color], [1, color]],
        "marker": {"line": {"color": border, "width": 0.7}},
        "showscale": False,
    }


def _patterns(
    areas: pd.DataFrame, looks: Sequence[Look], shapes: dict[str, Shape], box: Box, dark: bool
) -> Iterator[go.Scattergeo]:
    for look in (*looks, SILENT):
        silent = areas["silent"].eq(True) if look is SILENT else areas["look"].eq(look.key)
        drawn = [shapes[item] for item in areas.loc[silent, "shape"]] if look.hatch else []
        if drawn:
            yield _hatched(look, drawn, box, dark)


def _hatched(look: Look, shapes: Iterable[Shape], box: Box, dark: bool) -> go.Scattergeo:
    polygons = [polygon for shape in shapes for polygon in shape.polygons]
    latitudes: list[float | None] = []
    longitudes: list[float | None] = []
    for start, end in hatching(polygons, spacing(box), SLOPES[look.hatch]):
        longitudes += [round(start[0], 4), round(end[0], 4), None]
        latitudes += [round(start[1], 4), round(end[1], 4), None]
    return go.Scattergeo(
        lat=latitudes,
        lon=longitudes,
        mode="lines",
        name=look.label,
        line={"width": 0.8, "color": INK[dark]},
        opacity=0.6,
        hoverinfo="skip",
    )


def _marks(areas: pd.DataFrame, looks: Sequence[Look], dark: bool) -> Iterator[go.Scattergeo]:
    """The symbol of its look in the middle of each area, where color alone would not do."""
    for look in looks:
        part = areas[areas["look"] == look.key]
        shown = look.marked or (len(areas) <= FEW and look.symbol != "circle")
        if len(part) and shown and not look.hatch:
            yield _symbols(part, look, dark, size=5, hoverinfo="skip", color=INK[dark], opacity=0.6)


def _dots(points: pd.DataFrame, looks: Sequence[Look], dark: bool) -> Iterator[go.Scattergeo]:
    for look in reversed(looks):
        part = points[points["look"] == look.key]
        if len(part):
            yield _symbols(part, look, dark, size=9, **_answers(part))
    silent = points[points["silent"].eq(True)]
    if len(silent):
        yield _symbols(silent, SILENT, dark, size=13, hoverinfo="skip", color=INK[dark])


def _symbols(
    part: pd.DataFrame, look: Look, dark: bool, size: int, color: str = "", **more: Any
) -> go.Scattergeo:
    opened = look.symbol.endswith("-open")
    ink = color or look.color[dark]
    edge = ink if opened or color else INK[dark if look.in_class else not dark]
    return go.Scattergeo(
        lat=part["latitude"],
        lon=part["longitude"],
        mode="markers",
        name=look.label,
        marker={
            "color": ink,
            "symbol": look.symbol,
            "size": size,
            "line": {"width": 1.2 if opened else 0.6, "color": edge},
        },
        selected=CALM,
        unselected=CALM,
        **more,
    )
