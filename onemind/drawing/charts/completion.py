"""Charts of how far departments, or groups of them, are against the targets of the practices."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from onemind.campaign import PRACTICES
from onemind.drawing.charts.figure import layout, percents, written
from onemind.drawing.palette import GRID, INK, STATUS_COLORS
from onemind.words import percent, percent_to_tenths

ALL, FIFTH = 1.0, 0.2
STATUS_WORDS = {"met": "met", "not_met": "not met", "unclear": "unclear"}
SYMBOLS = {"mhfa": "circle", "cit": "square"}
SHORT = {"Police Department": "PD", "Department of Public Safety": "DPS", "Sheriff's Office": "SO"}


def short(name: str, most: int = 26) -> str:
    """Return a department's name short enough to stand beside a row, as a drawing shows it."""
    for words, letters in SHORT.items():
        name = name.replace(words, letters)
    return written(name if len(name) <= most else name[: most - 1].rstrip() + "…")


def completion(rows: pd.DataFrame, dark: bool = False, by_county: bool = False) -> go.Figure:
    """Draw a row for each of `tables.training.completion`, first on top, against both targets.

    A practice that is met is a filled mark, one that is not an open one; a range is a bar.
    """
    labels, places = _rows(rows, by_county)
    figure = go.Figure()
    _targets(figure, dark)
    _ranges(figure, rows, places, dark)
    for practice, column in (("mhfa", "low"), ("cit", "cit")):
        status = "mhfa" if practice == "mhfa" else "cit_status"
        for value in STATUS_WORDS:
            has_status = (rows[status] == value).to_numpy()
            if has_status.any():
                marks = rows[has_status].assign(
                    place=[p for p, k in zip(places, has_status, strict=True) if k]
                )
                figure.add_trace(_marks(marks, column, practice, value, dark))
    _frame(figure, labels, dark)
    return figure


def pooled(rows: pd.DataFrame, dark: bool = False) -> go.Figure:
    """Draw a row for each group of `drawing.tables.training.groups`, and who meets what."""
    labels = [
        f"{short(str(name))} <span style='font-size:11px'>{n:,} of {m:,}</span>"
        for name, n, m in zip(rows["name"], rows["n"], rows["m"], strict=True)
    ]
    places = list(range(len(rows)))
    figure = go.Figure()
    _targets(figure, dark)
    _ranges(figure, rows, places, dark)
    for practice, column in (("mhfa", "low"), ("cit", "cit")):
        label, symbol = PRACTICES[practice], SYMBOLS[practice]
        notes = [
            [f"{met:,} of {n:,} departments meet it", _whole(share)]
            for met, n, share in zip(rows[f"{practice}_met"], rows["n"], rows[column], strict=True)
        ]
        figure.add_trace(
            go.Scatter(
                x=rows[column], y=places, mode="markers", name=f"{label} practice, share of sworn",
                text=rows["name"].map(written), customdata=notes,
                hovertemplate=f"%{{text}}: %{{customdata[1]}} {label}"
                "<br>%{customdata[0]}<extra></extra>",
                marker={"symbol": symbol, "size": 10, "color": STATUS_COLORS["met"][dark]},
            )
        )  # fmt: skip
    _frame(figure, labels, dark)
    return figure


def _whole(share: float) -> str:
    return percent(share) if share == share else "–"  # unknown equals nothing


def _rows(rows: pd.DataFrame, by_county: bool) -> tuple[list[str], list[int]]:
    """Return the label of each line, and the line of each row; a county has a line of its own."""
    labels: list[str] = []
    places: list[int] = []
    last: object = None
    for name, county in zip(rows["name"], rows["county"].fillna("no county"), strict=True):
        if by_county and county != last:
            labels.append(f"<b>{written(county)}</b>")
            last = county
        places.append(len(labels))
        labels.append(short(name))
    return labels, places


def _targets(figure: go.Figure, dark: bool) -> None:
    for share, words in ((ALL, "MHFA: 100%"), (FIFTH, "CIT: 20%")):
        figure.add_vline(x=share, line={"width": 1.5, "dash": "dash", "color": INK[dark]})
        figure.add_annotation(
            x=share, y=1, yref="paper", yanchor="bottom", text=words, showarrow=False,
            xanchor="right" if share == ALL else "center",
            font={"size": 12, "color": INK[dark]},
        )  # fmt: skip


def _ranges(figure: go.Figure, rows: pd.DataFrame, places: list[int], dark: bool) -> None:
    """Draw what two totals leave open as a bar from the least to the most it can be."""
    lines = [
        (low, high, place)
        for low, high, place in zip(rows["low"], rows["high"], places, strict=True)
        if high > low
    ]
    if lines:
        figure.add_trace(
            go.Scatter(
                x=[value for low, high, _ in lines for value in (low, high, None)],
                y=[value for _, _, place in lines for value in (place, place, None)],
                mode="lines", name="MHFA: between", hoverinfo="skip",
                line={"width": 5, "color": STATUS_COLORS["not_reported"][dark]},
            )
        )  # fmt: skip


def _marks(rows: pd.DataFrame, column: str, practice: str, status: str, dark: bool) -> go.Scatter:
    label, symbol = PRACTICES[practice], SYMBOLS[practice]
    shape = {"met": symbol, "not_met": f"{symbol}-open", "unclear": f"{symbol}-dot"}[status]
    words = f"{label} {STATUS_WORDS[status]}"
    return go.Scatter(
        x=rows[column],
        y=rows["place"],
        mode="markers",
        name=words,
        text=_counted(rows, column),
        hovertemplate="%{text} · " + words + "<extra></extra>",
        marker={
            "symbol": shape, "size": 10, "color": STATUS_COLORS[status][dark],
            "line": {"width": 2, "color": STATUS_COLORS[status][dark]},
        },
    )  # fmt: skip


def _counted(rows: pd.DataFrame, column: str) -> list[str]:
    """Say each share with its counts, rounded down: 100% means all."""
    counts = []
    for name, share, sworn in zip(rows["name"], rows[column], rows["sworn"], strict=True):
        count, of = round(share * sworn), int(sworn)
        counts.append(f"{written(name)}: {count:,} of {of:,}, {percent_to_tenths(count / of)}")
    return counts


def _frame(figure: go.Figure, labels: list[str], dark: bool) -> None:
    figure.update_layout(**layout(dark, height=110 + 24 * len(labels)))
    figure.update_layout(
        margin={"l": 0, "r": 12, "t": 28, "b": 0},
        legend={"orientation": "h", "y": -22 / (70 + 24 * len(labels)), "yanchor": "top", "x": 0},
    )
    figure.update_xaxes(
        range=[-0.04, 1.04], **percents(0, 25, 50, 75, 100, whole=1), fixedrange=True,
        gridcolor=GRID[dark], zeroline=False, side="bottom",
    )  # fmt: skip
    figure.update_yaxes(
        range=[len(labels) - 0.4, -0.6], tickvals=list(range(len(labels))), ticktext=labels,
        gridcolor=GRID[dark], fixedrange=True, automargin=True, zeroline=False,
    )  # fmt: skip
