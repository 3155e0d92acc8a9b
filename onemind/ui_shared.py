"""What a partner reads above every page: what was shared with them, and until when."""

from __future__ import annotations

from datetime import date

import streamlit as st

from onemind import ui, ui_visitor
from onemind.access import User
from onemind.ui_text import plain

LEAVE = '<a href="/share/leave" target="_self" style="color:inherit">Back to your own view</a>'


def bar() -> None:
    """Say in words what a partner sees; nothing to anybody else."""
    user = ui.user()
    if user.role != "partner":
        return
    with st.container(horizontal=True, vertical_alignment="center", key="shared"):
        st.markdown(f":material/visibility: {words(user)}", width="stretch")
        if user.until and not st.context.is_embedded and ui_visitor.behind():
            st.html(LEAVE, width="content")


def words(user: User) -> str:
    """Say it: "Shared with you: Massachusetts · read-only · until 31 December 2026"."""
    scope = plain(user.scope.words())
    if user.until is None:
        return f"**Public view:** {scope} · read-only"
    parts = [f"**Shared with you:** {scope}", "read-only", f"until {_long(user.until)}"]
    if user.version is not None:
        parts.append(f"held at version {user.version}")
    return " · ".join(parts)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 link", "2 links"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
