"""One department: its deadline, its checklist, all that happened, and where each number is from."""

import streamlit as st

from onemind import ui, ui_brief, ui_contact, ui_department, ui_department_history, ui_frame
from onemind.ui_text import plain

view = ui_frame.view()
found = ui_department.chosen(view)
name = found.row["department_id"]
ui_department.ways(view, found)
st.header(plain(found.row["name"]), anchor=False)
ui_department.where_it_stands(found)
ui_brief.button(view, name)

st.subheader("The four practices", anchor=False)
ui_department.practices(found)

st.subheader("Training", anchor=False)
ui_department.numbers(found)
ui_department_history.training(view, name)
ui_department_history.officers(view, found)

st.subheader("What happened", anchor=False)
ui_department_history.happened(view, name)

st.subheader("Partners", anchor=False)
ui_department_history.partners(view, name)

st.subheader("Outcomes", anchor=False)
ui_department_history.outcomes(view, name)

ui_department.contacts(found)
ui.definition("sworn", "mhfa_trained", "cit_trained", "expiring_90d", "lapsed", "mh_calls")
ui_contact.report_error_link(view, found.row)
