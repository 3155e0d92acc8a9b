"""Where the campaign stands, what changed, whom to call: the director's ten seconds."""

import streamlit as st

from onemind import ui
from onemind.metrics import OVERVIEW
from onemind.ui import plain
from onemind.ui.explore import brief, numbers, overview, play, states

view = ui.frame.view()
progress = ui.progress(view)
if progress.empty:
    ui.frame.nothing_matches(view)
with st.container(horizontal=True, vertical_alignment="center", key="said"):
    st.header(plain(overview.sentence(view)), anchor=False)
    brief.button(view)
numbers.numbers(view, OVERVIEW)
play.over_months(view, overview.first_day(view), overview.where_and_how_far)
overview.needs_attention(view)
states.comparison(view)
with st.container(border=True, key="card_history"):
    overview.over_time(view)
ui.definition(*OVERVIEW)
