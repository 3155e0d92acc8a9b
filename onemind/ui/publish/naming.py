"""Files that name officers are kept nowhere until somebody decides: they wait in the session."""

from __future__ import annotations

import streamlit as st

from onemind import ingest, publishing, runtime, ui
from onemind.access import PUBLISH, require
from onemind.appdb import Staged
from onemind.ui import plain
from onemind.ui.publish import staged
from onemind.words import some

HELD = "files_with_names"
Files = list[tuple[str, bytes]]


def take(files: Files) -> None:
    """Keep uploaded files, but for those that name officers: they wait for an answer."""
    options = publishing.Options(runtime.today())
    with publishing.held(files) as uploads:
        tables = publishing.naming(runtime.store(), uploads, options)
    if tables:
        st.session_state[HELD] = (files, tables)
    else:
        staged.add(files)


def ask() -> None:
    """Ask what becomes of files that name officers; the page ends here until it is decided."""
    if HELD not in st.session_state:
        return
    files, tables = st.session_state[HELD]
    st.info(
        plain(f"{some(tables)} names officers. ")
        + "Names are never stored: the file is kept nowhere until you decide, and a "
        "reload drops it. "
        "Pseudonyms can take the place of names. They are made of name and department, so they "
        "stay the same in the next file. Badge numbers stay as they are."
    )
    with st.container(horizontal=True, key="naming"):
        if st.button("Turn names into pseudonyms", type="primary"):
            require(ui.visitor.user(), PUBLISH)
            with publishing.held(files) as uploads:
                _replaced(uploads, None)
        if st.button("Don't use the files", type="tertiary"):
            del st.session_state[HELD]
            st.rerun()
    st.stop()


def offer(upload: Staged, draft: publishing.Draft) -> None:
    """Offer pseudonyms where names were found only below; say that they were made."""
    if any(item.code == "personal-id" for item in draft.problems):
        st.info("Names are never stored. Pseudonyms can take their place.")
        if st.button("Turn names into pseudonyms", type="primary"):
            require(ui.visitor.user(), PUBLISH)
            _replaced(staged.uploads(upload), upload)
    elif upload.choices.get("pseudonyms"):
        st.success(
            "Names of officers were turned into pseudonyms: the same person gets the same one next "
            "time. The files with the names were not kept."
        )


def _replaced(uploads: list[ingest.Upload], before: Staged | None) -> None:
    """Keep files with pseudonyms in place of those with names, or say why there are none."""
    try:
        made = publishing.nameless(runtime.store(), uploads, publishing.Options(runtime.today()))
    except ingest.CheckFailed as error:
        for problem in error.problems:
            st.error(plain(problem.message))
        return
    choices = before.choices if before else {}
    if before:
        staged.discard(before)
    staged.add(made)
    if upload := staged.current():
        staged.choose(upload, **{**choices, "pseudonyms": True})
    st.session_state.pop(HELD, None)
    st.rerun()
