"""Drop files, see what is wrong and what would change, put it right, publish."""

import streamlit as st

from onemind import ui, ui_problems, ui_questions, ui_templates, ui_upload
from onemind.access import PUBLISH, require

require(ui.user(), PUBLISH)
ui_upload.say_published()
if ui.store().current() is None:
    ui_upload.offer_sample()
upload = ui_upload.ask_for_files()
if upload is None:
    ui_templates.expectations()
    st.stop()
ui_upload.show_files(upload)
ui_upload.publishing(upload)
upload = ui_upload.ask_for_choices(upload)
found = ui_upload.checked(upload)
ui_upload.show_what_they_are(found.draft)
ui_questions.chosen_sheets(upload, found.draft)
ui_problems.listed(found.draft)
ui_questions.recognised(upload, found.draft)
ui_questions.mapped(upload, found.draft)
ui_questions.named(upload, found.draft)
ui_problems.in_the_grid(upload, found.draft)
ui_problems.corrected_in_place(upload, found.draft)
ui_problems.offered(upload, found.draft)
ui_upload.show_difference(found)
ui_upload.offer_publish(upload, found)
