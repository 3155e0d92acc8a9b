"""What a map shows, said in words: the sentence above it, its legend and its text alternative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import pandas as pd

from onemind.drawing.maps.legend import SILENT, UNKNOWN, Look
from onemind.drawing.maps.place import Place
from onemind.drawing.maps.rows import Coloring, shown, undrawn
from onemind.drawing.palette import BORDER, INK

SIGNS = {
    "circle": "●", "circle-dot": "◉", "circle-open": "○", "square": "■", "triangle-up": "▲",
    "diamond": "◆", "x": "✖", "line-ew-open": "―",
}  # fmt: skip
HATCHES = {"diagonal": "▨", "level": "▤"}
Key = tuple[str, str, str]  # sign, color, words
KINDS = {"state": "state", "county": "county", "municipality": "city or town"}


def left_out(rows: pd.DataFrame, most: int = 8) -> str:
    """Name what is counted and can't be drawn: "A, B and 3 more", or nothing."""
    hidden = list(undrawn(rows))
    more = f" and {len(hidden) - most:,} more" if len(hidden) > most else ""
    return ", ".join(hidden[:most]) + more


def missing(rows: pd.DataFrame) -> str:
    """Say what a map without a table leaves out; "" where it is nothing."""
    names = left_out(rows)
    return f"Not on this map: {names}." if names else ""


def extremes(place: Place, rows: pd.DataFrame, coloring: Coloring) -> str:
    """Say the highest and lowest area of a metric: "highest in A (80%), lowest in B (3%)".

    What reads the same is the same.
    """
    known = rows[rows["value"].notna()].sort_values("value")
    if coloring.metric is None or known.empty:
        return ""
    low, high = known.iloc[0], known.iloc[-1]
    least, most = (shown(coloring.metric, float(item["value"])) for item in (low, high))
    if least == most:
        return f"the same in each {KINDS[place.level]}: {least}"
    return f"highest in {high['name']} ({most}), lowest in {low['name']} ({least})"


def gaps(rows: pd.DataFrame) -> str:
    """Say how many places have no department, have not pledged, have reported nothing."""
    looks = rows["look"].value_counts()
    silent = int(rows["silent"].eq(True).sum()) + int(looks.get("not_reported", 0))
    parts = [
        _many(int(looks.get("no_department", 0)), "has", "have", "no local department"),
        _many(int(looks.get("not_pledged", 0)), "has", "have", "not pledged"),
        _many(silent, "has", "have", "reported no training"),
    ]
    return "; ".join(filter(None, parts))


def _many(count: int, one: str, several: str, rest: str) -> str:
    return f"{count:,} {one if count == 1 else several} {rest}" if count else ""


BESIDE = "The table beside it has the same information."


def alternative(title: str, rows: pd.DataFrame, looks: Sequence[Look], same: str = BESIDE) -> str:
    """Return the text alternative of a map: its title, the count of each look, and where the
    same is to be read.
    """
    parts = (f"{look.label} {areas + points:,}" for look, areas, points in entries(rows, looks))
    return f"Map: {title.rstrip('.')}. {', '.join(parts)}. {same}"


def entries(rows: pd.DataFrame, looks: Sequence[Look]) -> Iterator[tuple[Look, int, int]]:
    """Return each look that is drawn, with its number of areas and of points."""
    for look in (*looks, SILENT):
        same = rows["silent"].eq(True) if look is SILENT else rows["look"].eq(look.key)
        areas = int((same & rows["shape"].notna()).sum())
        points = int((same & rows["shape"].isna() & rows["latitude"].notna()).sum())
        if look.label and areas + points:
            yield look, areas, points


def keys(rows: pd.DataFrame, looks: Sequence[Look], dark: bool) -> tuple[Key, ...]:
    """Return the legend for a picture: sign, color and words of each look that may be drawn."""
    drawn = {look.key: (areas, points) for look, areas, points in entries(rows, looks)}
    listed = []
    for look in (*looks, SILENT):
        areas, _ = drawn.get(look.key, (0, 1))
        if look.label and (look.key in drawn or look not in (*UNKNOWN, SILENT)):
            sign = HATCHES.get(look.hatch, "■") if areas else SIGNS[look.symbol]
            color = look.ground[dark] if areas and not look.hatch else look.color[dark]
            listed.append((sign, INK[dark] if areas and look.hatch else color, look.label))
    return tuple(listed)


def legend(rows: pd.DataFrame, looks: Sequence[Look], dark: bool) -> str:
    """Return the legend as HTML: a swatch with its pattern, a sign for points, words, a count."""
    items = "".join(
        f'<li style="display:flex;align-items:center;gap:.4rem">'
        f"{_swatch(look, dark) if areas or not points else ''}"
        f"{_sign(look, dark) if points else ''}"
        f"<span>{escape(look.label)} ({areas + points:,})</span></li>"
        for look, areas, points in entries(rows, looks)
    )
    return (
        '<ul style="list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;margin:0;'
        f'padding:0;font-size:.875rem">{items}</ul>'
    )


def _swatch(look: Look, dark: bool) -> str:
    angle = {"diagonal": "135deg", "level": "0deg"}.get(look.hatch)
    lines = (
        f"background-image:repeating-linear-gradient({angle},{INK[dark]} 0 1px,"
        "transparent 1px 5px);"
        if angle
        else ""
    )
    sign = SIGNS[look.symbol] if look.marked else ""
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:1.5rem;height:1rem;'
        f"border:1px solid {BORDER[dark]};background-color:{look.ground[dark]};{lines}"
        f'color:{INK[dark]};font-size:.7rem;line-height:1rem;text-align:center">{sign}</span>'
    )


def _sign(look: Look, dark: bool) -> str:
    sign = SIGNS.get(look.symbol, "●")
    color = INK[dark] if look is SILENT else look.color[dark]
    edge = f";-webkit-text-stroke:.5px {INK[dark]}" if look.in_class else ""
    return f'<span aria-hidden="true" style="color:{color};font-size:1.1rem{edge}">{sign}</span>'
