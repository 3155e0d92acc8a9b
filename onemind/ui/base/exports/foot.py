"""The foot of a page: each of its charts and tables as files, for whoever may download."""

from __future__ import annotations

import streamlit as st

from onemind.access import DOWNLOAD
from onemind.ui.base import paper, visitor
from onemind.ui.base.activity import noted
from onemind.ui.base.exports.offers import collected, subject
from onemind.ui.base.exports.pictures import pictures
from onemind.ui.base.exports.saved import Saved
from onemind.ui.base.markdown import plain


def foot() -> None:
    """Draw a fold with what the page offers; what it holds is drawn once it is opened."""
    offers = collected()
    if not offers or not visitor.user().may(DOWNLOAD) or paper.asked():
        return
    fold = st.expander(
        "Download charts and tables", key="exports", icon=":material/download:", on_change="rerun"
    )
    with fold:
        if not fold.open:
            return
        scope = visitor.user().sight.scope
        saved = [Saved(offer, scope.words(), subject()) for offer in offers]
        for place, item in enumerate(saved):
            _row(place, item)
        st.caption(
            "A workbook and a picture say what they show, as of when, and which version. A CSV "
            "holds the data alone; its name says the rest."
        )


def _row(place: int, saved: Saved) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"export_{place}"):
        st.markdown(plain(saved.offer.title), width="stretch")
        for label, make in (("CSV", saved.csv), ("XLSX", saved.xlsx)):
            name = saved.name(f".{label.lower()}")
            st.download_button(
                label, noted(name, make), file_name=name, on_click="ignore",
                key=f"export_{label}_{place}", help=f"{saved.offer.title} as {label}",
            )  # fmt: skip
        if saved.offer.chart:
            pictures(place, saved)
