"""Data out again: CSV in the very form it comes in, JSON, Parquet, each column described."""

from onemind.metrics.export.columns import (
    Column,
    of_dataset,
    of_department,
    of_metric,
    of_progress,
)
from onemind.metrics.export.parquet import to_parquet
from onemind.metrics.export.rows import count, dataset
from onemind.metrics.export.text import FORMULA, NUMBER, to_csv, to_json

__all__ = [
    "FORMULA",
    "NUMBER",
    "Column",
    "count",
    "dataset",
    "of_dataset",
    "of_department",
    "of_metric",
    "of_progress",
    "to_csv",
    "to_json",
    "to_parquet",
]
