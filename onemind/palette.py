"""The colours and marks of every drawing, safe for all eyes; a colour never speaks alone.

Each colour is a pair (on light, on dark); a bool `dark` is used as the place.
"""

from __future__ import annotations

Pair = tuple[str, str]

FONT = "Source Sans, sans-serif"
INK: Pair = ("#1d2b30", "#e4ecee")
GRID: Pair = ("#e1e8ea", "#2b383e")
LAND: Pair = ("#eef2f3", "#1f2b30")
BORDER: Pair = ("#9aa9ae", "#4b5d64")
STAGE_COLOURS: dict[str, Pair] = {
    "completed": ("#0b5563", "#5fb8c4"),
    "awaiting_confirmation": ("#4f97a3", "#9bd5dd"),
    "in_progress": ("#5b7fa6", "#8fb0d6"),
    "due_soon": ("#c98a1b", "#e3b45a"),
    "overdue": ("#b5442e", "#e58a72"),
    "withdrawn": ("#6b5b4f", "#b3a294"),
    "not_pledged": ("#c3ccd0", "#56656c"),
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
STATUS_COLOURS: dict[str, Pair] = {
    "met": ("#0b5563", "#5fb8c4"),
    "not_met": ("#b5442e", "#e58a72"),
    "unclear": ("#c98a1b", "#e3b45a"),
    "not_reported": ("#c3ccd0", "#56656c"),
}
STATUS_SIGNS = {"met": "✓", "not_met": "✗", "unclear": "?", "not_reported": "–"}
# Cividis in five classes, for shares on a map, and what has none (no colour of the scale).
SCALE = ("#00224e", "#35456c", "#7d7c78", "#b5a96c", "#fee838")
NO_DATA: Pair = ("#d0d0d0", "#4a4f52")
