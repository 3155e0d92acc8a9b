"""Drop files, see what is wrong and what would change, put it right, publish."""

import streamlit as st

from onemind import runtime, ui
from onemind.access import PUBLISH, require
from onemind.ui.publish import backups, card, naming, problems, questions, sources, templates
from onemind.ui.publish.upload import (
    ask_for_choices,
    ask_for_files,
    checked,
    first_real_file,
    offer_publish,
    offer_sample,
    publish_under_way,
    say_published,
    show_difference,
    show_files,
    show_what_they_are,
)

require(ui.visitor.user(), PUBLISH)
say_published()
if runtime.store().current() is None:
    offer_sample()
backups.failing()
sources.failing()
sources.ask_for_address()
upload = ask_for_files()
naming.ask()
if upload is None:
    templates.expectations()
    st.stop()
show_files(upload)
publish_under_way(upload)
upload = ask_for_choices(upload)
found = checked(upload)
show_what_they_are(found.draft)
first_real_file(upload, found.draft)
questions.chosen_sheets(upload, found.draft)
questions.as_it_stands(upload)
naming.offer(upload, found.draft)
card.show(upload, found.draft)
problems.listed(found.draft)
questions.recognized(upload, found.draft)
questions.mapped(upload, found.draft)
questions.named(upload, found.draft)
problems.in_the_grid(upload, found.draft)
problems.corrected_in_place(upload, found.draft)
problems.offered(upload, found.draft)
show_difference(found)
offer_publish(upload, found)
