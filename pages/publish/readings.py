"""How files are read: what was decided for each kind of file, and is used for the next one."""

import streamlit as st

from onemind import runtime, ui
from onemind.access import PUBLISH, require
from onemind.ui.publish.readings import listed

require(ui.visitor.user(), PUBLISH)
st.caption("A file is read as the one before it with the same headers. Change here what is wrong.")
saved = runtime.appdb().readings.all()
if not saved and runtime.store().current() is None:
    ui.frame.first_run()
if not saved:
    st.info(
        "Nothing is remembered yet. When a file needs more than its own words to be read, "
        "publishing it remembers how."
    )
listed(saved)
