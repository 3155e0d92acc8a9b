"""Share links: make one, see who uses which, end one."""

import streamlit as st

from onemind import ui, ui_frame, ui_links, ui_links_made
from onemind.access import SHARE, require

require(ui.user(), SHARE)
if ui.store().current() is None:
    ui_frame.first_run()
st.markdown("A link shows part of the dashboard to whoever has it: read-only, without an account.")
ui_links_made.reach()
ui_links_made.shown_once()
ui_links.ask()
ui_links_made.listed()
