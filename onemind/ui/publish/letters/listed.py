"""Who gets a letter, who has no address, and the letters as files."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from onemind import runtime, ui
from onemind.documents import letters
from onemind.documents.letters import Letter, Text
from onemind.ui import noted, plain
from onemind.words import counted

FEW = 5  # so many names lie open


@ui.cached_value
def made(view: ui.View, text: Text) -> tuple[Letter, ...]:
    """Return the letters to the departments in view; raises WrongUse for an unknown field."""
    settings = runtime.store().settings
    answer_to = settings.contact or settings.mail_from
    return letters.letters(ui.window(), view.filter, text, answer_to, view.as_of)


def whom(view: ui.View, listed: tuple[Letter, ...]) -> None:
    """Say how many letters there are, and name the departments without an address."""
    st.markdown(
        f"**{counted(len(listed), 'letter')}**, to {plain(view.filter.words())}. "
        "Narrow the filters above to write to fewer departments."
    )
    _without(listed)
    with st.expander("Departments and addresses"):
        table = pd.DataFrame(
            {
                "Department": [item.name for item in listed],
                "Contact": [item.contact or None for item in listed],
                "Email address": [item.given or None for item in listed],
                "Stage": [item.stage for item in listed],
                "Not met or not reported": [item.missing for item in listed],
            }
        )
        st.dataframe(table, hide_index=True, key="letters_table", placeholder="–",
                     alt="Table of departments that get a letter")  # fmt: skip


def _without(listed: tuple[Letter, ...]) -> None:
    """Name the departments that mail can't reach, with what the data has for an address."""
    without = [item for item in listed if not item.address]
    if not without:
        return
    has = "has" if len(without) == 1 else "have"
    st.warning(
        f"{counted(len(without), 'department')} {has} no usable email address. "
        "Their letters are in the files, for paper mail."
    )
    with st.expander(f"Without an email address · {len(without):,}", expanded=len(without) <= FEW):
        given = [f" ({item.given})" if item.given else "" for item in without]
        names = [f"- {plain(item.name + said)}" for item, said in zip(without, given, strict=True)]
        st.markdown("\n".join(names))


def files(view: ui.View, listed: tuple[Letter, ...]) -> None:
    """Offer the letters as one PDF, everything as a zip, and the addresses for mail merge."""
    published, sender = view.version.published_at, runtime.store().settings.mail_from
    name = f"letters-{view.as_of}"
    offers = (
        ("All letters as one PDF", f"{name}.pdf", "application/pdf", ":material/picture_as_pdf:",
         lambda: letters.together(listed, published)),
        ("Letters, drafts and addresses as a zip", f"{name}.zip", "application/zip",
         ":material/folder_zip:",
         lambda: letters.bundle(listed, sender, published, datetime.now(UTC))),
        ("Addresses as CSV", f"{name}.csv", "text/csv", ":material/contacts:",
         lambda: letters.addresses(listed).encode()),
    )  # fmt: skip
    with st.container(horizontal=True, key="letter_files"):
        for label, file, kind, icon, content in offers:
            st.download_button(
                label, noted(file, content), file_name=file, mime=kind, icon=icon,
                on_click="ignore", key=f"take_{kind}",
            )  # fmt: skip
    st.caption(
        "Drafts are .eml files: a mail program opens each as a message ready to send, with the "
        "letter attached. The addresses suit a mail merge."
    )
