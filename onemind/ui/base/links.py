"""From page to page: a link for whoever may open the page, plain words for everybody else.

A share link may be made for some of the pages; Streamlit ends a page that links to one that is not
in the menu. So nothing else calls `st.page_link` and `st.switch_page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from onemind.ui.base import visitor
from onemind.ui.base.markdown import plain


def may(page: str) -> bool:
    """Whether whoever is here may open a page, by its file: the file is named as the title is."""
    return visitor.user().may_open(Path(page).stem.capitalize())


def link(
    page: str,
    label: str,
    *,
    icon: str | None = None,
    query_params: Mapping[str, Any] | None = None,
) -> None:
    """Draw a link to a page, or its label; what the label says is a text, such as a name."""
    if may(page):
        st.page_link(page, label=plain(label), icon=icon, query_params=query_params)
    else:
        st.markdown(plain(label))


def to(page: str, query_params: Mapping[str, Any] | None = None) -> None:
    """Go to a page; stay where it can't be opened."""
    if may(page):
        st.switch_page(page, query_params=query_params)
