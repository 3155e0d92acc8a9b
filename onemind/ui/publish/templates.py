"""What the upload page says before there is a file: what is understood, and the templates."""

from __future__ import annotations

from typing import Any

import streamlit as st

from onemind import runtime
from onemind.campaign import contracts
from onemind.documents.templates import as_csv, as_xlsx, everything


def expectations() -> None:
    """Say what files are understood, and offer the templates."""
    st.markdown(
        "Each file is recognized by its header. Files that belong together go together: "
        "they become one version, or none. Nothing is published before you have seen "
        "the changes. Your files stay here until you publish or discard them, even "
        "after a reload or a restart of the server."
    )
    rules = runtime.store().rules
    with st.expander("What files should contain, and blank templates"):
        _offer("All in one workbook", lambda: everything(rules), "one-mind-templates.xlsx")
        for parsed in contracts().values():
            name = parsed.name
            with st.container(horizontal=True, vertical_alignment="center", key=f"offer_{name}"):
                _offer("xlsx", lambda name=name: as_xlsx(name, rules), f"{name}.xlsx")
                _offer("csv", lambda name=name: as_csv(name).encode(), f"{name}.csv")
                st.markdown(f"**{parsed.title}**: {parsed.description}")


def _offer(label: str, content: Any, name: str) -> None:
    st.download_button(label, content, file_name=name, on_click="ignore", key=f"offer_file_{name}")


def download(dataset: str) -> None:
    """Offer the blank template of one dataset."""
    rules = runtime.store().rules
    _offer(f"Template for {dataset}", lambda: as_xlsx(dataset, rules), f"{dataset}.xlsx")
