"""What a map draws and the table beside it lists: one row an area, or a department as a point.

Columns ROWS: `shape` is the outline's id (None: a point, or what can't be drawn), `look` a key of
the legend, `opens` what a click leads to ("state", "county" or "department", else "").
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from onemind.campaign import STAGES
from onemind.drawing.maps.legend import Classes
from onemind.drawing.maps.place import BEYOND, Place, counties, towns
from onemind.geography import Atlas, Shape, county_name, state_name
from onemind.metrics import Metric
from onemind.words import percent

ROWS = (
    "shape", "name", "look", "silent", "value", "n", "m", "departments", "pledged", "completed",
    "overdue", "kind", "words", "opens", "key", "latitude", "longitude", "placed_by",
)  # fmt: skip
COUNTED = ("departments", "pledged", "completed", "overdue")


@dataclass(frozen=True)
class Coloring:
    """What a map is colored by: a metric in classes with its values, or stages (no metric).

    `values` has the columns key, value, n, m: by area, or by department_id among towns.
    """

    metric: Metric | None = None
    values: pd.DataFrame | None = None
    classes: Classes | None = None

    def known(self) -> dict[str, dict[Any, Any]]:
        """Return value, n and m by key; empty for stages."""
        if self.values is None:
            return {}
        rows = self.values.dropna(subset=["key"]).set_index("key")
        return {str(key): dict(row) for key, row in rows.to_dict("index").items()}

    def look(self, value: object, pledged: bool) -> str:
        """Return the key of the look of a value, or of not knowing one."""
        if self.classes and isinstance(value, int | float) and not math.isnan(value):
            return self.classes.look(value).key
        return "not_reported" if pledged else "not_pledged"

    def said(self, values: dict[str, Any] | None) -> str:
        """Say a value with what is behind it: "MHFA, share of sworn: 55% (32 of 60 reported)"."""
        if self.metric is None or values is None:
            return ""
        sentence = f"{self.metric.label}: {shown(self.metric, values['value'])}"
        if values["m"] == 1 or values["n"] == values["m"]:
            return sentence
        return f"{sentence} ({values['n']:,} of {values['m']:,} reported)"


def shown(metric: Metric, value: object) -> str:
    """Return a value as text, a share in whole percent rounded down: 100% means all."""
    if not isinstance(value, int | float) or math.isnan(value):
        return "not reported"
    return percent(value) if metric.is_share else f"{value:,.0f}"


def areas(place: Place, atlas: Atlas, progress: pd.DataFrame, coloring: Coloring) -> pd.DataFrame:
    """Return a row for each state, or each county of a state, that is drawn or has departments."""
    keys = progress["state"] if place.level == "state" else counties(progress, place.state or "")
    counts, known = tally(progress, keys), coloring.known()
    shapes = {_key(place, shape): shape for shape in atlas.shapes(place.level, place.owner)}
    if place.level == "state":
        shapes = {key: shape for key, shape in shapes.items() if key not in BEYOND}
    rows = [
        _area(place, key, shapes.get(key), counts.get(key), known.get(key), coloring)
        for key in sorted({*shapes, *counts})
    ]
    return pd.DataFrame(rows, columns=list(ROWS))


def tally(progress: pd.DataFrame, keys: pd.Series[str]) -> dict[str, dict[str, int]]:
    """Return how many departments of each key there are, pledged, completed and overdue."""
    flags = pd.DataFrame(
        {
            "departments": 1,
            "pledged": progress["pledged_on"].notna().astype(int),
            "completed": progress["stage"].eq("completed").astype(int),
            "overdue": progress["stage"].eq("overdue").astype(int),
        },
        index=progress.index,
    )
    counted = flags.groupby(keys).sum().to_dict("index")
    return {
        str(key): {str(name): count for name, count in row.items()} for key, row in counted.items()
    }


def _key(place: Place, shape: Shape) -> str:
    return shape.id if place.level == "state" else shape.name


def _area(
    place: Place,
    key: str,
    shape: Shape | None,
    counts: dict[str, int] | None,
    values: dict[str, Any] | None,
    coloring: Coloring,
) -> dict[str, Any]:
    name = state_name(key) if place.level == "state" else county_name(key, place.state or "")
    row: dict[str, Any] = {"shape": shape.id if shape else None, "name": name, "key": key}
    row["latitude"], row["longitude"] = shape.point[::-1] if shape else (None, None)
    if not counts:
        return row | {
            "look": "empty",
            "words": f"{escape(name)}: no department in this view",
            "opens": "",
        }
    row |= counts | {"opens": place.level, "look": "plain"}
    if coloring.metric:
        row |= values or {}
        row["look"] = coloring.look(row.get("value"), counts["pledged"] > 0)
    counted_words = ", ".join(f"{counts[item]:,} {item}" for item in COUNTED)
    row["words"] = "<br>".join(filter(None, (escape(name), coloring.said(values), counted_words)))
    return row


def local(
    place: Place,
    atlas: Atlas,
    progress: pd.DataFrame,
    everything: pd.DataFrame,
    points: pd.DataFrame,
    coloring: Coloring,
    may_say_none: Callable[[str], bool],
) -> pd.DataFrame:
    """Return a row for each town that has an outline, and for each other department a point.

    `everything` are all departments the viewer may see: a town is only said to have none of its own
    where none of them is, and `may_say_none` of its county.
    """
    state, known = place.state or "", coloring.known()
    all_towns = dict(zip(everything["department_id"], towns(everything, atlas, state), strict=True))
    listed = atlas.shapes("municipality", state)
    shapes = [shape for shape in listed if place.county in (None, shape.county)]
    own = progress["department_id"].map(all_towns)
    inside = own.isin([shape.id for shape in shapes])
    areas = defaultdict(list)
    for row in _records(progress[inside]):
        areas[all_towns[row["department_id"]]].append(row)
    taken = set(all_towns.values())
    rows = [
        _town(shape, areas.get(shape.id, []), shape.id in taken, known, coloring, may_say_none)
        for shape in shapes
    ]
    others = dots(progress[~inside], points, coloring)
    return pd.concat([pd.DataFrame(rows, columns=list(ROWS)), others], ignore_index=True)


def dots(progress: pd.DataFrame, points: pd.DataFrame, coloring: Coloring) -> pd.DataFrame:
    """Return a row for each department as a point; those at one place are moved apart."""
    known, placed = coloring.known(), progress.merge(points, on="department_id", how="left")
    rows = _apart([_department(row, known, coloring) for row in _records(placed)])
    return pd.DataFrame(rows, columns=list(ROWS))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _town(
    shape: Shape,
    departments: list[dict[str, Any]],
    has_one: bool,
    known: dict[str, dict[str, Any]],
    coloring: Coloring,
    may_say_none: Callable[[str], bool],
) -> dict[str, Any]:
    """A town, looking as its own department does: the larger one, where it has two."""
    row: dict[str, Any] = {
        "shape": shape.id, "name": shape.name, "key": shape.id, "latitude": shape.point[1],
        "longitude": shape.point[0], "departments": 0, "opens": "",
        "kind": "city or town",
    }  # fmt: skip
    if not departments:
        none = not has_one and may_say_none(shape.county)
        words = "no local department" if none else "not in this view"
        row["look"] = "no_department" if none else "outside"
        return row | {"words": f"{escape(shape.name)}: {words}"}
    ranked = sorted(departments, key=lambda item: -(item["sworn"] or 0))
    first, *others = (_department(item, known, coloring) for item in ranked)
    words = "<br>".join([f"<b>{escape(shape.name)}</b>", first["words"]])
    words += "".join(f"<br>also {other['words']}" for other in others)
    shared = {name: first[name] for name in ("look", "silent", "value", "n", "m", "opens")}
    return row | shared | {"words": words, "departments": len(ranked), "key": first["key"]}


def _department(
    row: dict[str, Any], known: dict[str, dict[str, Any]], coloring: Coloring
) -> dict[str, Any]:
    pledged, found = row["pledged_on"] is not None, known.get(row["department_id"])
    silent = pledged and row["source"] == "none"
    look = row["stage"]
    if coloring.metric:
        look, silent = coloring.look((found or {}).get("value"), pledged), False
    training = "no training reported" if row["source"] == "none" else ""
    parts = (escape(row["name"]), STAGES[row["stage"]], coloring.said(found) or training)
    return {
        "name": row["name"], "kind": row["type"], "look": look, "silent": silent, "departments": 1,
        **(found or dict.fromkeys(("value", "n", "m"))),
        "words": "<br>".join(filter(None, parts)), "opens": "department",
        "key": row["department_id"], "latitude": row.get("latitude"),
        "longitude": row.get("longitude"), "placed_by": row.get("placed_by"),
    }  # fmt: skip


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Move departments placed at one point apart in a spiral, or only the last could be seen."""
    seen: dict[tuple[Any, Any], int] = {}
    for row in rows:
        spot = (row["latitude"], row["longitude"])
        turn = seen[spot] = seen.get(spot, -1) + 1
        if turn and row["latitude"] is not None:
            row["latitude"], row["longitude"] = _spiral(*spot, turn)
    return rows


def _spiral(latitude: float, longitude: float, turn: int) -> tuple[float, float]:
    away, angle = 0.014 * math.sqrt(turn), turn * math.pi * (3 - math.sqrt(5))
    wider = math.cos(math.radians(latitude))
    return latitude + away * math.sin(angle), longitude + away * math.cos(angle) / wider


def undrawn(rows: pd.DataFrame) -> Iterator[str]:
    """Name what is listed and can't be drawn."""
    hidden = rows["shape"].isna() & rows["latitude"].isna()
    yield from rows.loc[hidden, "name"]
