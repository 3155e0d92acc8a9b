"""Where the campaign stands, what changed, whom to call: the director's ten seconds."""

import streamlit as st

from onemind import charts, headline, maps, ui, ui_brief, ui_frame

view = ui_frame.view()
progress = ui.progress(view)
if progress.empty:
    ui_frame.nothing_matches(view)
st.subheader(headline.sentence(progress), anchor=False)
ui_brief.button(view)

NUMBERS = ("pledged", "completed", "overdue", "mhfa_share", "compliant")
with st.container(horizontal=True, key="numbers"):
    for name in NUMBERS:
        ui.metric(view, name)

left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader("Where they are", anchor=False)
    ui.map_of_departments(view, maps.points(progress, ui.points(view), ui.is_dark()))
with right:
    st.subheader("How far they are", anchor=False)
    ui.chart(charts.funnel(progress, ui.is_dark()), "Departments by stage", "funnel")
    st.subheader("Pledged and completed over time", anchor=False)
    lines = {
        "Pledged": ui.query(view, "pledged", "month"),
        "Completed": ui.query(view, "completed", "month"),
    }
    figure = charts.over_time(lines, ui.is_dark(), mark=charts.surge(ui.pledges(view, progress)))
    ui.chart(figure, "Departments pledged and completed at each month's end", "history")

st.subheader("Needs attention", anchor=False)
ui.attention(headline.concerns(progress, view.as_of, ui.store().rules.spans["silent_days"]))
ui.definition(*NUMBERS)
