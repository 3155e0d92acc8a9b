"""Numbers on cards: each with what changed, the last year as a line, and its definition."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from onemind import metrics
from onemind.drawing import charts
from onemind.drawing.palette import STAGE_COLORS
from onemind.metrics import MetricName
from onemind.narrative.numbers import change, shown, trend
from onemind.site.edition import Edition

MONTHS = 13


@dataclass(frozen=True)
class Card:
    """One number in words: its label, its value, changes; its line on light and on dark ground."""

    name: MetricName
    label: str
    value: str
    changes: tuple[str, ...]
    trend: str
    lines: tuple[str, ...]


def cards(edition: Edition, names: tuple[MetricName, ...]) -> list[Card]:
    """Return the cards of these metrics."""
    return [_card(edition, name) for name in names]


def _card(edition: Edition, name: MetricName) -> Card:
    now = edition.value(name)
    changes = [change(name, edition.a_month_ago(name), now, "in 30 days")]
    if edition.version.number > 1 and edition.window.sight.version is None:
        before = f"since version {edition.version.number - 1}"
        changes.append(change(name, edition.at_version_before(name), now, before))
    past = [
        None if pd.isna(value) else float(value)
        for value in edition.query(name, "month")["value"].tail(MONTHS)
    ]
    lines = [charts.spark.source(past, color) for color in STAGE_COLORS["completed"]]
    return Card(
        name,
        metrics.metric(name).label,
        shown(name, now),
        tuple(filter(None, changes)),
        trend(name, past, now),
        tuple(filter(None, lines)),
    )
