"""All departments in one table: stage, training and practices; a row opens the department."""

import streamlit as st

from onemind import tables, ui, ui_frame

view = ui_frame.view()
progress = ui.progress(view)
if progress.empty:
    ui_frame.nothing_matches(view)
st.markdown(f"{len(progress):,} departments. Choose a row to open the department.")
ui.department_table(tables.departments(progress), "departments")
st.caption(f"Practices: {tables.legend()}. Shares are of active sworn officers; blank is unknown.")
ui.download(progress, "progress.csv")
ui.definition("sworn", "mhfa_trained", "cit_trained", "partnerships", "policies")
