"""The readings remembered: seen as sentences, renamed, edited as TOML, taken along, removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import streamlit as st

from onemind import runtime, ui
from onemind.access import PUBLISH, require
from onemind.appdb import SavedReading
from onemind.errors import WrongUse
from onemind.ingest import AT_LEAST, COUNTS, EVERY, LEFT_OUT, Reading, spoken
from onemind.ui import label, note, plain
from onemind.ui.publish.card import ORDER_WORDS
from onemind.words import counted, long_day, some

SHAPE_WORDS = {
    "rows": "each row is one record",
    "courses": "a course a column",
    "headings": "departments as headings between the rows",
    "headings and courses": "departments as headings between the rows, a course a column",
}


def listed(saved: list[SavedReading]) -> None:
    """List the readings, each folded, with what can be done to it."""
    for item in saved:
        dataset = item.record.get("dataset")
        title = f"{item.name} · {dataset}" if dataset else item.name
        with st.expander(label(title), key=f"fold_{item.name}"):
            _one(item)


def _one(item: SavedReading) -> None:
    reading = Reading.of(item.record)
    who = f"Saved {long_day(item.saved_at.date())} by {item.author}."
    st.caption(plain(who))
    if item.labels:
        st.markdown(plain(f"For files with the headers {some(item.labels)}."))
    for sentence in sentences(reading):
        st.markdown(f"- {plain(sentence)}")
    _renamed(item)
    _edited(item, reading)
    with st.container(horizontal=True, key=f"acts_{item.name}"):
        st.download_button(
            "Export as TOML", reading.toml().encode(), file_name=f"{item.name}.toml",
            mime="application/toml", on_click="ignore", key=f"export_{item.name}",
        )  # fmt: skip
        if st.button("Remove", key=f"remove_{item.name}", type="tertiary"):
            st.session_state["removing"] = item.name
    if st.session_state.get("removing") == item.name:
        st.warning("Files with these headers will be asked about again. What is published stays.")
        if st.button(label(f"Remove {item.name}"), key=f"sure_{item.name}"):
            _done(item.name, "removed", lambda: runtime.appdb().readings.remove(item.name))


def sentences(reading: Reading) -> Iterator[str]:
    """Say what a reading says, a sentence for each thing."""
    if reading.sheets:
        used, left = ([sheet for sheet, value in reading.sheets.items() if value == answer]
                      for answer in (COUNTS, LEFT_OUT))  # fmt: skip
        yield f"Sheets used: {some(used) or 'none'}" + (
            f"; left out: {some(left)}." if left else "."
        )
    if reading.shape:
        yield f"Its shape: {SHAPE_WORDS[reading.shape]}."
    for head, name in reading.columns.items():
        yield f"The column '{head}' is {name}."
    for name, value in reading.constants.items():
        yield f"{name} is '{value}' in every row."
    for name, order in reading.dates.items():
        where = "All dates are" if name == EVERY else f"Dates in {name} are"
        yield f"{where} {ORDER_WORDS[order]}."
    for name, words in reading.words.items():
        for word, value in words.items():
            yield f"In {name}, '{word}' is {spoken(value)}."
    for head, words in reading.rows.items():
        yield _rows(head, dict(words))
    if reading.hidden:
        answer = "count" if reading.hidden == COUNTS else "are left out"
        yield f"Rows that a workbook hides {answer}."
    if reading.names:
        shown = some([f"{name} is {to}" for name, to in reading.names.items()])
        yield f"{counted(len(reading.names), 'department')} by name: {shown}."


def _rows(head: str, words: dict[str, str]) -> str:
    if EVERY in words:
        return f"'{head}' decides nothing: every row counts."
    lowest = words.pop(AT_LEAST, None)
    parts = [f"from {lowest} on"] if lowest else []
    for answer, said in ((COUNTS, "count"), (LEFT_OUT, "do not")):
        if listed := [word or "(blank)" for word, value in words.items() if value == answer]:
            parts.append(f"{some(listed)} {said}")
    return f"'{head}' decides which rows count: {'; '.join(parts)}."


def _renamed(item: SavedReading) -> None:
    with (
        st.form(f"rename_{item.name}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", key=f"naming_{item.name}"),
    ):
        new = st.text_input("Name", item.name, max_chars=120, key=f"name_{item.name}", width=360)
        if st.form_submit_button("Rename") and new.strip() != item.name:
            _done(item.name, "renamed", lambda: runtime.appdb().readings.rename(item.name, new))


def _edited(item: SavedReading, reading: Reading) -> None:
    with st.form(f"edit_{item.name}", border=False):
        text = st.text_area("As TOML", reading.toml(), height=220, key=f"toml_{item.name}")
        if st.form_submit_button("Save"):
            _done(item.name, "changed", lambda: _change(item.name, text))


def _change(name: str, text: str) -> None:
    record, now = Reading.from_toml(text).record(), datetime.now(UTC)
    runtime.appdb().readings.change(name, record, ui.visitor.user().name, now)


def _done(name: str, what: str, act: Callable[[], None]) -> None:
    """Do it, note it and show the list anew; what can't be done is said."""
    require(ui.visitor.user(), PUBLISH)
    try:
        act()
    except WrongUse as error:
        st.error(plain(str(error)))
        return
    st.session_state.pop("removing", None)
    note(f"reading {what}", name)
    st.rerun()
