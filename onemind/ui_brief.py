"""What is on the screen for paper: the one-page brief, and the page as it prints.

It says no more than the page, and is read as whoever asks sees it; it goes to those who may
download.
"""

from __future__ import annotations

import streamlit as st

from onemind import report, ui, ui_print
from onemind.access import DOWNLOAD
from onemind.ui_activity import noted


def button(view: ui.View, department_id: str | None = None) -> None:
    """Offer the brief of the view, or of one department, and the page's print view.

    The brief is made when it is asked for.
    """
    with st.container(horizontal=True, width="content", key="to_paper"):
        if ui.user().may(DOWNLOAD):
            _download(view, department_id)
        ui_print.link()


def _download(view: ui.View, department_id: str | None) -> None:
    window, chosen, today = ui.window(), view.filter, ui.today()
    name = f"brief-{department_id or 'campaign'}-{view.as_of}.pdf"
    st.download_button(
        "One-page brief",
        noted(name, lambda: report.brief(window, chosen, today, department_id)),
        file_name=name,
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        help="A PDF of one page, to print or send.",
        key="brief",
    )
