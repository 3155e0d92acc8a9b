"""All departments in one table, who needs a call first; a row opens the department."""

import streamlit as st

from onemind import ui, ui_departments, ui_frame, ui_go

view = ui_frame.view()
asked = ui_departments.ask()
rows = ui_departments.listed(view, asked)
if rows.empty:
    ui_departments.none_found(view, asked)
hint = " Choose a row to open the department." if ui_go.may(ui.DEPARTMENT) else ""
st.markdown(f"{ui_departments.count(rows)}.{hint}")
ui_departments.links(rows, asked)
ui_departments.table(view, rows, asked)
ui_departments.download(rows)
ui.definition("sworn", "mhfa_trained", "cit_trained", "partnerships", "policies")
