"""The data behind a chart: every point that is drawn, as it is drawn, and nothing of the guides."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from onemind.drawing import charts


def test_lines_are_listed_by_series_with_their_days() -> None:
    months = pd.to_datetime(["2019-01-31", "2019-02-28"])
    figure = go.Figure(
        [
            go.Scatter(x=months, y=np.array([1, 2]), name="Pledged"),
            go.Scatter(x=months, y=[0.5, float("nan")], name="Completed"),
        ]
    )
    columns, rows = charts.data.listed(figure)
    assert columns == ("Series", "Label", "Value")
    assert rows == (
        ("Pledged", date(2019, 1, 31), 1),
        ("Pledged", date(2019, 2, 28), 2),
        ("Completed", date(2019, 1, 31), 0.5),
        ("Completed", date(2019, 2, 28), None),
    )


def test_lying_bars_are_turned_and_keep_their_words() -> None:
    progress = pd.DataFrame({"stage": ["overdue", "overdue", "completed"]})
    columns, rows = charts.data.listed(charts.figure.funnel(progress))
    assert columns == ("Label", "Value", "Words")
    assert ("Overdue", 2, "2 · 66%") in rows
    assert len(rows) == 7


def test_words_are_plain_text_without_the_marks_of_a_drawing() -> None:
    bar = go.Bar(x=["Lee &amp; Co"], y=[1], text=["1 of 2<br><b>3 &lt; 5</b>"], hoverinfo="skip")
    assert charts.data.listed(go.Figure([bar]))[1] == (("Lee & Co", 1, "1 of 2; 3 < 5"),)


def test_what_only_guides_is_left_out() -> None:
    figure = go.Figure(
        [
            go.Scatter(x=[1, 2], y=[3, 4], name="a"),
            go.Scatter(x=[0, 9], y=[20, 20], hoverinfo="skip", name="goal"),
        ]
    )
    assert charts.data.listed(figure) == (("Label", "Value"), ((1, 3), (2, 4)))
    assert charts.data.listed(go.Figure()) == ((), ())
