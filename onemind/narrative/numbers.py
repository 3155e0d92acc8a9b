"""Numbers of metrics as people read them: a value, how it changed, where it came from."""

from __future__ import annotations

from collections.abc import Sequence

from onemind.metrics import MetricName, metric
from onemind.words import UNKNOWN, percent


def shown(name: MetricName, number: float | int | None) -> str:
    """Return a metric's value as text: a share in whole percent, unknown as a dash."""
    if metric(name).is_share:
        return percent(number)
    return UNKNOWN if number is None else f"{number:,.0f}"


def change(name: MetricName, before: float | None, now: float | None, span: str) -> str:
    """Say how a value changed: "+3 in 30 days", "no change since version 6"."""
    if before is None or now is None:
        return "" if now is None else "no earlier figure"
    share = metric(name).is_share
    size = round((now - before) * 100, 1) if share else round(now - before)
    if not size:
        return f"no change {span}"
    sign = "+" if size > 0 else "−"
    unit = " points" if share else ""
    return f"{sign}{abs(size):,}{unit} {span}"


def trend(name: MetricName, past: Sequence[float | None], now: float | None) -> str:
    """Say where a number came from within the past year: what a line of it shows."""
    first = next((value for value in past if value is not None), None)
    ends = f"from {shown(name, first)} to {shown(name, now)}"
    return f"{metric(name).label} over the past year: {ends}"
