"""Share links: make one, see who uses which, end one."""

import streamlit as st

from onemind import runtime, ui
from onemind.access import SHARE, require
from onemind.ui.admin import links, links_made

require(ui.visitor.user(), SHARE)
if runtime.store().current() is None:
    ui.frame.first_run()
st.markdown("A link shows part of the dashboard to whoever has it: read-only, without an account.")
links_made.reach()
links_made.shown_once()
links.ask()
links_made.listed()
