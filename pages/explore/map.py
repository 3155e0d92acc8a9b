"""Where the campaign stands on the map: the nation, a state, a county, down to a department."""

import streamlit as st

from onemind import ui, ui_frame, ui_map
from onemind import ui_map_choices as choices

view = ui_frame.view()
if ui.progress(view).empty:
    ui_frame.nothing_matches(view)
where = ui_map.place(view)
choices.path(view, where)
where, colour = choices.choose(view, where)
found = ui_map.drawn(view, where, colour)
title = choices.say(view, found, colour)
st.subheader(title, anchor=False)
left, right = st.columns([3, 2], gap="large")
with left:
    ui_map.show(view, found, title)
    choices.remarks(found)
with right:
    choices.table(view, found)
if colour != ui_map.STAGE:
    ui.definition(colour)
