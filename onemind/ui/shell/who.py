"""What a partner reads above every page: what was shared with them, and until when."""

from __future__ import annotations

from html import escape

import streamlit as st

from onemind import runtime, ui
from onemind.access import User
from onemind.ui import plain
from onemind.words import long_day

LEAVE = '<a href="/share/leave" target="_self" style="color:inherit">Back to your own view</a>'


def bar() -> None:
    """Say in words what a partner sees; nothing to anybody else."""
    user = ui.visitor.user()
    if user.role != "partner":
        return
    with st.container(horizontal=True, vertical_alignment="center", key="shared"):
        st.markdown(f":material/visibility: {words(user)}", width="stretch")
        if user.until and not st.context.is_embedded and ui.visitor.behind():
            st.html(LEAVE, width="content")


def words(user: User) -> str:
    """Say it: "Shared with you: Massachusetts · read-only · until December 31, 2026"."""
    scope = plain(user.scope.words())
    if user.until is None:
        return f"**Public view:** {scope} · read-only"
    parts = [f"**Shared with you:** {scope}", "read-only", f"until {long_day(user.until)}"]
    if user.version is not None:
        parts.append(f"fixed at version {user.version}")
    return " · ".join(parts)


def foot() -> None:
    """Say who is here: the administrator of this computer, somebody signed in, or a visitor."""
    user = ui.visitor.user()
    if runtime.visitors().is_local():
        if user.role == "admin":
            st.caption(
                f"This computer only. No sign-in is set up, so you ({user.name}) are the "
                "administrator."
            )
    elif user.role != "partner":
        _line(f"Signed in as {user.name} ({user.role})", "/account", "Account and sign out")
    elif not user.id:
        _line("You are seeing the public view.", "/login", "Sign in")


def _line(says: str, address: str, words: str) -> None:
    """Write a line with a link that stays in this tab, where one of Markdown opens another."""
    with st.container(key="account"):
        link = f'<a href="{address}" style="color: inherit">{escape(words)}</a>'
        st.html(f'<span style="font-size: .875rem">{escape(says)} · {link}</span>')
