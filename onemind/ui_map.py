"""The map: where the reader is, what it is coloured by, and what a click or a choice opens.

Where the reader is, is the filter itself: opening a state or a county narrows the filter to it, so
that the address, every other page and the way back are the same thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from onemind import maps, maps_areas, maps_rows, maps_words, metrics, ui
from onemind.boundaries import Atlas, atlas_of
from onemind.maps_look import PLAIN, UNKNOWN, Look, classes, stages
from onemind.maps_place import Place, counties, may_say_none
from onemind.maps_rows import Colouring

STAGE = "stage"
OF_DEPARTMENTS = (
    "mhfa_share", "cit_share", "trained_share_low", "trained_share_high", "sworn", "expiring_90d",
    "lapsed", "mh_calls", "referral_share", "arrest_share", "force_share",
    "rated_beneficial_share",
)  # fmt: skip
OF_AREAS = (
    "pledged_share", "pledged", "completed", "overdue", "due_soon", "compliant", "reported",
    "partnerships", "policies", "departments", *OF_DEPARTMENTS,
)  # fmt: skip
AREAS = {"county": "Counties", "municipality": "Cities and towns"}


@dataclass(frozen=True)
class Drawn:
    """A map's rows and looks, where it is and what it is coloured by."""

    place: Place
    rows: pd.DataFrame
    looks: tuple[Look, ...]
    colouring: Colouring


def atlas() -> Atlas:
    """Return all outlines there are."""
    return atlas_of(ui.store().settings)


def everything(view: ui.View) -> pd.DataFrame:
    """Return the progress of every department the viewer may see, whatever the filter."""
    return ui.progress(replace(view, filter=view.filter.only()))


def place(view: ui.View) -> Place:
    """Return where the reader is: what the filter is narrowed to, or all there is."""
    there = sorted(everything(view)["state"].dropna().unique())
    chosen = view.filter.state or tuple(there)
    if len(chosen) != 1:
        return Place()
    state = chosen[0]
    rows = ui.progress(view)
    inside = counties(rows[rows["state"] == state], state).dropna().unique()
    if view.filter.county and len(inside) == 1:
        return Place(state, str(inside[0]), "municipality")
    return Place(state, None, "county" if atlas().has("county", state) else "municipality")


def options(where: Place) -> tuple[str, ...]:
    """Return what a map of that place may be coloured by; the first unless something is chosen."""
    if where.level == "state":
        return OF_AREAS
    return (STAGE, *(OF_AREAS if where.level == "county" else OF_DEPARTMENTS))


def colour_label(name: str) -> str:
    """Return what a choice of colour is called."""
    return "Stage" if name == STAGE else metrics.metric(name).label


def drawn(view: ui.View, where: Place, colour: str) -> Drawn:
    """Return what is drawn of a view."""
    progress, here = ui.progress(view), atlas()
    if where.state:
        progress = progress[progress["state"] == where.state]
    if where.level == "municipality":
        colouring = _coloured(view, colour, "department_id")
        rows = maps_rows.local(
            where, here, progress, _same_state(view, where), ui.points(view), colouring,
            lambda county: may_say_none(ui.user().sight.scope, where.state or "", county),
        )  # fmt: skip
    else:
        colouring = _coloured(view, colour, where.level, where)
        rows = maps_rows.areas(where, here, progress, colouring)
        if colouring.metric is None and where.state:
            points = maps_rows.dots(progress, ui.points(view), colouring)
            rows = pd.concat([rows, points], ignore_index=True)
    looks = (*colouring.classes.looks, *UNKNOWN) if colouring.classes else (PLAIN, *stages())
    return Drawn(where, rows, looks, colouring)


def _same_state(view: ui.View, where: Place) -> pd.DataFrame:
    rows = everything(view)
    return rows[rows["state"] == where.state]


def _coloured(view: ui.View, colour: str, by: str, where: Place | None = None) -> Colouring:
    if colour == STAGE:
        return Colouring()
    metric = metrics.metric(colour)
    found = ui.query(view, colour, by).rename(columns={by: "key"})
    if by == "county" and where and where.state:
        found = _named_counties(view, colour, found, where.state)
    values = pd.to_numeric(found["value"])
    return Colouring(metric, found.assign(value=values), classes(metric, values))


def _named_counties(view: ui.View, colour: str, found: pd.DataFrame, state: str) -> pd.DataFrame:
    """Bring together one county under several spellings by asking for it anew: shares don't add."""
    named = counties(found.rename(columns={"key": "county"}), state)
    kept = found.assign(key=named)[~named.duplicated(keep=False) & named.notna()]
    more = []
    for name in named[named.duplicated() & named.notna()].unique():
        spelled = tuple(found.loc[named == name, "key"])
        narrowed = replace(view, filter=replace(view.filter, county=spelled))
        more.append(ui.query(narrowed, colour).assign(key=name))
    return pd.concat([kept, *more], ignore_index=True)


def figure(found: Drawn, most: int = 560) -> Any:
    """Return the map as a Plotly figure."""
    return maps_areas.draw(found.place, atlas(), found.rows, found.looks, ui.is_dark(), most)


def show(view: ui.View, found: Drawn, title: str) -> None:
    """Draw the map and its legend; a click opens what it is on."""
    key = f"map_{found.place.state}_{found.place.county}_{found.place.level}"
    st.html(maps_words.legend(found.rows, found.looks, ui.is_dark()))
    event = st.plotly_chart(
        figure(found), key=key, config=maps.CONFIG, theme=None, selection_mode="points",
        alt=maps_words.alternative(title, found.rows, found.looks),
        on_select=lambda: _clicked(view, key),
    )  # fmt: skip
    for opens, target in _targets(event.selection.points):
        if opens == "department":
            ui.open_department(target)


def _clicked(view: ui.View, key: str) -> None:
    for opens, target in _targets(st.session_state[key].selection.points):
        narrow(view, opens, target)


def _targets(points: Sequence[Any]) -> list[tuple[str, str]]:
    """Return what the points clicked lead to: kind and key."""
    found = [point.get("customdata") for point in points]
    return [(item[0], item[1]) for item in found if item and item[0]]


def narrow(view: ui.View, opens: str, target: str) -> None:
    """Narrow the filter to a state or a county (to be called before the filter is drawn)."""
    if opens == "state":
        widen(state=[target])
    elif opens == "county":
        widen(county=spellings(view, target))


def spellings(view: ui.View, county: str) -> list[str]:
    """Return how the data of the state in view write a county."""
    rows = _same_state(view, place(view))
    return sorted(rows.loc[counties(rows, place(view).state or "") == county, "county"].unique())


def widen(state: list[str] | None = None, county: list[str] | None = None) -> None:
    """Set the filter's county, and its state where one is given."""
    if state is not None and "state" in st.session_state:
        st.session_state["state"] = state
    st.session_state["county"] = county or []
