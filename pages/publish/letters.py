"""A letter with a report card to each department in view: as files, or by mail."""

import streamlit as st

from onemind import runtime, ui
from onemind.access import CONTACTS, PUBLISH, require
from onemind.documents.letters import current
from onemind.ui.publish import letters

require(ui.visitor.user(), PUBLISH)
require(ui.visitor.user(), CONTACTS)
view = ui.frame.view()
if ui.progress(view).empty:
    ui.frame.nothing_matches(view)
st.caption("One page to each department: what is met, what is missing, by when, and whom to ask.")
listed = letters.made(view, current(runtime.appdb()))
letters.whom(view, listed)
letters.files(view, listed)
letters.edited(view, listed)
letters.mailing(view, listed)
