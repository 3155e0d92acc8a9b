"""Drop files, see what is wrong and what would change, publish."""

import streamlit as st

from onemind import ui, ui_upload
from onemind.access import PUBLISH, require

require(ui.user(), PUBLISH)
if ui.store().current() is None:
    ui_upload.offer_sample()
uploads = ui_upload.files()
if not uploads:
    ui_upload.expectations()
    st.stop()
options = ui_upload.options()
made = ui_upload.checked(uploads, options)
ui_upload.show_files(made)
ui_upload.show_problems(made)
ui_upload.show_difference(made)
ui_upload.offer_publish(uploads, options, made)
