"""What the tests share: a store of their own, and small campaigns published into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onemind import ingest, metrics, models
from onemind.contract import contracts
from onemind.filters import Filter
from onemind.settings import Settings
from onemind.store import Store, Version
from onemind.store_lake import Connection

TODAY = date(2026, 6, 30)
Rows = dict[str, dict[str, Any]]


@dataclass
class Campaign:
    """A store under test, with the few things every test does to it."""

    store: Store
    folder: Path

    def uploads(self, **csvs: str | bytes) -> list[ingest.Upload]:
        """Write literal CSV texts to files named after their datasets."""
        found = []
        for name, text in csvs.items():
            path = self.folder / f"{name}.csv"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            found.append(ingest.Upload(path, path.name))
        return found

    def options(self, **given: Any) -> ingest.Options:
        """Return options as of a fixed today."""
        return ingest.Options(today=TODAY, **given)

    def publish(self, message: str = "test", **csvs: Any) -> Version:
        """Publish literal CSV texts; keywords that are no dataset are options."""
        given = {name: csvs.pop(name) for name in list(csvs) if name not in contracts()}
        files = self.uploads(**csvs)
        return ingest.publish(self.store, files, self.options(**given), "tester", message)[0]

    def check(self, **csvs: Any) -> ingest.Draft:
        """Check literal CSV texts without publishing them."""
        given = {name: csvs.pop(name) for name in list(csvs) if name not in contracts()}
        with ingest.draft(self.store, self.uploads(**csvs), self.options(**given)) as (made, _):
            return made

    def progress(self, as_of: str = "2026-06-30", version: int | None = None) -> Rows:
        """Return `progress` by department."""
        chosen = Filter(as_of=date.fromisoformat(as_of), version=version)
        found = metrics.progress(self.store, chosen, TODAY).records()
        return {row["department_id"]: row for row in found}

    def value(self, metric: str, as_of: str = "2026-06-30", **where: Any) -> Any:
        """Return one metric's value."""
        chosen = Filter(as_of=date.fromisoformat(as_of), **where)
        return metrics.query(self.store, metrics.Query(metric, (), chosen), TODAY).rows[0][0]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Campaign]:
    """Lend a campaign with nothing published."""
    store = Store(Settings(store=tmp_path / "store"))
    yield Campaign(store, tmp_path)
    store.close()


@pytest.fixture
def campaign(empty: Campaign) -> Callable[..., Campaign]:
    """Return a function that publishes literal CSV texts into a fresh store."""

    def publish(**csvs: str) -> Campaign:
        empty.publish(**csvs)
        return empty

    return publish


@pytest.fixture(scope="session")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Rows]]:
    """Return a function that runs the `progress` model over typed rows, without publishing them."""
    store = Store(Settings(store=tmp_path_factory.mktemp("calculator")))
    with store.cursor() as con:

        def run(tables: dict[str, list[dict[str, Any]]], as_of: date) -> Rows:
            for name in contracts():
                _fill(con, name, tables.get(name, []))
            columns = ", ".join(metrics.PROGRESS)
            sql = f"{models.with_models('progress')} select {columns} from progress"
            rows = con.execute(sql, {"dates": [as_of]}).fetchall()
            return {row[0]: dict(zip(metrics.PROGRESS, row, strict=True)) for row in rows}

        run.con = con  # type: ignore[attr-defined]  # for whoever asks of the same rows
        yield run
    store.close()


def _fill(con: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    fields = contracts()[name].fields
    columns = ", ".join(f"{field.name} {field.sql_type}" for field in fields)
    con.execute(f"create or replace temp table {name} ({columns})")
    if rows:
        marks = ", ".join("?" for _ in fields)
        con.executemany(
            f"insert into {name} values ({marks})",
            [[row.get(field.name) for field in fields] for row in rows],
        )
