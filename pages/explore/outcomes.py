"""How calls ended, apart from training: over time, before and after, ratings, all counts."""

import streamlit as st

from onemind import ui, ui_frame, ui_numbers, ui_outcomes

view = ui_frame.view()
if ui.progress(view).empty:
    ui_frame.nothing_matches(view)

NUMBERS = ("mh_calls", "referral_share", "arrest_share", "force_share", "rated_beneficial_share")
with st.container(horizontal=True, key="numbers"):
    for name in NUMBERS:
        ui_numbers.metric(view, name)
st.caption(ui_outcomes.behind(view))
ui_outcomes.what_is_left_out(view)
if ui_outcomes.counted(view, "totals").empty:
    st.info("No department in view has reported outcomes for a period that had ended by this day.")
else:
    st.header("Over time", anchor="over-time")
    span = ui_outcomes.span()
    ui_outcomes.over_time(view, span, ui_outcomes.department(view))
    st.header("Before and after 100 % MHFA", anchor="before-after")
    ui_outcomes.both_sides(view)
    st.header("All counts", anchor="counts")
    ui_outcomes.counts(view)
    with ui.fold("Department by department", "fold_departments") as is_open:
        if is_open:
            ui_outcomes.departments(view)

st.header("What officers say of the training", anchor="ratings")
ui_outcomes.ratings(view, "year")
ui.definition(*NUMBERS)
