"""The colors and marks of every drawing, safe for all eyes; a color never speaks alone.

Each color is a pair (on light, on dark); a bool `dark` is used as the place.
"""

from __future__ import annotations

from itertools import chain

Pair = tuple[str, str]

FONT = "Source Sans, sans-serif"
# The first seven stand in .streamlit/config.toml too, which has no way to read them from here.
INK: Pair = ("#1d2b30", "#e4ecee")
PAGE: Pair = ("#f5f8f8", "#11181b")
CARD: Pair = ("#ffffff", "#192226")
LINE: Pair = ("#d8e0e3", "#2f3d43")
ACCENT: Pair = ("#0b5563", "#2a7f8b")
QUIET: Pair = ("#4d5c63", "#b3c0c5")
LINK: Pair = ("#0b5563", "#86d0da")
GRID: Pair = ("#e1e8ea", "#2b383e")
LAND: Pair = ("#eef2f3", "#1f2b30")
BORDER: Pair = ("#9aa9ae", "#4b5d64")
STAGE_COLORS: dict[str, Pair] = {
    "completed": ("#0b4a5c", "#45b9dc"),
    "awaiting_confirmation": ("#2f6e68", "#d3f1f0"),
    "in_progress": ("#4a86cc", "#4f76c9"),
    "due_soon": ("#ad7810", "#eab04a"),
    "overdue": ("#a83a2a", "#e08b77"),
    "withdrawn": ("#7f5590", "#c4a3b9"),
    "not_pledged": ("#808f97", "#6b767b"),
}
STAGE_SYMBOLS = {
    "completed": "circle",
    "awaiting_confirmation": "circle-dot",
    "in_progress": "square",
    "due_soon": "triangle-up",
    "overdue": "diamond",
    "withdrawn": "x",
    "not_pledged": "circle-open",
}
STATUS_COLORS: dict[str, Pair] = {
    "met": ("#0b4a5c", "#45b9dc"),
    "not_met": ("#a83a2a", "#e08b77"),
    "unclear": ("#ad7810", "#eab04a"),
    "not_reported": ("#808f97", "#6b767b"),
}
STATUS_SIGNS = {"met": "✓", "not_met": "✗", "unclear": "?", "not_reported": "–"}
# Cividis in five classes, for shares on a map, and what has none (no color of the scale).
SCALE = ("#00224e", "#35456c", "#7d7c78", "#b5a96c", "#fee838")
NO_DATA: Pair = ("#d0d0d0", "#4a4f52")
UNPLEDGED: Pair = ("#e6eaec", "#2c363b")  # the ground of a town whose department has not pledged


def in_the_dark() -> dict[str, str]:
    """Return what each color of a figure drawn for a light ground is on a dark one.

    So a figure need not be drawn twice. Edges are in the ink of the other ground.
    """
    single = (INK, INK[::-1], QUIET, GRID, LAND, BORDER, NO_DATA, UNPLEDGED)
    return dict(chain(single, STAGE_COLORS.values(), STATUS_COLORS.values()))
