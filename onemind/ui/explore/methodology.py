"""The methodology on the screen; its words are `narrative.methodology`'s."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from onemind import narrative, runtime, ui
from onemind.campaign import contracts
from onemind.metrics import metrics
from onemind.narrative.methodology import (
    CONTENTS,
    columns,
    contents,
    courses,
    editions,
    number,
    practices,
    small_counts,
    spans,
    stages,
    training,
)
from onemind.ui import drawing
from onemind.ui.explore import contact

__all__ = [
    "CONTENTS", "asked", "citation", "contents", "courses", "datasets", "editions", "heading",
    "introduction", "number", "numbers", "practices", "small_counts", "spans", "stages", "table",
    "training",
]  # fmt: skip


def introduction(view: ui.View) -> str:
    """Say what the dashboard counts and as of when."""
    return narrative.methodology.introduction(view.as_of, view.version.number)


def asked() -> None:
    """Draw first the number that the address names: an anchor far down moves while a page loads."""
    known = {item.name.value: item for item in metrics().values()}
    item = known.get(st.query_params.get("number", ""))
    if item:
        with st.container(border=True, key="asked"):
            st.subheader(item.label, anchor=False)
            st.markdown(number(item))


def heading(anchor: str) -> None:
    """Draw a heading of the contents."""
    st.header(CONTENTS[anchor], anchor=anchor)


@drawing
def numbers(view: ui.View) -> None:
    """Draw each metric under an anchor of its own name."""
    for item in metrics().values():
        st.subheader(item.label, anchor=item.name)
        st.markdown(number(item))


def datasets() -> None:
    """Draw each dataset's columns, with what they hold."""
    for parsed in contracts().values():
        with st.expander(f"{parsed.title} (`{parsed.name}.csv`)"):
            st.markdown(f"{parsed.description} One row is one {parsed.unit}.")
            st.markdown(columns(parsed))


def citation(view: ui.View) -> str:
    """Return how to cite what is on the screen, with version, date and address."""
    scope = ui.visitor.user().sight.scope
    return narrative.methodology.citation(
        view.version, view.filter, scope, contact.address(view), runtime.today()
    )


def table(rows: list[dict[str, Any]]) -> None:
    """Draw rows as a short table, the first column as its heads."""
    st.table(pd.DataFrame(rows).set_index(next(iter(rows[0]))))
