"""Rows in, one Plotly chart out."""

from onemind.drawing.charts import (
    completion,
    data,
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
    "data",
    "department",
    "figure",
    "outcomes",
    "partners",
    "pledges",
    "prepared",
    "spark",
    "training",
]
