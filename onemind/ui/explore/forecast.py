"""The forecast on the Training page: when departments would be done at their present pace."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from onemind import narrative, runtime, ui
from onemind.drawing import charts, tables
from onemind.ui import cached_value, drawing

PER_PAGE = 25


def forecast(view: ui.View) -> None:
    """Draw when departments would be done at their pace, and list those that say nothing."""
    rows, dated = _forecast(view), len(_dated(view))
    st.markdown(_forecast_words(view))
    if dated:
        pages = -(-dated // PER_PAGE)
        place = st.pagination(pages, key="forecast_page") if pages > 1 else 1
        _projected(view, place)
    label = f"All {len(rows):,} departments, including those with no pace"
    with ui.fold(label, "fold_forecast") as is_open:
        if is_open:
            days = runtime.store().rules.spans["pace_days"]
            ui.department_table(view, tables.training.forecast_table(rows, days), "forecast")


@cached_value
def _forecast(view: ui.View) -> pd.DataFrame:
    rules = runtime.store().rules
    return tables.training.pending(
        ui.progress(view), tables.training.either(rules), view.as_of, rules.spans["pace_days"]
    )


@cached_value
def _forecast_words(view: ui.View) -> str:
    return tables.training.forecast_words(_forecast(view), runtime.store().rules.spans["pace_days"])


@cached_value
def _dated(view: ui.View) -> pd.DataFrame:
    return tables.training.dated(_forecast(view))


@drawing
def _projected(view: ui.View, page: int) -> None:
    rows = _dated(view).iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    sentence = narrative.training.projected(rows)
    ui.chart(charts.training.forecast(rows, view.as_of, ui.is_dark()), sentence, f"forecast_{page}")
    st.caption(sentence)
