"""How far each department's training is, over time, what ends soon, and when it would be done."""

import streamlit as st

from onemind import ui
from onemind.drawing import tables
from onemind.metrics import MetricName
from onemind.ui.explore import forecast, numbers, training

view = ui.frame.view()
progress = ui.progress(view)
if progress.empty:
    ui.frame.nothing_matches(view)

NUMBERS = (
    MetricName.MHFA_SHARE,
    MetricName.CIT_SHARE,
    MetricName.REPORTED,
    MetricName.EXPIRING_90D,
    MetricName.LAPSED,
)
numbers.numbers(view, NUMBERS)
st.caption(training.behind_it(view))
if training.known(view).empty:
    st.info("No department in view has reported training and its sworn officers by this day.")
    st.stop()
training.over_counted(view)

st.header("Against the targets", anchor="targets")
training.completion(view)
with ui.fold("All departments as a table", "fold_departments") as is_open:
    if is_open:
        ui.department_table(view, tables.overview.training(progress), "training")
        ui.download(view, "Training by department", progress)

st.header("Over time", anchor="over-time")
training.lines(view)

st.header("Certificates ending", anchor="ending")
training.expiry_calendar(view)

st.header("At the present pace", anchor="forecast")
forecast.forecast(view)
ui.definition(*NUMBERS)
