"""How calls ended, apart from training: over time, before and after, ratings, all counts."""

import streamlit as st

from onemind import ui
from onemind.metrics import MetricName
from onemind.ui.explore import numbers, outcomes

view = ui.frame.view()
if ui.progress(view).empty:
    ui.frame.nothing_matches(view)

NUMBERS = (
    MetricName.MH_CALLS,
    MetricName.REFERRAL_SHARE,
    MetricName.ARREST_SHARE,
    MetricName.FORCE_SHARE,
    MetricName.RATED_BENEFICIAL_SHARE,
)
with st.container(horizontal=True, key="numbers"):
    for name in NUMBERS:
        numbers.metric(view, name)
st.caption(outcomes.behind(view))
outcomes.what_is_left_out(view)
if outcomes.counted(view, "totals").empty:
    st.info("No department in view has reported outcomes for a period that had ended by this day.")
else:
    st.header("Over time", anchor="over-time")
    span = outcomes.span()
    outcomes.over_time(view, span, outcomes.department(view))
    st.header("Before and after 100% MHFA", anchor="before-after")
    outcomes.both_sides(view)
    st.header("All counts", anchor="counts")
    outcomes.counts(view)
    with ui.fold("Department by department", "fold_departments") as is_open:
        if is_open:
            outcomes.departments(view)

st.header("What officers say of the training", anchor="ratings")
outcomes.ratings(view, "year")
ui.definition(*NUMBERS)
