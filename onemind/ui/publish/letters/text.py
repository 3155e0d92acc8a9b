"""The text of the letters: edited, and seen on a department's letter before it is saved."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from onemind import runtime, ui
from onemind.access import PUBLISH, require
from onemind.documents import letters
from onemind.documents.letters import FIELDS, Letter, Text
from onemind.errors import OneMindError
from onemind.ui import hand, label, plain
from onemind.ui.publish.letters.listed import made

SUBJECT, BODY = "letter_subject", "letter_body"


def edited(view: ui.View, listed: tuple[Letter, ...]) -> None:
    """Let somebody change the text; below it is the letter that it makes."""
    saved = letters.current(runtime.appdb())
    st.subheader("Text and preview", anchor=False)
    left, right = st.columns(2)
    with left:
        text = _typed(saved)
        _buttons(text, saved)
        _fields()
    with right:
        _preview(view, text, listed)


def _typed(saved: Text) -> Text:
    st.session_state.setdefault(SUBJECT, saved.subject)
    st.session_state.setdefault(BODY, saved.body)
    subject = st.text_input("Subject", key=SUBJECT, max_chars=150)
    body = st.text_area("Letter", key=BODY, max_chars=3000, height=340)
    return Text(subject, body)


def _buttons(text: Text, saved: Text) -> None:
    with st.container(horizontal=True, key="letter_text"):
        is_changed = text != saved
        st.button(
            "Save the text", type="primary", disabled=not is_changed, on_click=_save, args=(text,)
        )
        if saved != letters.SHIPPED:
            st.button("Back to the original text", on_click=_back)
    if fault := st.session_state.pop("letter_fault", ""):
        st.error(plain(fault))
    if is_changed:
        st.caption("Not saved yet. Files and mail use the saved text.")


def _save(text: Text) -> None:
    require(ui.visitor.user(), PUBLISH)
    by = hand()
    try:
        proven = letters.save(runtime.appdb(), text, by.name, datetime.now(UTC), by.ip)
    except OneMindError as error:
        st.session_state["letter_fault"] = str(error)
        return
    _set(proven)


def _back() -> None:
    require(ui.visitor.user(), PUBLISH)
    by = hand()
    _set(letters.forget(runtime.appdb(), by.name, datetime.now(UTC), by.ip))


def _set(text: Text) -> None:
    st.session_state[SUBJECT], st.session_state[BODY] = text.subject, text.body


def _fields() -> None:
    with st.expander("Fields for the text"):
        st.markdown("Each letter has its own value in place of a field:")
        lines = [f"- `{{{name}}}` {plain(words)}" for name, words in FIELDS.items()]
        st.markdown("\n".join(lines))


def _preview(view: ui.View, text: Text, listed: tuple[Letter, ...]) -> None:
    names = [item.department_id for item in listed]
    by_id = {item.department_id: item.name for item in listed}
    chosen = st.selectbox(
        "Preview the letter to", names, format_func=lambda name: label(by_id[name]),
        key="letter_preview",
    )  # fmt: skip
    try:
        letter = made(view, text)[names.index(chosen)]
    except OneMindError as error:
        st.error(plain(str(error)))
        return
    st.image(
        letters.picture(letter, view.version.published_at), width="stretch", alt=letter.words()
    )
