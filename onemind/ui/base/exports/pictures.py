"""A chart as a picture, made in the browser of what it shows there: PNG or SVG with its words.

Title, filters, day and version are drawn into it. The chart's own text goes along as the
picture's description.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from onemind.ui.base.exports.saved import Saved
from onemind.words import long_day

LOOK = """
span { display: inline-flex; gap: 0.5rem; }
button {
  font: 400 0.875rem var(--st-font); color: var(--st-text-color); cursor: pointer;
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius, 0.5rem); padding: 0.25rem 0.75rem; min-height: 2.5rem;
}
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
"""
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_buttons = st.components.v2.component("onemind_pictures", html="<span></span>", css=LOOK, js=SCRIPT)


def mark(day: date) -> None:
    """Say of which day charts in the container `played` are: they are drawn again by themselves."""
    st.html(f'<span hidden data-day="{day}" data-as-of="As of {long_day(day)}"></span>')


def pictures(place: int, saved: Saved) -> None:
    """Offer a chart as PNG and SVG."""
    with st.container(width="content", height="content"):
        _buttons(
            key=f"export_picture_{place}",
            data={
                "chart": saved.offer.chart,
                "title": saved.offer.title,
                "legend": [list(item) for item in saved.offer.legend],
                "notes": list(saved.notes),
                "day": str(saved.offer.view.as_of),
                "asOf": f"As of {long_day(saved.offer.view.as_of)}",
                "name": saved.name(),
            },
        )
