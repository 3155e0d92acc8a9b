"""What every number means, where it comes from, how to cite it and how to report an error:
generated from the declarations."""

import streamlit as st

from onemind import ui, ui_contact, ui_frame, ui_methodology

view, rules = ui_frame.view(), ui.store().rules
ui_methodology.asked()
st.markdown(ui_methodology.introduction(view))
st.markdown(ui_methodology.contents())
ui_methodology.heading("numbers")
ui_methodology.numbers(view)
ui_methodology.heading("practices")
st.markdown(ui_methodology.practices(rules))
ui_methodology.heading("editions")
ui_methodology.table(ui_methodology.editions(rules))
ui_methodology.heading("courses")
ui_methodology.table(ui_methodology.courses(rules))
ui_methodology.heading("stages")
st.markdown(ui_methodology.stages(rules))
ui_methodology.heading("settings")
ui_methodology.table(ui_methodology.spans(rules))
ui_methodology.heading("training")
st.markdown(ui_methodology.training())
ui_methodology.heading("small-counts")
st.markdown(ui_methodology.small_counts())
ui_methodology.heading("data")
ui_methodology.datasets()
ui_methodology.heading("cite")
st.code(ui_methodology.citation(view), language=None, wrap_lines=True)
ui_methodology.heading("errors")
st.markdown("Say which department and which number, what it says, and what it should be.")
ui_contact.report_error_link(view)
