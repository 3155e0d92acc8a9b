"""What can be asked: each address, its parameters, its columns, and who may ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onemind import metrics
from onemind.access import OFFICERS, PUBLISH, VERSIONS, User
from onemind.campaign import DATASETS, Contract, contract
from onemind.errors import NotAllowed, NotPossibleNow, WrongUse
from onemind.metrics import MetricName, Query
from onemind.metrics.export import Column
from onemind.server.api.parameters import (
    AS_OF,
    BY_DIMENSION,
    DIMENSIONS,
    FORMAT,
    PAGING,
    PLACES,
    VERSION,
    Given,
    Parameter,
)
from onemind.store import Version, Window
from onemind.store.diff import Change

MOST_CHANGES = 100_000  # of one dataset
ID = Parameter("id", "The department's id.")
NAME = Parameter("name", "The number.", values=tuple(MetricName))
DATASET = Parameter("name", "The dataset.", values=DATASETS)
BEFORE = Parameter("a", "A version.", "integer", least=1)
AFTER = Parameter("b", "Another version.", "integer", least=1)
OF_METRICS = (
    Column("name", "string", "What it is asked by.", True),
    Column("label", "string", "What it is called.", True),
    Column("unit", "string", "What it is counted in.", True),
    Column("description", "string", "What it counts.", True),
    Column("caveat", "string", "What to beware of.", True),
)
OF_VERSIONS = (
    Column("version", "integer", "Its number.", True),
    Column("published_at", "datetime", "When it was published.", True),
    Column("sample", "boolean", "Whether it is the made-up sample.", True),
    Column("author", "string", "Who published it; for people with an account."),
    Column("message", "string", "Why it was published; for staff."),
)
OF_CHANGES = (
    Column("dataset", "string", "The dataset.", True),
    Column("kind", "string", "added, changed or removed.", True),
    Column("key", "string", "The row's key, as JSON.", True),
    Column("before", "string", "What differs, as it was, as JSON.", True),
    Column("after", "string", "What differs, as it is then, as JSON.", True),
)
OF_DATASETS = (
    Column("name", "string", "What it is asked by.", True),
    Column("title", "string", "What it is called.", True),
    Column("unit", "string", "What a row is.", True),
    Column("description", "string", "What it holds.", True),
)


@dataclass(frozen=True)
class Asked:
    """One question: who asks, what they see, of which version, on which day, and how narrowed."""

    user: User
    window: Window
    version: Version | None
    today: date
    path: dict[str, Any]
    given: Given

    @property
    def number(self) -> int | None:
        """The version's number."""
        return self.version.number if self.version else None


@dataclass(frozen=True)
class Table:
    """An answer in rows: those asked for of `total`; `record` says more of one row in JSON."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    total: int
    record: dict[str, Any] | None = None


@dataclass(frozen=True)
class Resource:
    """One address of the API: who may ask it is the guard's and `refusal`'s.

    `pages` are those that show the same, one of which a link must be for (none: it must be for
    all). `paged`: it has more rows than one answer may have.
    """

    path: str
    title: str
    description: str
    answer: Callable[[Asked], Table | None]
    columns: tuple[Column, ...] = ()
    places: tuple[Parameter, ...] = ()
    parameters: tuple[Parameter, ...] = (VERSION,)
    pages: tuple[str, ...] = ()
    paged: bool = True
    open_to_all: bool = False


def refuse(resource: Resource, asked: Asked) -> None:
    """Raise NotAllowed when a link was made for pages that do not show this."""
    user = asked.user
    narrow = user.pages is not None and not any(map(user.may_open, resource.pages))
    if narrow and not resource.open_to_all:
        pages = " and ".join(user.pages or ())
        raise NotAllowed(f"read this through a link made for {pages}")


def declared(resource: Resource) -> tuple[Parameter, ...]:
    """Return all parameters that may stand behind the question mark."""
    return (*resource.parameters, *(PAGING if resource.paged else ()), FORMAT)


def may_read(user: User, parsed: Contract) -> bool:
    """Whether somebody may have a dataset's rows."""
    return user.may(OFFICERS) or not parsed.names_officers


def _paged(asked: Asked, columns: tuple[Column, ...], rows: Sequence[Sequence[Any]]) -> Table:
    first, limit = asked.given["offset"], asked.given["limit"]
    return Table(columns, rows[first : first + limit], len(rows))


def _departments(asked: Asked) -> Table:
    columns = metrics.export.of_department()
    records = metrics.export.dataset(asked.window, "departments", asked.number).records()
    kept = [
        [record[column.name] for column in columns]
        for record in records
        if all(
            not (values := asked.given[item.name]) or record[item.name] in values for item in PLACES
        )
    ]
    return _paged(asked, columns, kept)


def _department(asked: Asked) -> Table | None:
    chosen = asked.given.filter(asked.number)
    if not asked.path["id"].isprintable():
        return None
    try:
        dossier = metrics.dossier(asked.window, asked.path["id"], chosen, asked.today)
    except WrongUse:
        return None
    record = {name: value for name, value in vars(dossier).items() if name not in ("row", "about")}
    record = {"department": dossier.about, "progress": dossier.row, **record}
    row = [dossier.row[column.name] for column in metrics.export.of_progress()]
    return Table(metrics.export.of_progress(), [row], 1, record)


def _progress(asked: Asked) -> Table:
    chosen = asked.given.filter(asked.number)
    rows = metrics.progress(asked.window, chosen, asked.today).rows
    return _paged(asked, metrics.export.of_progress(), rows)


def _metrics(asked: Asked) -> Table:
    rows = [
        [getattr(item, column.name) for column in OF_METRICS] for item in metrics.metrics().values()
    ]
    return Table(OF_METRICS, [[str(value) for value in row] for row in rows], len(rows))


def _metric(asked: Asked) -> Table:
    by = tuple(dict.fromkeys(asked.given["by"] or ()))
    query = Query(MetricName(asked.path["name"]), by, asked.given.filter(asked.number))
    rows = metrics.query(asked.window, query, asked.today).rows
    return _paged(asked, metrics.export.of_metric(by), rows)


def _versions(asked: Asked) -> Table:
    """Whoever may not look at older versions is told of the one that they see."""
    newest = asked.window.current()
    seen = asked.window.store.versions()[::-1] if asked.user.may(VERSIONS) else (newest,)
    rows = [
        [
            item.number,
            item.published_at,
            item.sample,
            item.author if asked.user.may(VERSIONS) else None,
            item.message if asked.user.may(PUBLISH) else None,
        ]
        for item in seen
        if item
    ]
    return _paged(asked, OF_VERSIONS, rows)


def _changes(asked: Asked) -> Table | None:
    if not asked.user.may(VERSIONS):
        raise NotAllowed(VERSIONS.description)
    names = [name for name in DATASETS if may_read(asked.user, contract(name))]
    before, after = asked.path["a"], asked.path["b"]
    if max(before, after) > asked.window.store.newest():
        return None
    diffs = asked.window.changes(before, after, names, MOST_CHANGES)
    for diff in diffs:
        if (count := diff.added + diff.changed + diff.removed) > MOST_CHANGES:
            raise NotPossibleNow(
                f"{count:,} rows of {diff.dataset} differ, more than an answer has. "
                "Read both versions of the dataset, and compare those."
            )
    rows = [_change(diff.dataset, change) for diff in diffs for change in diff.changes]
    return _paged(asked, OF_CHANGES, rows)


def _change(dataset: str, change: Change) -> list[str]:
    sides = (change.key, change.before, change.after)
    return [dataset, change.kind, *(metrics.export.to_json(side, None) for side in sides)]


def _datasets(asked: Asked) -> Table:
    rows = [
        [parsed.name, parsed.title, parsed.unit, parsed.description]
        for parsed in map(contract, DATASETS)
        if may_read(asked.user, parsed)
    ]
    return Table(OF_DATASETS, rows, len(rows))


def _dataset(asked: Asked) -> Table:
    name = asked.path["name"]
    if not may_read(asked.user, contract(name)):
        raise NotAllowed(OFFICERS.description)
    limit, offset = asked.given["limit"], asked.given["offset"]
    rows = metrics.export.dataset(asked.window, name, asked.number, limit, offset).rows
    total = metrics.export.count(asked.window, name, asked.number)
    return Table(metrics.export.of_dataset(name), rows, total)


RESOURCES = (
    Resource(
        "departments", "Departments", "All departments in sight, without whom to call.",
        _departments, metrics.export.of_department(), (), (*PLACES, VERSION), ("Departments",),
    ),
    Resource(
        "departments/{id}", "One department",
        "All that its page counts, in JSON. In CSV and Parquet, its row of progress.",
        _department, metrics.export.of_progress(), (ID,), (AS_OF, VERSION), ("Department",),
        paged=False,
    ),
    Resource(
        "progress", "Progress", "One row a department: where it stands on the day.",
        _progress, metrics.export.of_progress(), (), (*DIMENSIONS, AS_OF, VERSION),
        ("Departments", "Training"),
    ),
    Resource(
        "metrics", "Numbers", "Every number that is declared, and what it means.",
        _metrics, OF_METRICS, (), (), paged=False, open_to_all=True,
    ),
    Resource(
        "metrics/{name}", "One number", "One number, by any dimension, with n of m departments.",
        _metric, metrics.export.of_metric(), (NAME,),
        (BY_DIMENSION, *DIMENSIONS, AS_OF, VERSION), ("Map",),
    ),
    Resource(
        "versions", "Versions", "What was published, newest first.",
        _versions, OF_VERSIONS, (), (), open_to_all=True,
    ),
    Resource(
        "versions/{a}/changes/{b}", "Changes",
        "How rows in sight differ between two versions.",
        _changes, OF_CHANGES, (BEFORE, AFTER), (),
    ),
    Resource(
        "datasets", "Datasets", "The datasets whose rows you may have.",
        _datasets, OF_DATASETS, (), (), paged=False, open_to_all=True,
    ),
    Resource(
        "datasets/{name}", "One dataset",
        "Its rows in sight, ordered by its key. The CSV passes the check of an upload.",
        _dataset, (), (DATASET,),
    ),
)  # fmt: skip
