"""The Streamlit script; pages reach what they share through here."""

from onemind.ui.base import exports, fair_queue, filters, frame, jobs, links, paper, visitor
from onemind.ui.base.activity import hand, note, noted
from onemind.ui.base.cache import cached_value, drawing, small_drawing
from onemind.ui.base.markdown import label, plain
from onemind.ui.base.queries import (
    at_version,
    cached_query,
    month_end,
    pledges,
    points,
    progress,
    query,
    seen,
    value,
)
from onemind.ui.base.view import View, atlas, is_dark, window
from onemind.ui.base.widgets import (
    chart,
    definition,
    department_table,
    download,
    fold,
    open_department,
)

__all__ = [
    "View",
    "admin",
    "at_version",
    "atlas",
    "cached_query",
    "cached_value",
    "chart",
    "definition",
    "department_table",
    "download",
    "drawing",
    "explore",
    "exports",
    "fair_queue",
    "filters",
    "fold",
    "frame",
    "hand",
    "is_dark",
    "jobs",
    "label",
    "links",
    "month_end",
    "note",
    "noted",
    "open_department",
    "paper",
    "plain",
    "pledges",
    "points",
    "progress",
    "publish",
    "query",
    "seen",
    "shell",
    "small_drawing",
    "value",
    "visitor",
    "window",
]
