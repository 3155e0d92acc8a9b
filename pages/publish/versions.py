"""Who published what, when and why; look at an old version, compare, restore."""

import streamlit as st

from onemind import runtime, ui
from onemind.access import PUBLISH, require
from onemind.ui.publish.versions import compared, listed, originals, restorable, take_along

require(ui.visitor.user(), PUBLISH)
versions = runtime.store().versions()[::-1]
if not versions:
    ui.frame.first_run()
many = "1 version" if len(versions) == 1 else f"{len(versions):,} versions"
st.caption(f"{many}; the newest is {versions[0].number}.")
listed(versions)
originals(versions)
st.subheader("Take along", anchor=False)
take_along(versions)
if len(versions) > 1:
    st.subheader("Restore", anchor=False)
    restorable(versions)
    st.subheader("Compare", anchor=False)
    compared(versions)
