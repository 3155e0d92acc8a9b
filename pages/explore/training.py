"""How far each department's training is: against every officer, and against one in five."""

import streamlit as st

from onemind import charts, tables, ui, ui_frame

view = ui_frame.view()
progress = ui.progress(view)
if progress.empty:
    ui_frame.nothing_matches(view)

NUMBERS = ("mhfa_share", "cit_share", "reported", "expiring_90d", "lapsed")
with st.container(horizontal=True, key="numbers"):
    for name in NUMBERS:
        ui.metric(view, name)
table = tables.training(progress)
if table.empty:
    st.info("No department in view has reported training by this day.")
    st.stop()

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Mental Health First Aid by county", anchor=False)
    figure = charts.by_group(ui.query(view, "mhfa_share", "county"), "county", ui.is_dark())
    ui.chart(figure, "Share of sworn officers trained in MHFA, by county", "by_county")
with right:
    st.subheader("Over time", anchor=False)
    lines = {
        "MHFA": ui.query(view, "mhfa_share", "month"),
        "CIT": ui.query(view, "cit_share", "month"),
    }
    figure = charts.over_time(lines, ui.is_dark(), share=True)
    ui.chart(figure, "Share of sworn officers trained, at each month's end", "training_history")

st.subheader("By department, furthest behind first", anchor=False)
ui.department_table(table, "training")
ui.definition(*NUMBERS)
