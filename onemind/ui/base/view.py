"""What every page shares: the store, who is here, results kept by version, and the view's frame.

Results are cached by version, as-of date, filter and the viewer's sight: a new version is a new
key, so nothing is ever stale and nothing has to be cleared, and no viewer sees another's scope.
Frames are kept as they are; each caller gets a copy that shares the columns until it writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from onemind import runtime
from onemind.campaign import Filter
from onemind.geography import Atlas, atlas_of
from onemind.store import Version, Window
from onemind.ui.base import visitor


@dataclass(frozen=True)
class View:
    """What a page looks at: the filter with its version and as-of date filled in."""

    filter: Filter
    version: Version
    newest: Version

    @property
    def as_of(self) -> date:
        """The as-of date."""
        assert self.filter.as_of is not None
        return self.filter.as_of


def window() -> Window:
    """Return the store as whoever is here sees it: pages read only through this."""
    return Window(runtime.store(), visitor.user().sight)


def is_dark() -> bool:
    """Whether to draw for a dark ground: the reader's theme, but paper is always white."""
    return bool(st.context.theme.type == "dark") and st.query_params.get("print") != "1"


def atlas() -> Atlas:
    """Return all outlines there are."""
    return atlas_of(runtime.store().settings)
