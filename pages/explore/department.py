"""One department: its pledge, its checklist, its training and where each number comes from."""

import streamlit as st

from onemind import tables, ui, ui_department, ui_frame

view = ui_frame.view()
row = ui_department.chosen(view)
st.header(row["name"], anchor=False)
ui_department.where_it_stands(view, row)

st.subheader("The four practices", anchor=False)
st.table(tables.checklist(row, ui_department.asked(row)).set_index("Practice"))

st.subheader("Training", anchor=False)
ui_department.training(row)

st.subheader("Pledges", anchor=False)
ui_department.records(view, row, "pledges")
st.subheader("Partnerships", anchor=False)
ui_department.records(view, row, "partnerships")
ui.definition("sworn", "mhfa_trained", "cit_trained", "expiring_90d", "lapsed")
