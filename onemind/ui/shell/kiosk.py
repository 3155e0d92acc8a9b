"""Wall mode (`?kiosk=1`): no menus, large type, one screen after the other.

The script only draws a link to the next screen; a timer in the browser (kiosk.js) scrolls through
the screen and then follows that link, so that nothing runs here in between. The filters of the
address stay. Every night the timer loads the page anew.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from onemind import ui

SCRIPT = Path(__file__).with_name("kiosk.js")
SHEET = Path(__file__).with_name("kiosk.css")
ROUTE = "/api/kiosk.js"
ON = {"kiosk": ["1"]}
SCREENS = ("Overview", "Map", "Training")


def is_on() -> bool:
    """Whether the address asks for wall mode."""
    return st.query_params.get("kiosk") == "1"


def steer(page: StreamlitPage, pages: list[StreamlitPage], view: ui.View | None) -> None:
    """Dress the page for the wall, and draw the links to the next screen and out of this mode."""
    st.html(f"<style>{SHEET.read_text(encoding='utf-8')}</style>")
    screens = [item for item in pages if item.title in SCREENS]
    place = screens.index(page) + 1 if page in screens else 0
    address = ui.filters.address(view) if view else {}
    with st.container(horizontal=True, horizontal_alignment="right", key="kiosk"):
        # Loaded anew: a link within the app leaves the address of the same page as it is.
        leave = f"/{page.url_path}?{urlencode(address, doseq=True)}"
        st.html(f'<a href="{escape(leave)}" target="_self">Leave wall mode</a>', width="content")
        if screens:
            follow = screens[place % len(screens)]
            with st.container(width="content", key="kiosk_next"):
                file, address = f"pages/explore/{follow.url_path or 'overview'}.py", address | ON
                ui.links.link(file, f"Next: {follow.title}", query_params=address)
