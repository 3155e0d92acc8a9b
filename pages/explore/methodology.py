"""What every number means, where it comes from and how to cite it: generated from the
declarations."""

import streamlit as st

from onemind import ui, ui_frame, ui_methodology

view = ui_frame.view()
st.markdown(ui_methodology.introduction(view))
st.header("The rule", anchor=False)
st.markdown(ui_methodology.rule(ui.store().rules))
st.header("The numbers", anchor=False)
st.markdown(ui_methodology.numbers())
st.header("The data", anchor=False)
ui_methodology.datasets()
st.header("How to cite", anchor=False)
st.code(ui_methodology.citation(view), language=None, wrap_lines=True)
