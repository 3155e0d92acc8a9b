"""What is on the screen for paper: the one-page brief, and the page as it prints.

It says no more than the page, and is read as whoever asks sees it; it goes to those who may
download.
"""

from __future__ import annotations

import streamlit as st

from onemind import documents, runtime, ui
from onemind.access import DOWNLOAD
from onemind.ui import noted


def button(view: ui.View, department_id: str | None = None) -> None:
    """Offer the brief of the view, or of one department, and the page's print view.

    The brief is made when it is asked for.
    """
    with st.container(horizontal=True, width="content", key="to_paper"):
        if ui.visitor.user().may(DOWNLOAD):
            _download(view, department_id)
        ui.paper.link()


def _download(view: ui.View, department_id: str | None) -> None:
    window, chosen, today = ui.window(), view.filter, runtime.today()
    name = f"brief-{department_id or 'campaign'}-{view.as_of}.pdf"
    st.download_button(
        "One-page brief",
        noted(name, lambda: documents.brief(window, chosen, today, department_id)),
        file_name=name,
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        help="A one-page PDF to print or send.",
        key="brief",
    )
