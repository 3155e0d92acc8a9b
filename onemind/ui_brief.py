"""The button that hands out the one-page brief of what is on the screen.

Whoever sees a page may have its brief: it says no more than the page, and is read as they see it.
"""

from __future__ import annotations

import streamlit as st

from onemind import report, ui


def button(view: ui.View, department_id: str | None = None) -> None:
    """Offer the brief of the view, or of one department; it is made when it is asked for."""
    window, chosen, today = ui.window(), view.filter, ui.today()
    name = f"brief-{department_id or 'campaign'}-{view.as_of}.pdf"
    st.download_button(
        "One-page brief",
        lambda: report.brief(window, chosen, today, department_id),
        file_name=name,
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        help="A PDF of one page, to print or send.",
        key="brief",
    )
