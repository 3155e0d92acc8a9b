"""The page on paper: what a browser prints of it, and a view that is as wide as a sheet.

A browser does not draw charts anew for the width of its paper. So a page printed as it is has its
charts scaled down until none is cut off; and at `?print=1` the page has the width of a sheet on the
screen already, without menus, filters and buttons, and prints as it is seen.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

SHEET = Path(__file__).with_suffix(".css")
FOR_PAPER_ALONE = "/* for paper alone */"
ON_SCREEN = ".stApp [data-testid=stMainBlockContainer] { max-width: 720px; padding: 0 12px; }"


def asked() -> bool:
    """Whether the address asks for the page as it goes on paper."""
    return st.query_params.get("print") == "1"


@cache
def sheet(on_screen: bool) -> str:
    """Return the style of paper; `on_screen` too, where the address asks for it."""
    style = SHEET.read_text(encoding="utf-8")
    if not on_screen:
        return style
    bare = style.partition(FOR_PAPER_ALONE)[0].replace("@media print", "@media screen")
    return f"{bare}{ON_SCREEN}{style.replace('zoom:', '--zoom:')}"


def link() -> None:
    """Link to the page as it goes on paper, in a tab of its own."""
    query = st.query_params
    pairs = [(name, value) for name in query for value in query.get_all(name)]
    st.link_button(
        "Print view",
        f"?{urlencode([*pairs, ('print', '1')])}",
        icon=":material/print:",
        help="This page without menus, sized for paper. Print it from your browser.",
    )
