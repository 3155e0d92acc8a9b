"""All departments in one table, who needs a call first; a row opens the department."""

import streamlit as st

from onemind import ui, ui_departments, ui_frame, ui_go
from onemind.ui_text import plain

view = ui_frame.view()
search = ui_departments.asked()
rows = ui_departments.listed(view, search)
if rows.empty and not search:
    ui_frame.nothing_matches(view)
if rows.empty:
    said = f"No department in view matches '{plain(search)}'."
    st.info(f"{said} Change the search or widen the filters.")
    st.stop()
hint = " Choose a row to open the department." if ui_go.may(ui.DEPARTMENT) else ""
st.markdown(f"{ui_departments.count(rows)}.{hint}")
ui_departments.links(rows, search)
ui_departments.table(view, rows, search)
ui_departments.download(rows)
ui.definition("sworn", "mhfa_trained", "cit_trained", "partnerships", "policies")
