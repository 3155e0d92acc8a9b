"""Which departments differ between two versions, by the lake's own record of changed rows.

If the record does not add up to what the publish counted, or too much changed, the answer is None
(not known), and the caller has to derive everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from onemind.campaign import contract
from onemind.store.connection import Connection
from onemind.store.lake import quoted

ROWS = 250_000  # changed rows of one dataset: with more, nearly every department is among them
STEPS = 32  # publishes between two versions

Departments = frozenset[str]


@dataclass(frozen=True)
class Step:
    """One publish: its version, its first and last snapshot, and the rows it counted by dataset."""

    number: int
    first: int
    last: int
    counts: Mapping[str, Mapping[str, int]]


class Touched:
    """The departments that each publish touched, looked up once.

    `steps` returns the publishes after one version up to another; `lend` lends a connection.
    """

    def __init__(
        self,
        lend: Callable[[], AbstractContextManager[Connection]],
        steps: Callable[[int, int], Iterable[Step]],
    ) -> None:
        self._lend, self._steps = lend, steps
        self._known: dict[tuple[int, str], Departments | None] = {}

    def between(self, one: int, other: int, datasets: Iterable[str]) -> Departments | None:
        """Return the departments with any differing row in these datasets; None if not known."""
        first, last = sorted((one, other))
        if last - first > STEPS:
            return None
        departments: set[str] = set()
        for step in self._steps(first, last):
            for dataset in sorted(step.counts.keys() & set(datasets)):
                ids = self._of(step, dataset)
                if ids is None:
                    return None
                departments |= ids
        return frozenset(departments)

    def _of(self, step: Step, dataset: str) -> Departments | None:
        key = (step.number, dataset)
        if key not in self._known:
            with self._lend() as con:
                self._known[key] = _departments(con, step, dataset)
        return self._known[key]


def _departments(con: Connection, step: Step, dataset: str) -> Departments | None:
    counts = step.counts[dataset]
    changed = counts.get("changed", 0)
    expected = {
        "insertions": counts.get("added", 0) + changed,
        "deletions": counts.get("removed", 0) + changed,
    }
    if sum(expected.values()) > ROWS or "department_id" not in contract(dataset).key:
        return None
    departments: set[str] = set()
    for kind, rows in expected.items():
        place = f"'lake', 'main', {quoted(dataset)}, {step.first}, {step.last}"
        listed = con.execute(
            f"select department_id, count(*) from ducklake_table_{kind}({place}) group by all"
        ).fetchall()
        if sum(number for _, number in listed) != rows:
            return None
        departments.update(department for department, _ in listed)
    return frozenset(departments)
