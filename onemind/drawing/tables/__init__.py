"""Rows in, one table out, with columns named for people."""

from onemind.drawing.tables import (
    department,
    departments,
    outcomes,
    overview,
    partners,
    shares,
    states,
    training,
)

__all__ = [
    "department",
    "departments",
    "outcomes",
    "overview",
    "partners",
    "shares",
    "states",
    "training",
]
