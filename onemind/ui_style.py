"""The look that the theme cannot say: one small style sheet, and the wordmark in the header."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from onemind import ui
from onemind.palette import ACCENT, CARD, INK, LINE, LINK, PAGE, QUIET
from onemind.settings import ROOT

SHEET = Path(__file__).with_suffix(".css")
WORDMARK = ROOT / "pages" / "logo.svg"
COLOURS = {
    "ink": INK, "page": PAGE, "card": CARD, "line": LINE, "accent": ACCENT,
    "link": LINK, "quiet": QUIET,
}  # fmt: skip


def dress() -> None:
    """Put the style sheet on the page and the wordmark into its header."""
    dark = ui.is_dark()
    colours = "".join(f"--om-{name}:{pair[dark]};" for name, pair in COLOURS.items())
    st.html(f"<style>:root{{{colours}}}\n{SHEET.read_text(encoding='utf-8')}</style>")
    svg = WORDMARK.read_text(encoding="utf-8")
    st.logo(svg.replace("currentColor", INK[dark]), size="large")
