"""Time as a control: a slider over months and a button that plays them.

    play.over_months(view, first, draw)

calls `draw(at, until)` with the view as of the chosen month's end and the day of the view itself;
`ui.month_end(at, until)` has the departments then, looked up and not counted again. `draw` may hold
any elements, charts with selections too. It runs as a fragment: only what it draws is drawn again.
While it plays, the browser asks for the next month twice a second; at rest nothing runs. Another
page, or another as-of date, begins at that date: what a page shows is what its line says, until the
reader moves the slider there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache

import streamlit as st

from onemind import metrics, telemetry, ui
from onemind.ui.base.fair_queue import QUEUE

TICK, TICKS = 0.5, 60  # seconds a step, and how many steps a whole history takes at most
PLAYING, PLACE, REACHED, WHERE = "playing", "playing_day", "playing_reached", "playing_where"
Draw = Callable[[ui.View, date], None]


def over_months(view: ui.View, first: date | None, draw: Draw) -> None:
    """Draw the view, as of the month chosen or played, from the month of `first` on."""
    days = metrics.month_ends(first, view.as_of) if first else [view.as_of]
    if len(days) < 2:
        draw(view, view.as_of)
        return
    where = f"{draw.__module__}.{draw.__qualname__} until {days[-1]}"
    if st.session_state.get(WHERE) != where:
        for key in (PLAYING, PLACE, REACHED):
            st.session_state.pop(key, None)
        st.session_state[WHERE] = where
    playing = bool(st.session_state.get(PLAYING))
    st.fragment(_frame, run_every=TICK if playing else None)(view, days, draw, playing)


def _frame(view: ui.View, days: list[date], draw: Draw, playing: bool) -> None:
    page = st.session_state.get(telemetry.PAGE, telemetry.UNKNOWN)
    with telemetry.redraw(page), QUEUE.turn():  # a fragment is run without its page, too
        _draw(view, days, draw, playing)


def _draw(view: ui.View, days: list[date], draw: Draw, playing: bool) -> None:
    if bool(st.session_state.get(PLAYING)) != playing:
        st.rerun()  # the whole script: whether it is asked again is settled there
    with st.container(horizontal=True, vertical_alignment="center", key="play"):
        icon, button = (":material/stop:", "Stop") if playing else (":material/play_arrow:", "Play")
        st.button(button, icon=icon, on_click=_toggle, args=(days,), key="play_button")
        day = _played(days) if playing else _chosen(days)
        ui.exports.mark(day)
    with st.container(key="played"):
        draw(replace(view, filter=replace(view.filter, as_of=day)), view.as_of)


def _played(days: list[date]) -> date:
    """Go on to the next month and show how far it is.

    No slider meanwhile: a browser that is slow sends back an older place than was reached.
    """
    reached = st.session_state.get(REACHED)
    place = days.index(reached) if reached in days else 0
    place = min(place + max(1, len(days) // TICKS), len(days) - 1)
    day = st.session_state[REACHED] = days[place]
    st.session_state[PLAYING] = day != days[-1]
    st.progress(place / (len(days) - 1), f"{day:%b %Y}")
    return day


def _chosen(days: list[date]) -> date:
    """Ask for the month; it starts where playing was stopped.

    The place is set anew each time: Streamlit drops a widget's own when its page is left, and the
    slider would stand at the first month.
    """
    known = (st.session_state.get(PLACE), st.session_state.get(REACHED), days[-1])
    st.session_state[PLACE] = next(place for place in known if place in days)
    day: date = st.select_slider(
        "Month", days, key=PLACE, label_visibility="collapsed",
        format_func=_month,
    )  # fmt: skip
    st.session_state[REACHED] = day
    return day


@lru_cache(maxsize=4096)
def _month(day: date) -> str:
    return f"{day:%b %Y}"


def _toggle(days: list[date]) -> None:
    st.session_state[PLAYING] = not st.session_state.get(PLAYING)
    st.session_state.pop(PLACE, None)
    if st.session_state[PLAYING] and st.session_state.get(REACHED) == days[-1]:
        st.session_state[REACHED] = days[0]  # played to the end: from the beginning
