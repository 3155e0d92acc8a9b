"""Rows in, one Plotly chart out."""

from onemind.drawing.charts import (
    completion,
    department,
    figure,
    outcomes,
    partners,
    pledges,
    prepared,
    spark,
    training,
)

__all__ = [
    "completion",
    "department",
    "figure",
    "outcomes",
    "partners",
    "pledges",
    "prepared",
    "spark",
    "training",
]
