"""The look that the theme cannot say: one small style sheet, and the wordmark in the header."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from onemind import ui
from onemind.drawing.palette import ACCENT, CARD, INK, LINE, LINK, PAGE, QUIET
from onemind.settings import ROOT

SHEET = Path(__file__).with_suffix(".css")
WORDMARK = ROOT / "pages" / "logo.svg"
COLORS = {
    "ink": INK, "page": PAGE, "card": CARD, "line": LINE, "accent": ACCENT,
    "link": LINK, "quiet": QUIET,
}  # fmt: skip


def sheet() -> str:
    """Return the style sheet, which goes into the page itself: it is there before anything is.

    Nested in body, its rules weigh more than Streamlit's own, which come later.
    """
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_colors(True)} }} }}"
    rules = SHEET.read_text(encoding="utf-8")
    return f":root {{ {_colors(False)} }}\n{dark}\nbody {{\n{rules}}}"


def dress() -> None:
    """Set the colors of the theme that the reader chose and the style of paper, and put the
    wordmark into the header.
    """
    dark = ui.is_dark()
    paper = ui.paper.sheet(ui.paper.asked())
    st.html(f"<style>:root {{ {_colors(dark)} }}\n{paper}</style>")
    st.logo(_wordmark(dark), size="large")


@cache
def _wordmark(dark: bool) -> str:
    return WORDMARK.read_text(encoding="utf-8").replace("currentColor", INK[dark])


def _colors(dark: bool) -> str:
    return " ".join(f"--om-{name}: {pair[dark]};" for name, pair in COLORS.items())
