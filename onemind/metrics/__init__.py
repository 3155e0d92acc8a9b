"""Numbers: declared once (metrics.toml), modelled in SQL (models/), counted under a Filter."""

from onemind.metrics import export, model, outcomes, partners, points, training
from onemind.metrics.at_month_end import month_end
from onemind.metrics.cards import cards
from onemind.metrics.changes import REACHED, Changes, changes
from onemind.metrics.department import Dossier, Row, Rows, dossier, officers
from onemind.metrics.dossiers import dossiers, fingerprints
from onemind.metrics.localities import states, towns
from onemind.metrics.numbers import (
    BY,
    OVERVIEW,
    PROGRESS,
    Metric,
    MetricName,
    Query,
    Result,
    Source,
    department_points,
    metric,
    metric_name,
    metrics,
    month_ends,
    progress,
    query,
)
from onemind.metrics.points import Point

__all__ = [
    "BY",
    "OVERVIEW",
    "PROGRESS",
    "REACHED",
    "Changes",
    "Dossier",
    "Metric",
    "MetricName",
    "Point",
    "Query",
    "Result",
    "Row",
    "Rows",
    "Source",
    "cards",
    "changes",
    "department_points",
    "dossier",
    "dossiers",
    "export",
    "fingerprints",
    "metric",
    "metric_name",
    "metrics",
    "model",
    "month_end",
    "month_ends",
    "officers",
    "outcomes",
    "partners",
    "points",
    "progress",
    "query",
    "states",
    "towns",
    "training",
]
