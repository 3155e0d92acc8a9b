"""What every number means, where it comes from, how to cite it and how to report an error:
generated from the declarations."""

import streamlit as st

from onemind import runtime, ui
from onemind.ui.explore import contact, methodology

view, rules = ui.frame.view(), runtime.store().rules
methodology.asked()
st.markdown(methodology.introduction(view))
st.markdown(methodology.contents())
methodology.heading("numbers")
methodology.numbers(view)
methodology.heading("practices")
st.markdown(methodology.practices(rules))
methodology.heading("editions")
methodology.table(methodology.editions(rules))
methodology.heading("courses")
methodology.table(methodology.courses(rules))
methodology.heading("stages")
st.markdown(methodology.stages(rules))
methodology.heading("settings")
methodology.table(methodology.spans(rules))
methodology.heading("training")
st.markdown(methodology.training())
methodology.heading("small-counts")
st.markdown(methodology.small_counts())
methodology.heading("data")
methodology.datasets()
methodology.heading("cite")
st.code(methodology.citation(view), language=None, wrap_lines=True)
methodology.heading("errors")
st.markdown("Say which department and which number, what it says, and what it should be.")
contact.report_error_link(view)
