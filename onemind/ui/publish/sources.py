"""Files from an address: fetched once into an upload; and sources that failed, told to staff."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from onemind import publishing, runtime, ui
from onemind.access import PUBLISH, require
from onemind.errors import OneMindError
from onemind.ui import plain
from onemind.ui.publish import staged


def failing() -> None:
    """Say which sources failed the last time they were asked, and why."""
    for source in runtime.appdb().sources.all():
        if source.failed:
            st.warning(plain(f"The source {source.url} was not published. {source.message}"))


def ask_for_address() -> None:
    """Ask for an https address and fetch its file into the upload, where hosts were allowed."""
    chosen = runtime.store().settings
    if not chosen.source_hosts:
        return
    with (
        st.form("address", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", key="from_address"),
    ):
        url = st.text_input(
            "Or the address of a file", placeholder="https://…", width=520,
            help=f"Allowed hosts: {plain(', '.join(chosen.source_hosts))}",
        )  # fmt: skip
        pressed = st.form_submit_button("Fetch")
    if not pressed or not url.strip():
        return
    require(ui.visitor.user(), PUBLISH)
    allowed = publishing.Allowance(chosen.source_hosts)
    try:
        with tempfile.TemporaryDirectory() as folder:
            got = publishing.fetch(url.strip(), allowed, Path(folder), chosen.max_upload)
            if got.path is not None:
                staged.add([(got.name, got.path.read_bytes())])
    except OneMindError as error:
        st.error(plain(str(error)))
    else:
        st.rerun()
