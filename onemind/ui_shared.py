"""What a partner reads above every page: what was shared with them, and until when."""

from __future__ import annotations

import streamlit as st

from onemind import ui, ui_visitor
from onemind.access import User
from onemind.ui_text import plain
from onemind.words import long_day

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
    parts = [f"**Shared with you:** {scope}", "read-only", f"until {long_day(user.until)}"]
    if user.version is not None:
        parts.append(f"held at version {user.version}")
    return " · ".join(parts)
