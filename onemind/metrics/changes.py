"""What became of departments between two points: `progress` of one, compared with the other's.

Whether a department is overdue, or completed, is what `progress` says; nothing here says it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onemind.campaign import Filter
from onemind.metrics.numbers import Source, progress
from onemind.metrics.points import Point

# What a department can have come to; all but the first are stages.
PLEDGED = "pledged"
REACHED = (PLEDGED, "completed", "overdue", "due_soon")


@dataclass(frozen=True)
class Changes:
    """Two points with their rows of `progress` by department, and what departments came to.

    A department that pledged had no pledge in force before.
    """

    before: Point
    after: Point
    old: Mapping[str, dict[str, Any]]
    new: Mapping[str, dict[str, Any]]

    def reached(self, what: str) -> tuple[dict[str, Any], ...]:
        """Return the rows of those that came to one of REACHED, in the order of `progress`."""
        return tuple(
            row
            for name, row in self.new.items()
            if _has(row, what) and not _has(self.old.get(name), what)
        )


def changes(source: Source, before: Point, after: Point) -> Changes:
    """Return what changed from one point to another, as the source shows both."""
    return Changes(before, after, _rows(source, before), _rows(source, after))


def _rows(source: Source, point: Point) -> dict[str, dict[str, Any]]:
    found = progress(source, Filter(version=point.version, as_of=point.day), point.day)
    return {row["department_id"]: row for row in found.records()}


def _has(row: Mapping[str, Any] | None, what: str) -> bool:
    if row is None:
        return False
    return row["pledged_on"] is not None if what == PLEDGED else row["stage"] == what
