"""The map: where the reader is, what it is colored by, and what a click or a choice opens.

Where the reader is, is the filter itself: opening a state or a county narrows the filter to it, so
that the address, every other page and the way back are the same thing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape

import pandas as pd
import streamlit as st

from onemind import metrics, ui
from onemind.access import MAP
from onemind.campaign import Filter
from onemind.drawing import maps
from onemind.drawing.maps.drawn import Drawn
from onemind.drawing.maps.legend import classes
from onemind.drawing.maps.place import Place, counties
from onemind.drawing.maps.rows import Coloring
from onemind.metrics import MetricName
from onemind.ui import cached_value, plain

Mark = tuple[tuple[str, int], ...]  # of the outlines there are: other ones are another map

STAGE = "stage"
OF_DEPARTMENTS = (
    MetricName.MHFA_SHARE,
    MetricName.CIT_SHARE,
    MetricName.TRAINED_SHARE_LOW,
    MetricName.TRAINED_SHARE_HIGH,
    MetricName.SWORN,
    MetricName.EXPIRING_90D,
    MetricName.LAPSED,
    MetricName.MH_CALLS,
    MetricName.REFERRAL_SHARE,
    MetricName.ARREST_SHARE,
    MetricName.FORCE_SHARE,
    MetricName.RATED_BENEFICIAL_SHARE,
)
OF_AREAS = (
    "pledged_share",
    "pledged",
    "completed",
    "overdue",
    "due_soon",
    "compliant",
    "reported",
    "partnerships",
    "policies",
    "departments",
    *OF_DEPARTMENTS,
)
AREAS = {"county": "Counties", "municipality": "Cities and towns"}


def departments(at: ui.View, until: date) -> pd.DataFrame:
    """Return the departments in view on a day: `until`, or the end of a month before it."""
    return ui.progress(at) if at.as_of == until else ui.month_end(at, until)


def everything(view: ui.View) -> pd.DataFrame:
    """Return the progress of every department the viewer may see, whatever the filter."""
    return ui.progress(replace(view, filter=view.filter.only()))


def place(view: ui.View) -> Place:
    """Return where the reader is: what the filter is narrowed to, or all there is."""
    filter = view.filter
    return maps.drawn.whereabouts(
        everything(view), ui.progress(view), filter.state, bool(filter.county), ui.atlas()
    )


def options(where: Place) -> tuple[str, ...]:
    """Return what a map of that place may be colored by; the first unless something is chosen."""
    if where.level == "state":
        return OF_AREAS
    return (STAGE, *(OF_AREAS if where.level == "county" else OF_DEPARTMENTS))


def color_label(name: str) -> str:
    """Return what a choice of color is called."""
    return "Stage" if name == STAGE else metrics.metric(MetricName(name)).label


def drawn(at: ui.View, until: date, where: Place, color: str) -> Drawn:
    """Return what is drawn of a view as of a day."""
    return _drawn(at, until, where, color, ui.atlas().mark())


@cached_value
def _drawn(at: ui.View, until: date, where: Place, color: str, outlines: Mark) -> Drawn:
    by = "department_id" if where.level == "municipality" else where.level
    everyone = _same_state(_until(at, until), where) if where.state else everything(at)
    scope = ui.visitor.user().sight.scope
    seen = maps.drawn.Seen(departments(at, until), everyone, ui.points(at), scope)
    return maps.drawn.drawn(where, ui.atlas(), seen, _colored(at, until, color, where, by))


def _until(at: ui.View, until: date) -> ui.View:
    return replace(at, filter=replace(at.filter, as_of=until))


def _same_state(view: ui.View, where: Place) -> pd.DataFrame:
    rows = everything(view)
    return rows[rows["state"] == where.state]


def _colored(at: ui.View, until: date, color: str, where: Place, by: str) -> Coloring:
    """Return the metric's values on the day; its classes are those of both days, to stay put."""
    if color == STAGE:
        return Coloring()
    metric = metrics.metric(MetricName(color))
    values, last = _values(at, until, metric, by), ui.query(_until(at, until), metric.name, by)
    values = values.rename(columns={by: "key"})
    if by == "county" and where.state:
        values = _named_counties(at, metric.name, values, where.state)
    values = values.assign(value=pd.to_numeric(values["value"]))
    return Coloring(metric, values, classes(metric, [*values["value"], *last["value"].dropna()]))


def _values(at: ui.View, until: date, metric: metrics.Metric, by: str) -> pd.DataFrame:
    """Return a metric by area on a day; past months are asked for all at once."""
    if at.as_of == until or not metric.is_state:
        return ui.query(at, metric.name, by)
    months = ui.query(_until(at, until), metric.name, "month", by)
    return months[months["month"] == f"{at.as_of:%Y-%m}"].drop(columns="month")


def _named_counties(
    view: ui.View, metric: MetricName, rows: pd.DataFrame, state: str
) -> pd.DataFrame:
    """Bring together one county under several spellings by asking for it anew: shares don't add."""
    named = counties(rows.rename(columns={"key": "county"}), state)
    single = rows.assign(key=named)[~named.duplicated(keep=False) & named.notna()]
    more = []
    for name in named[named.duplicated() & named.notna()].unique():
        spelled = tuple(rows.loc[named == name, "key"])
        narrowed = replace(view, filter=replace(view.filter, county=spelled))
        more.append(ui.query(narrowed, metric).assign(key=name))
    return pd.concat([single, *more], ignore_index=True)


def show(
    view: ui.View,
    drawing: Drawn,
    title: str,
    most: int = 560,
    key: str = "map",
    at: ui.View | None = None,
) -> None:
    """Draw the map and its legend; a click opens what it is on. It shows the day of `at`."""
    place, dark = drawing.place, ui.is_dark()
    key = f"{key}_{place.state}_{place.county}_{place.level}"
    rows, looks = drawing.rows, drawing.looks
    _offer(at or view, drawing, key)
    st.html(drawing.once(("legend", dark), lambda: maps.wording.legend(rows, looks, dark)))
    event = st.plotly_chart(
        drawing.once(
            ("figure", dark, most),
            lambda: maps.areas.draw(place, ui.atlas(), rows, looks, dark, most),
        ),
        key=key, config=maps.frame.CONFIG, theme=None, selection_mode="points", on_select="rerun",
        alt=drawing.once(("alt", title), lambda: maps.wording.alternative(title, rows, looks)),
    )  # fmt: skip
    for point in event.selection.points:
        if target := point.get("customdata"):
            follow(view, place, target[0], target[1])


def _offer(view: ui.View, drawing: Drawn, key: str) -> None:
    dark, metric = ui.is_dark(), drawing.coloring.metric
    title = f"Map of {drawing.place.name} by {metric.label if metric else 'stage'}"
    table = drawing.once(("told",), lambda: told(drawing.rows))
    keys = drawing.once(
        ("keys", dark), lambda: maps.wording.keys(drawing.rows, drawing.looks, dark)
    )
    ui.exports.offer_map(view, title, table, key, keys)


TOLD = ("name", "words", "departments", "pledged", "completed", "overdue", "latitude", "longitude")


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what a map says of each area or department, as a table."""
    table = rows[list(TOLD)].copy()
    table["words"] = table["words"].str.replace("<br>", "; ").map(unescape, na_action="ignore")
    return table


def small(at: ui.View, until: date) -> None:
    """Draw the map as a part of a page: a click opens the Map page, or a department."""
    where, note = _small(at, until, ui.atlas().mark())
    color = color_label(options(where)[0])
    if where.level == "state":
        st.caption(f"States by: {color}")
    show(_until(at, until), note, f"{where.name}, {color.lower()}", 460, "small_map", at)
    if missing := note.once(("missing",), lambda: maps.wording.missing(note.rows)):
        st.caption(plain(missing))


@cached_value
def _small(at: ui.View, until: date, outlines: Mark) -> tuple[Place, Drawn]:
    where = place(_until(at, until))
    if where.level == "county" and ui.atlas().has("municipality", where.state or ""):
        where = replace(where, level="municipality")
    drawing = drawn(at, until, where, options(where)[0])
    return where, replace(drawing, rows=drawing.rows.assign(silent=False), made={})


def follow(view: ui.View, where: Place, opens: str, target: str) -> None:
    """Open a department's page, or the map narrowed to a state or county."""
    if opens == "department":
        ui.open_department(target)
    if opens == "state":
        _go(replace(view.filter, state=(target,), county=()), view)
    if opens == "county":
        rows = _same_state(view, where)
        same = counties(rows, where.state or "") == target
        spelled = tuple(sorted(rows.loc[same, "county"].unique()))
        _go(replace(view.filter, county=spelled), view)


def _go(chosen: Filter, view: ui.View) -> None:
    """Open the map at an address; what the page itself asks is kept by its widgets."""
    ui.links.to(MAP, ui.filters.address(replace(view, filter=chosen)))


def widen(state: list[str] | None = None, county: list[str] | None = None) -> None:
    """Set the filter's county, and its state where one is given: before the filter is drawn."""
    if state is not None and "state" in st.session_state:
        st.session_state["state"] = state
    st.session_state["county"] = county or []
