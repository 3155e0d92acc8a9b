"""Where the campaign stands, what changed, whom to call: the director's ten seconds."""

import streamlit as st

from onemind import ui, ui_brief, ui_frame, ui_numbers, ui_overview, ui_play, ui_states
from onemind.ui_text import plain

NUMBERS = ("pledged", "completed", "overdue", "mhfa_share", "compliant")

view = ui_frame.view()
progress = ui.progress(view)
if progress.empty:
    ui_frame.nothing_matches(view)
with st.container(horizontal=True, vertical_alignment="center", key="said"):
    st.header(plain(ui_overview.sentence(view)), anchor=False)
    ui_brief.button(view)
ui_numbers.numbers(view, NUMBERS)
ui_play.over_months(view, ui_overview.first_day(view), ui_overview.where_and_how_far)
ui_overview.needs_attention(view)
ui_states.comparison(view)
with st.container(border=True, key="card_history"):
    ui_overview.over_time(view)
ui.definition(*NUMBERS)
