"""Who published what, when and why; look at an old version, compare, restore."""

import streamlit as st

from onemind import ui, ui_frame, ui_versions
from onemind.access import PUBLISH, require

require(ui.user(), PUBLISH)
versions = ui.store().versions()[::-1]
if not versions:
    ui_frame.first_run()
many = "1 version" if len(versions) == 1 else f"{len(versions):,} versions"
st.caption(f"{many}; the newest is {versions[0].number}.")
ui_versions.listed(versions)
ui_versions.originals(versions)
if len(versions) > 1:
    st.subheader("Restore", anchor=False)
    ui_versions.restorable(versions)
    st.subheader("Compare", anchor=False)
    ui_versions.compared(versions)
