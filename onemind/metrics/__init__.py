"""Numbers: declared once (metrics.toml), modelled in SQL (models/), counted under a Filter."""

from onemind.metrics import export, model, outcomes, partners, training
from onemind.metrics.at_month_end import month_end
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

__all__ = [
    "BY",
    "OVERVIEW",
    "PROGRESS",
    "Dossier",
    "Metric",
    "MetricName",
    "Query",
    "Result",
    "Row",
    "Rows",
    "Source",
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
    "progress",
    "query",
    "states",
    "towns",
    "training",
]
