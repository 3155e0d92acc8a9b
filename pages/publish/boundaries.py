"""Add the outlines of a state's cities and towns: see what fits, then keep them."""

import streamlit as st

from onemind import ui
from onemind.access import PUBLISH, require
from onemind.ui.publish import boundaries

require(ui.visitor.user(), PUBLISH)
boundaries.explained()
st.header("Add outlines", anchor=False)
given = boundaries.ask()
made = boundaries.match(*given) if given else None
if made:
    boundaries.offer(made)
st.header("Added outlines", anchor=False)
boundaries.kept()
