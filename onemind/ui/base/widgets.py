"""What pages put on the screen again and again: charts, tables, definitions, downloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from onemind import access, metrics
from onemind.access import DEPARTMENT, METHODOLOGY
from onemind.drawing import charts
from onemind.metrics import MetricName
from onemind.ui.base import exports, links, visitor
from onemind.ui.base.activity import noted
from onemind.ui.base.view import View


def definition(*names: MetricName) -> None:
    """Write the definitions of numbers under a chart, each with a link to how it is counted."""
    may = links.may(METHODOLOGY)
    lines = []
    for name in names:
        declared = metrics.metric(name)
        link = f" [How it is counted](methodology?number={name})" if may else ""
        lines.append(f"**{declared.label}**: {declared.description} {declared.caveat}{link}")
    with st.expander("What these numbers mean"):
        st.markdown("\n\n".join(lines))


@contextmanager
def fold(label: str, key: str, icon: str | None = None) -> Iterator[bool]:
    """Fold something away; says whether it is open, for what is closed need not be drawn."""
    expander = st.expander(label, key=key, icon=icon, on_change="rerun")
    with expander:
        yield bool(expander.open)


def chart(figure: Any, alt: str, key: str) -> None:
    """Draw a figure with a text alternative, and offer it as files."""
    exports.offer_chart(figure, alt, key)
    st.plotly_chart(figure, key=key, alt=alt, config=charts.figure.CONFIG, theme=None)


def department_table(view: View, table: pd.DataFrame, key: str) -> None:
    """Draw a table of departments with bars for shares, and offer it as files; a row opens the
    department.
    """
    exports.offer_table(view, f"Table: {key.replace('_', ' ')}", table)
    columns: dict[str, Any] = {"department_id": None}
    for label in table.columns:
        if label in ("MHFA", "CIT"):
            columns[label] = st.column_config.ProgressColumn(
                label, format="%d%%", min_value=0, max_value=100
            )
        elif pd.api.types.is_bool_dtype(table[label]):
            columns[label] = st.column_config.CheckboxColumn(label)
    event = st.dataframe(
        table, column_config=columns, hide_index=True, on_select="rerun",
        selection_mode="single-row", key=f"{key}_table", height=min(480, 38 + 35 * len(table)),
        alt=f"Table of {key}", placeholder="",
    )  # fmt: skip
    for row in event.selection.rows:
        open_department(table["department_id"].iloc[row])


def open_department(department_id: str) -> None:
    """Go to a department's own page."""
    links.to(DEPARTMENT, {"id": department_id})


def download(view: View, title: str, frame: pd.DataFrame) -> None:
    """Offer a frame as CSV and as a workbook to whoever may download; the name tells it from other
    versions' files, for a large file with a name is served again where only its middle differs.
    """
    user = visitor.user()
    if not user.may(access.DOWNLOAD):
        return
    offer = exports.offered(view, title, frame)
    saved = exports.Saved(offer, user.sight.scope.words())
    with st.container(horizontal=True, key="downloads"):
        for label, make in (("CSV", saved.csv), ("XLSX", saved.xlsx)):
            file = saved.name(f".{label.lower()}")
            st.download_button(
                f"Download as {label}", noted(file, make), file_name=file, on_click="ignore",
                key=f"download_{label}",
            )  # fmt: skip
