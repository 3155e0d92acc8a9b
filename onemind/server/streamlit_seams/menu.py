"""The menu is ours alone."""

from __future__ import annotations

from onemind.server.streamlit_seams.seams import is_on


def use_own_menu() -> None:
    """Keep Streamlit from making a menu of its own from the folder called pages.

    It would serve the first deep link after a start without the menu and its permissions.
    """
    if is_on("menu"):
        from streamlit.runtime.pages_manager import PagesManager

        PagesManager.uses_pages_directory = False
