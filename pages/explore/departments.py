"""All departments in one table, who needs a call first; a row opens the department."""

import streamlit as st

from onemind import access, ui
from onemind.metrics import MetricName
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
departments.download(view, rows)
departments.letters(view, asked)
ui.definition(
    MetricName.SWORN,
    MetricName.MHFA_TRAINED,
    MetricName.CIT_TRAINED,
    MetricName.PARTNERSHIPS,
    MetricName.POLICIES,
)
