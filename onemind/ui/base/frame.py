"""The frame of every page: its title, the filter bar, the as-at line, and the empty states."""

from __future__ import annotations

from contextvars import ContextVar

import streamlit as st

from onemind import narrative, runtime
from onemind.access import PUBLISH, VERSIONS
from onemind.store import Version
from onemind.ui.base import exports, filters, links, visitor
from onemind.ui.base.markdown import plain
from onemind.ui.base.view import View, window
from onemind.words import long_day

_VIEW: ContextVar[View | None] = ContextVar("view", default=None)


def open_view(title: str) -> None:
    """Draw the title, the filters and the as-at line, and keep the view for the page run next."""
    exports.begin()
    newest = window().current()
    with st.container(horizontal=True, vertical_alignment="center", key="frame"):
        st.title(title, anchor=False, width="content")
        shown = filters.bar(newest) if newest else None
    _VIEW.set(shown)
    if shown is None:
        return
    st.caption(as_of_line(shown))
    if shown.version != shown.newest:
        st.warning(
            f"You are viewing version {shown.version.number}; the newest is {shown.newest.number}."
        )


def open_title(title: str) -> None:
    """Draw the title of a page that is about the data and not a view of them."""
    with st.container(key="frame"):
        st.title(title, anchor=False)
    newest = window().current()
    if newest:
        st.caption(f"As of {long_day(runtime.today())} · {published(newest)}")


def opened() -> View | None:
    """Return what the page looks at, if anything is published."""
    return _VIEW.get()


def view() -> View:
    """Return what the page looks at; ends it with the first-run state if nothing is published."""
    current = _VIEW.get()
    if current is None:
        first_run()
    assert current is not None
    return current


def first_run() -> None:
    """Say that nothing is published yet and what to do, and end the page."""
    with st.container(border=True, key="card_first"):
        st.header("Nothing is published yet", anchor=False)
        st.markdown(
            "Upload CSV files or workbooks of departments, pledges and training, "
            "or load the sample campaign to explore."
        )
        if visitor.user().may(PUBLISH):
            with st.container(key="concern_first"):
                links.link("pages/publish/upload.py", label="Upload data or load the sample")
    st.stop()


def nothing_matches(view: View) -> None:
    """Say that the filters leave nothing, and end the page."""
    st.info(
        f"No department matches: {plain(view.filter.words())}. Broaden the filter to "
        "see departments."
    )
    st.stop()


def as_of_line(view: View) -> str:
    """Return the line every screen carries, as Markdown: as of when, published when by whom."""
    shared = visitor.user().sight.scope.chosen() and not view.filter.chosen()
    words = "all that is shared" if shared else view.filter.words()
    return f"As of {long_day(view.as_of)} · {published(view.version)} · {plain(words)}"


def published(version: Version) -> str:
    """Return which version, published when and by whom; partners are not told a person's name."""
    author = plain(version.author) if visitor.user().may(VERSIONS) else narrative.STAFF
    return narrative.published(version, author)
