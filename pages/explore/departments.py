"""All departments in one table, who needs a call first; a row opens the department."""

import streamlit as st

from onemind import access, ui
from onemind.ui.explore import departments

view = ui.frame.view()
asked = departments.ask()
rows = departments.listed(view, asked)
if rows.empty:
    departments.none_found(view, asked)
hint = " Choose a row to open the department." if ui.links.may(access.DEPARTMENT) else ""
st.markdown(f"{departments.count(rows)}.{hint}")
departments.links(rows, asked)
departments.table(view, rows, asked)
departments.download(rows)
ui.definition("sworn", "mhfa_trained", "cit_trained", "partnerships", "policies")
