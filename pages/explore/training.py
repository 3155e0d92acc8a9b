"""How far each department's training is, over time, what ends soon, and when it would be done."""

import streamlit as st

from onemind import tables, ui, ui_forecast, ui_frame, ui_numbers, ui_training

view = ui_frame.view()
progress = ui.progress(view)
if progress.empty:
    ui_frame.nothing_matches(view)

NUMBERS = ("mhfa_share", "cit_share", "reported", "expiring_90d", "lapsed")
ui_numbers.numbers(view, NUMBERS)
st.caption(ui_training.behind_it(view))
if ui_training.known(view).empty:
    st.info("No department in view has reported training and its sworn officers by this day.")
    st.stop()
ui_training.over_counted(view)

st.header("Against the targets", anchor="targets")
ui_training.completion(view)
with ui.fold("All departments as a table", "fold_departments") as is_open:
    if is_open:
        ui.department_table(tables.training(progress), "training")
        ui.download(progress, f"training-version-{view.version.number}-{view.as_of}.csv")

st.header("Over time", anchor="over-time")
ui_training.lines(view)

st.header("Certificates ending", anchor="ending")
ui_training.expiry_calendar(view)

st.header("At the present pace", anchor="forecast")
ui_forecast.forecast(view)
ui.definition(*NUMBERS)
