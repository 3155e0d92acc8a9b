"""Who works with whom: organizations, kinds of work, one organization's own departments, gaps."""

import streamlit as st

from onemind import ui
from onemind.metrics import MetricName
from onemind.ui.explore import numbers, partners

view = ui.frame.view()
if ui.progress(view).empty:
    ui.frame.nothing_matches(view)
found = partners.partners(view)
numbers.numbers(view, (MetricName.PARTNERSHIPS, MetricName.DEPARTMENTS))

if len(found):
    partner = partners.chosen(view)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Where they are", anchor="map")
        partners.on_the_map(view, found, partner)
    with right:
        if partner:
            partners.details(view, partner)
        else:
            st.header("Who does what", anchor="kinds")
            partners.kinds(view)
    st.header("Organizations", anchor="organizations")
    partners.organizations(view)
else:
    st.info("No organization that works with a department in view is on record.")

st.header("Departments without a partner", anchor="gaps")
partners.gaps(view)
st.header("Over time", anchor="over-time")
partners.over_time(view)
ui.definition(MetricName.PARTNERSHIPS)
