"""How things look on a map, and what the legend says of it; never by color alone.

A Look is a color, a symbol for points, and hatching for areas where the color would not do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from onemind.campaign import STAGES
from onemind.drawing.palette import (
    LAND,
    NO_DATA,
    SCALE,
    STAGE_COLORS,
    STAGE_SYMBOLS,
    UNPLEDGED,
    Pair,
)
from onemind.metrics import Metric

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)  # how wide a class of shares may be


@dataclass(frozen=True)
class Look:
    """One entry of the legend; `fill` colors areas, `color` points, `hatch` is a direction.

    `marked` areas carry the symbol too.
    """

    key: str
    label: str
    color: Pair
    symbol: str = "circle"
    hatch: str = ""
    fill: Pair | None = None
    marked: bool = False

    @property
    def ground(self) -> Pair:
        """The color of an area."""
        return self.fill or self.color

    @property
    def in_class(self) -> bool:
        """Whether it is a class of a scale: those are edged to be seen."""
        return self.key.startswith("class_")


NO_DEPARTMENT = Look("no_department", "No local department", LAND, hatch="diagonal")
NOT_PLEDGED = Look(
    "not_pledged", "Not pledged", STAGE_COLORS["not_pledged"], STAGE_SYMBOLS["not_pledged"],
    fill=UNPLEDGED, marked=True,
)  # fmt: skip
NOT_REPORTED = Look("not_reported", "Not reported", NO_DATA, "line-ew-open", "level")
SILENT = Look("silent", "Pledged, no training reported", NO_DATA, "line-ew-open", "level")
OUTSIDE = Look("outside", "Not in this view", LAND)
EMPTY = Look("empty", "No department in this view", LAND)
PLAIN = Look("plain", "", LAND)
UNKNOWN = (NOT_PLEDGED, NOT_REPORTED, NO_DEPARTMENT, OUTSIDE, EMPTY)


def stages() -> tuple[Look, ...]:
    """Return a look for each stage, and for what has none."""
    looks = [
        NOT_PLEDGED
        if stage == "not_pledged"
        else Look(stage, label, STAGE_COLORS[stage], STAGE_SYMBOLS[stage])
        for stage, label in STAGES.items()
    ]
    return (*looks, NO_DEPARTMENT, OUTSIDE, EMPTY)


@dataclass(frozen=True)
class Classes:
    """A scale in at most five classes: where each but the first begins, and its looks."""

    breaks: tuple[float, ...]
    looks: tuple[Look, ...]

    def look(self, value: float) -> Look:
        """Return the class a value falls in."""
        return self.looks[bisect_right(self.breaks, round(value, 9))]


def classes(metric: Metric, values: Iterable[float]) -> Classes:
    """Return the classes of a metric for the values to be shown."""
    known = sorted(value for value in values if not isnan(value))
    breaks = _steps(known) if metric.is_share else _cuts(known)
    count = len(breaks) + 1
    colors = [SCALE[round(place * (len(SCALE) - 1) / max(count - 1, 1))] for place in range(count)]
    labels = _share_labels(breaks) if metric.is_share else _count_labels(breaks, known)
    looks = (
        Look(f"class_{place}", label, (color, color))
        for place, (label, color) in enumerate(zip(labels, colors, strict=True))
    )
    return Classes(tuple(breaks), tuple(looks))


def _steps(known: Sequence[float]) -> list[float]:
    """Five steps of one width that reach the largest share, by round percent."""
    most = max(known, default=1.0)
    width = next((step for step in STEPS if step * 5 >= most - 1e-9), STEPS[-1])
    return [round(width * place, 9) for place in range(1, 5)]


def _share_labels(breaks: Sequence[float]) -> list[str]:
    edges = [0, *(round(edge * 100) for edge in breaks)]
    width = edges[1]
    inner = [_span(low, low + width - 1) for low in edges[:-1]]
    return [f"{text}%" for text in (*inner, _span(edges[-1], edges[-1] + width))]


def _cuts(known: Sequence[float]) -> list[float]:
    """Where fifths of the areas part, by numbers of two digits; fewer where values are few."""
    if not known:
        return []
    at_fifths = (known[len(known) * fifth // 5] for fifth in range(1, 5))
    return sorted({_short(cut) for cut in at_fifths if _short(cut) > known[0]})


def _short(number: float) -> float:
    """A number cut down to its first two digits: 1,234 becomes 1,200."""
    size: int = 10 ** max(len(str(int(number))) - 2, 0)
    return float(int(number) // size * size)


def _count_labels(breaks: Sequence[float], known: Sequence[float]) -> list[str]:
    lows = [known[0] if known else 0, *breaks]
    highs = [*(edge - 1 for edge in breaks), known[-1] if known else 0]
    return [_span(int(low), int(high)) for low, high in zip(lows, highs, strict=True)]


def _span(low: int, high: int) -> str:
    return f"{low:,}" if low >= high else f"{low:,}–{high:,}"
