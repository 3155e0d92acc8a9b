"""The map: areas and points by stage, or states by the share that pledged; and its table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from onemind import metrics
from onemind.drawing import maps
from onemind.drawing.maps.drawn import Drawn, Seen, whereabouts
from onemind.drawing.maps.legend import classes
from onemind.drawing.maps.rows import Coloring
from onemind.metrics import MetricName
from onemind.site import figures, frame, pages
from onemind.site.edition import Edition

OUTLINES, COLOR = "data/outlines.js", MetricName.PLEDGED_SHARE  # of states; others are by stage
TALL, SMALL = 560, 460  # pixels
BELOW = "The table below has the same information."
ELSEWHERE = "The table on the Map page has the same information."


@dataclass(frozen=True)
class Map:
    """A map for a page: its sentence, the chart, its legend on light and dark, what is missing."""

    title: str
    chart: figures.Chart
    legends: tuple[str, str]
    remarks: tuple[str, ...]
    color: str


def drawn(edition: Edition) -> Drawn:
    """Return what the map shows."""
    return edition.once("map", lambda: _drawn(edition))


def _drawn(edition: Edition) -> Drawn:
    progress, atlas = edition.progress, edition.atlas
    where = whereabouts(progress, progress, (), False, atlas)
    if where.level == "county" and atlas.has("municipality", where.state or ""):
        where = replace(where, level="municipality")
    seen = Seen(progress, progress, edition.points, edition.scope)
    return maps.drawn.drawn(where, atlas, seen, _coloring(edition, where.level))


def _coloring(edition: Edition, level: str) -> Coloring:
    if level != "state":
        return Coloring()
    values = edition.query(COLOR, "state").rename(columns={"state": "key"})
    declared = metrics.metric(COLOR)
    return Coloring(declared, values, classes(declared, values["value"]))


def outlines(edition: Edition) -> bytes:
    """Return the script with the outlines that the map draws."""
    return figures.outlines(_figure(edition), edition.atlas).encode()


def _figure(edition: Edition) -> Any:
    drawing, atlas = drawn(edition), edition.atlas
    return edition.once(
        "map figure",
        lambda: maps.areas.draw(drawing.place, atlas, drawing.rows, drawing.looks, False, TALL),
    )


def small(edition: Edition) -> Map:
    """Return the map as a part of a page."""
    same = ELSEWHERE if "Map" in edition.files else ""
    missing = maps.wording.missing(drawn(edition).rows)
    return _map(edition, SMALL, same, [missing] if missing else [])


def _map(edition: Edition, most: int, same: str, remarks: list[str]) -> Map:
    """Return the map, at most so high, with where the same is to be read."""
    drawing, metric = drawn(edition), drawn(edition).coloring.metric
    overall = None if metric is None else edition.query(metric.name).iloc[0].to_dict()
    title = maps.drawn.say(drawing, edition.progress, overall)
    alt = maps.wording.alternative(title, drawing.rows, drawing.looks, same)
    chart = figures.chart(_figure(edition), alt, OUTLINES, most)
    light, dark = (maps.wording.legend(drawing.rows, drawing.looks, dark) for dark in (False, True))
    color = metric.label if metric else "Stage"
    return Map(title, chart, (light, dark), tuple(remarks), color)


def page(edition: Edition, path: str, links: dict[str, str]) -> bytes:
    """Return the Map page."""
    drawing = drawn(edition)
    rows = maps.drawn.listed(drawing)
    metric, remarks = drawing.coloring.metric, maps.drawn.remarks(drawing, edition.atlas)
    table = pages.table(
        maps.drawn.table(drawing, rows),
        f"{drawing.place.name}: what the map shows",
        [links.get(key, "") if opens == "department" else ""
         for opens, key in zip(rows["opens"], rows["key"], strict=True)],
        (metric.label,) if metric and metric.is_share else (),
    )  # fmt: skip
    return frame.framed(
        edition, "map.html", path, f"Map: {drawing.place.name}", "Map",
        published=frame.published(edition), map=_map(edition, TALL, BELOW, remarks), table=table,
        definitions=frame.definitions(*((metric.name,) if metric else ())),
    )  # fmt: skip
