"""Add the outlines of a state's cities and towns: see what fits, then keep them."""

import streamlit as st

from onemind import ui, ui_boundaries
from onemind.access import PUBLISH, require

require(ui.user(), PUBLISH)
ui_boundaries.explained()
st.header("Add outlines", anchor=False)
given = ui_boundaries.ask()
made = ui_boundaries.match(*given) if given else None
if made:
    ui_boundaries.offer(made)
st.header("Outlines that were added", anchor=False)
ui_boundaries.kept()
