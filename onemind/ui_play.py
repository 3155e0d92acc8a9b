"""Time as a control: a slider over months and a button that plays them.

    ui_play.over_months(view, first, draw)

calls `draw(at, until)` with the view as of the chosen month's end and the day of the view itself;
`ui.month_end(at, until)` has the departments then, looked up and not counted again. `draw` may hold
any elements, charts with selections too. It runs as a fragment: only what it draws is drawn again.
While it plays, the browser asks for the next month twice a second; at rest nothing runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from onemind import metrics, ui

TICK, TICKS = 0.5, 60  # seconds a step, and how many steps a whole history takes at most
PLAYING, PLACE = "playing", "playing_day"
Draw = Callable[[ui.View, date], None]


def over_months(view: ui.View, first: date | None, draw: Draw) -> None:
    """Draw the view, as of the month chosen or played, from the month of `first` on."""
    days = metrics.month_ends(first, view.as_of) if first else [view.as_of]
    if len(days) < 2:
        draw(view, view.as_of)
        return
    playing = bool(st.session_state.get(PLAYING))
    st.fragment(_frame, run_every=TICK if playing else None)(view, days, draw, playing)


def _frame(view: ui.View, days: list[date], draw: Draw, playing: bool) -> None:
    if bool(st.session_state.get(PLAYING)) != playing:
        st.rerun()  # the whole script: whether it is asked again is settled there
    place = st.session_state.get(PLACE)
    place = place if place in days else days[-1]
    if playing:
        place = days[min(days.index(place) + max(1, len(days) // TICKS), len(days) - 1)]
        st.session_state[PLAYING] = place != days[-1]
    st.session_state[PLACE] = place
    with st.container(horizontal=True, vertical_alignment="center", key="play"):
        icon, said = (":material/stop:", "Stop") if playing else (":material/play_arrow:", "Play")
        st.button(said, icon=icon, on_click=_toggle, args=(days,), key="play_button")
        st.select_slider(
            "Month", days, key=PLACE, label_visibility="collapsed",
            format_func=lambda day: f"{day:%b %Y}",
        )  # fmt: skip
    draw(replace(view, filter=replace(view.filter, as_of=place)), view.as_of)


def _toggle(days: list[date]) -> None:
    st.session_state[PLAYING] = not st.session_state.get(PLAYING)
    if st.session_state[PLAYING] and st.session_state.get(PLACE) == days[-1]:
        st.session_state[PLACE] = days[0]  # played to the end: from the beginning
