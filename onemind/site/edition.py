"""What a site is of: a scope, a version and a day, and the numbers that several pages need.

A site shows what a partner sees: no contacts, no rows about officers, no small counts. All is read
through a window of that sight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from onemind import metrics
from onemind.campaign import Filter, Rules, Scope, Sight
from onemind.errors import NotPossibleNow, WrongUse
from onemind.geography import Atlas, atlas_of
from onemind.metrics import MetricName, Query
from onemind.store import Store, Version, Window

T = TypeVar("T")
# The pages of a site by their titles in the menu, each with its file.
PAGES = {
    "Overview": "overview.html",
    "Map": "map.html",
    "Departments": "departments.html",
    "Training": "training.html",
    "Methodology": "methodology.html",
}
DEPARTMENT = "Department"  # the title that allows a page a department
MONTH = timedelta(days=30)


def sight_of(scope: Scope, held: int | None = None) -> Sight:
    """Return how a site of this scope sees the data; `held` is the one version it may show."""
    return Sight(scope, contacts=False, small_counts=False, version=held)


@dataclass(frozen=True, eq=False)
class Edition:
    """A site of one version as of one day; `titles` are those of the pages it may have (None: all).

    What is asked of it is counted once and kept.
    """

    window: Window
    version: Version
    as_of: date
    titles: tuple[str, ...] | None = None
    _answers: dict[Query, pd.DataFrame] = field(default_factory=dict, repr=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, store: Store, sight: Sight, as_of: date, titles: tuple[str, ...] | None = None
    ) -> Edition:
        """Return the site of the newest version, or of the one that the sight is held at.

        Raises NotPossibleNow while nothing is published, WrongUse for a scope with no department.
        """
        window = Window(store, sight_of(sight.scope, sight.version))
        version = window.current()
        if version is None:
            raise NotPossibleNow(
                "Nothing is published yet. Publish data first, then make the site."
            )
        edition = cls(window, version, as_of, titles)
        if edition.progress.empty:
            raise WrongUse(
                f"No department is in {sight.scope.words()}: the site would show nothing. Check "
                "the scope; states are written by their postal codes, such as state=MA."
            )
        return edition

    @property
    def scope(self) -> Scope:
        """The departments it shows."""
        return self.window.sight.scope

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.window.rules

    @property
    def is_newest(self) -> bool:
        """Whether nobody has published since."""
        return self.window.store.newest() == self.version.number

    @property
    def is_steady(self) -> bool:
        """Whether it still reads what it read at first: held at a version, or the newest."""
        return self.window.sight.version is not None or self.is_newest

    @cached_property
    def atlas(self) -> Atlas:
        """All outlines there are."""
        return atlas_of(self.window.settings)

    @cached_property
    def files(self) -> dict[str, str]:
        """The file of each page it has, by title; the first is the folder's own page."""
        shown = [name for name in PAGES if self.titles is None or name in self.titles]
        return {name: PAGES[name] if place else "index.html" for place, name in enumerate(shown)}

    @property
    def has_departments(self) -> bool:
        """Whether each department has a page of its own."""
        return self.titles is None or DEPARTMENT in self.titles

    @property
    def chosen(self) -> Filter:
        """The day and version that everything is asked of."""
        return Filter(as_of=self.as_of, version=self.version.number)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """One row a department, columns metrics.PROGRESS."""
        return metrics.progress(self.window, self.chosen, self.as_of).frame()

    @cached_property
    def points(self) -> pd.DataFrame:
        """Where each department is drawn."""
        return metrics.department_points(self.window, self.version.number).frame()

    @cached_property
    def pledges(self) -> pd.DataFrame:
        """All pledges made by the day."""
        rows = metrics.export.dataset(self.window, "pledges", self.version.number).frame()
        return rows[rows["pledged_on"] <= self.as_of]

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made under that name, made when it is asked for first."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def query(self, name: MetricName, *by: str) -> pd.DataFrame:
        """Return a metric by dimensions: columns by, value, n, m."""
        return self._asked(Query(name, by, self.chosen))

    def value(self, name: MetricName) -> float | int | None:
        """Return one number, None when it is unknown."""
        return _number(self.query(name))

    def a_month_ago(self, name: MetricName) -> float | int | None:
        """Return the number as of thirty days before."""
        earlier = Filter(as_of=self.as_of - MONTH, version=self.version.number)
        return _number(self._asked(Query(name, (), earlier)))

    def at_version_before(self, name: MetricName) -> float | int | None:
        """Return the number as the version before has it."""
        before = Filter(as_of=self.as_of, version=self.version.number - 1)
        return _number(self._asked(Query(name, (), before)))

    def _asked(self, asked: Query) -> pd.DataFrame:
        if asked not in self._answers:
            self._answers[asked] = metrics.query(self.window, asked, self.as_of).frame()
        return self._answers[asked]


def _number(rows: pd.DataFrame) -> float | int | None:
    value: float | int | None = rows["value"].iloc[0]
    return None if pd.isna(value) else value
