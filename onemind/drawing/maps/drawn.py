"""A map put together: its rows and looks, the sentence above it, what is missing, its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from onemind.campaign import STAGES, Scope
from onemind.drawing.charts import prepared
from onemind.drawing.maps import rows as map_rows
from onemind.drawing.maps.legend import PLAIN, UNKNOWN, Look, stages
from onemind.drawing.maps.place import Place, counties, may_say_none
from onemind.drawing.maps.rows import Coloring, shown
from onemind.drawing.maps.wording import extremes, gaps, left_out
from onemind.geography import Atlas, state_name
from onemind.narrative import sentence
from onemind.words import whole_percent

LOOKS = {**STAGES, "no_department": "No local department", "not_reported": "Not reported"}


@dataclass(frozen=True)
class Drawn:
    """A map's rows and looks, where it is and what it is colored by."""

    place: Place
    rows: pd.DataFrame
    looks: tuple[Look, ...]
    coloring: Coloring
    made: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False)

    def once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what was made of it under that key, made when it is asked for first."""
        if key not in self.made:
            self.made[key] = prepared.ready(make())
        return self.made[key]


@dataclass(frozen=True)
class Seen:
    """What a map is drawn from: the departments in view, all that the viewer may see of the same
    state, where each is placed, and the viewer's scope.
    """

    departments: pd.DataFrame
    everything: pd.DataFrame
    points: pd.DataFrame
    scope: Scope


def whereabouts(
    everything: pd.DataFrame,
    departments: pd.DataFrame,
    states: tuple[str, ...],
    is_county: bool,
    atlas: Atlas,
) -> Place:
    """Return what a map of these departments shows: the nation, a state, or a county of it.

    `states` are those that the view is narrowed to, `is_county` whether it is to a county too.
    """
    chosen = states or tuple(sorted(everything["state"].dropna().unique()))
    if len(chosen) != 1:
        return Place()
    state = chosen[0]
    inside = counties(departments[departments["state"] == state], state).dropna().unique()
    if is_county and len(inside) == 1:
        return Place(state, str(inside[0]), "municipality")
    return Place(state, None, "county" if atlas.has("county", state) else "municipality")


def drawn(where: Place, atlas: Atlas, seen: Seen, coloring: Coloring) -> Drawn:
    """Return what is drawn of a place."""
    inside = seen.departments
    if where.state:
        inside = inside[inside["state"] == where.state]
    if where.level == "municipality":
        listed = map_rows.local(
            where, atlas, inside, seen.everything, seen.points, coloring,
            lambda county: may_say_none(seen.scope, where.state or "", county),
        )  # fmt: skip
    else:
        listed = map_rows.areas(where, atlas, inside, coloring)
        if coloring.metric is None and where.state:
            points = map_rows.dots(inside, seen.points, coloring)
            listed = pd.concat([listed, points], ignore_index=True)
    looks = (*coloring.classes.looks, *UNKNOWN) if coloring.classes else (PLAIN, *stages())
    return Drawn(where, listed, looks, coloring)


def say(drawing: Drawn, departments: pd.DataFrame, overall: Mapping[Any, Any] | None) -> str:
    """Return in one sentence what the map shows; `overall` is the metric's value, n and m in all,
    None on a map of stages.
    """
    where, metric = drawing.place, drawing.coloring.metric
    if metric is None or overall is None:
        inside = departments[departments["state"] == where.state]
        lines = [sentence(inside).removesuffix(".")]
    else:
        behind = f"{int(overall['n']):,} of {int(overall['m']):,} departments known"
        lines = [f"{metric.label}: {shown(metric, overall['value'])} in all ({behind})"]
        if where.level != "municipality":
            lines.append(extremes(where, drawing.rows, drawing.coloring))
    return f"{where.name}. " + "; ".join(filter(None, lines)) + "."


def remarks(drawing: Drawn, atlas: Atlas) -> list[str]:
    """Say what is missing: places with no department, no pledge, no report; what can't be drawn."""
    lines = []
    if drawing.place.level == "municipality":
        missing = gaps(drawing.rows)
        lines += [f"Of {len(drawing.rows):,} places {missing}."] if missing else []
    if names := left_out(drawing.rows):
        lines.append(f"In the table and not on this map: {names}.")
    roughly = int(drawing.rows["placed_by"].eq("county").sum())
    if roughly:
        who = "1 department gives" if roughly == 1 else f"{roughly:,} departments give"
        lines.append(
            f"{who} no town we recognize and no coordinates, so they appear in the middle "
            "of the county."
        )
    state = drawing.place.state or ""
    if drawing.place.level == "municipality" and not atlas.has("municipality", state):
        lines.append(
            f"Cities and towns of {state_name(state)} appear as points because no one "
            "has added their outlines yet."
        )
    return lines


def listed(drawing: Drawn) -> pd.DataFrame:
    """Return the rows that the table beside the map has."""
    local = drawing.place.level == "municipality"
    rows = drawing.rows if local else drawing.rows[drawing.rows["opens"] != "department"]
    rows = rows[rows["departments"].fillna(0).gt(0) | rows["look"].eq("no_department")]
    return (rows if local else rows.sort_values("name")).reset_index(drop=True)


def table(drawing: Drawn, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `listed` for reading: what the map says."""
    return _local(drawing, rows) if drawing.place.level == "municipality" else _areas(drawing, rows)


def _measure(drawing: Drawn, rows: pd.DataFrame) -> dict[str, Any]:
    """The metric's columns: its value (a share in percent, rounded down) and n of m."""
    metric = drawing.coloring.metric
    if metric is None:
        return {}
    value = pd.to_numeric(rows["value"])
    if metric.is_share:
        value = value.map(whole_percent, na_action="ignore")
    behind = [
        "" if pd.isna(n) else f"{int(n):,} of {int(m):,}"
        for n, m in zip(rows["n"], rows["m"], strict=True)
    ]
    return {metric.label: value, "Known": behind}


def _areas(drawing: Drawn, rows: pd.DataFrame) -> pd.DataFrame:
    kind = "State" if drawing.place.level == "state" else "County"
    # Beside a number its "n of m" has the departments, and there is no room for all.
    beside = ("departments", "pledged") if drawing.coloring.metric is None else ()
    shown = (*beside, "completed", "overdue")
    counts = {name.capitalize(): rows[name] for name in shown}
    return pd.DataFrame({kind: rows["name"], **_measure(drawing, rows), **counts})


def _local(drawing: Drawn, rows: pd.DataFrame) -> pd.DataFrame:
    metric = drawing.coloring.metric
    looks = {look.key: look.label for look in drawing.looks} | LOOKS
    labels = rows["look"].map(looks)
    silent = rows["silent"].eq(True)
    labels = labels.where(~silent, labels + ", no training reported")
    label = metric.label if metric else "Stage"
    measure = {key: column for key, column in _measure(drawing, rows).items() if key != "Known"}
    columns = {"Place": rows["name"], "What": rows["kind"].str.capitalize(), **measure}
    return pd.DataFrame(columns | {("Class" if metric else label): labels})
