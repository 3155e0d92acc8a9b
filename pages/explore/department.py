"""One department: its deadline, its checklist, all that happened, and where each number is from."""

import streamlit as st

from onemind import ui
from onemind.metrics import MetricName
from onemind.ui import plain
from onemind.ui.explore import brief, contact, department, department_history

view = ui.frame.view()
found = department.chosen(view)
name = found.row["department_id"]
ui.exports.about(found.row["name"])
department.ways(view, found)
st.header(plain(found.row["name"]), anchor=False)
department.where_it_stands(found)
brief.button(view, name)

st.subheader("The four practices", anchor=False)
department.practices(found)

st.subheader("Training", anchor=False)
department.numbers(found)
department_history.training(view, name)
department_history.officers(view, found)

st.subheader("What happened", anchor=False)
department_history.happened(view, name)

st.subheader("Partners", anchor=False)
department_history.partners(view, name)

st.subheader("Outcomes", anchor=False)
department_history.outcomes(view, name)

department.contacts(found)
ui.definition(
    MetricName.SWORN,
    MetricName.MHFA_TRAINED,
    MetricName.CIT_TRAINED,
    MetricName.EXPIRING_90D,
    MetricName.LAPSED,
    MetricName.MH_CALLS,
)
contact.report_error_link(view, found.row)
