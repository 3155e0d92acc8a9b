"""The line at a page's foot: who is here, and the way to sign in or out."""

from __future__ import annotations

from html import escape

import streamlit as st

from onemind import ui, ui_visitor


def foot() -> None:
    """Say who is here: the administrator of this computer, somebody signed in, or a visitor."""
    user = ui.user()
    if ui_visitor.door().is_local():
        if user.role == "admin":
            st.caption(
                f"This computer only: no sign-in is set up, so you ({user.name}) are the "
                "administrator."
            )
    elif user.role != "partner":
        _line(f"Signed in as {user.name} ({user.role})", "/account", "Account and signing out")
    elif not user.id:
        _line("You see what is public here.", "/login", "Sign in")


def _line(says: str, address: str, words: str) -> None:
    """Write a line with a link that stays in this tab, where one of Markdown opens another."""
    with st.container(key="account"):
        link = f'<a href="{address}" style="color: inherit">{escape(words)}</a>'
        st.html(f'<span style="font-size: .875rem">{escape(says)} · {link}</span>')
