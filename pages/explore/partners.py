"""Who works with whom: organisations, kinds of work, one organisation's own departments, gaps."""

import streamlit as st

from onemind import ui, ui_frame, ui_numbers, ui_partners

view = ui_frame.view()
if ui.progress(view).empty:
    ui_frame.nothing_matches(view)
found = ui_partners.partners(view)
ui_numbers.numbers(view, ("partnerships", "departments"))

if len(found):
    partner = ui_partners.chosen(view)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Where they are", anchor="map")
        ui_partners.on_the_map(view, found, partner)
    with right:
        if partner:
            ui_partners.details(view, partner)
        else:
            st.header("Who does what", anchor="kinds")
            ui_partners.kinds(view)
    st.header("Organisations", anchor="organisations")
    ui_partners.organisations(view)
else:
    st.info("No organisation that works with a department in view is on record.")

st.header("Departments without a partner", anchor="gaps")
ui_partners.gaps(view)
st.header("Over time", anchor="over-time")
ui_partners.over_time(view)
ui.definition("partnerships")
