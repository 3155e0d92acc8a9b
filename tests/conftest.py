"""What the tests share: stores with small campaigns, the sample campaign, servers.

What serves is imported by the fixture that needs it: programs that tests start and kill import this
module too, and start at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from onemind import ingest, metrics, publishing
from onemind.campaign import Filter, contracts
from onemind.settings import SAMPLE, Settings
from onemind.store import Connection, Store, Version
from tests.support import hosting

if TYPE_CHECKING:
    from tests.support.guarded import Guarded

TODAY = date(2026, 6, 30)
Rows = dict[str, dict[str, Any]]


READING = ("shape", "columns", "constants", "dates", "words", "rows", "names", "hidden")


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

    def options(self, **given: Any) -> publishing.Options:
        """Return options as of a fixed today; what is said of the reading is part of them."""
        said = {name: given.pop(name) for name in READING if name in given}
        return publishing.Options(today=TODAY, reading=ingest.Reading(**said), **given)

    def publish(self, message: str = "test", **csvs: Any) -> Version:
        """Publish literal CSV texts; keywords that are no dataset are options."""
        given = {name: csvs.pop(name) for name in list(csvs) if name not in contracts()}
        files = self.uploads(**csvs)
        return publishing.publish(self.store, files, self.options(**given), "tester", message)[0]

    def publish_sample(self) -> Version:
        """Publish the whole sample campaign as it comes along."""
        files = [ingest.Upload(path, path.name) for path in sorted(SAMPLE.glob("*.csv"))]
        return publishing.publish(self.store, files, self.options(), "tester", "sample")[0]

    def check(self, **csvs: Any) -> publishing.Draft:
        """Check literal CSV texts without publishing them."""
        given = {name: csvs.pop(name) for name in list(csvs) if name not in contracts()}
        with publishing.draft(self.store, self.uploads(**csvs), self.options(**given)) as (made, _):
            return made

    def progress(self, as_of: str = "2026-06-30", version: int | None = None) -> Rows:
        """Return `progress` by department."""
        chosen = Filter(as_of=date.fromisoformat(as_of), version=version)
        found = metrics.progress(self.store, chosen, TODAY).records()
        return {row["department_id"]: row for row in found}

    def value(self, metric: str, as_of: str = "2026-06-30", **where: Any) -> Any:
        """Return one metric's value."""
        chosen = Filter(as_of=date.fromisoformat(as_of), **where)
        return metrics.query(
            self.store, metrics.Query(metrics.metric_name(metric), (), chosen), TODAY
        ).rows[0][0]


@contextmanager
def campaigning(folder: Path, **given: Any) -> Iterator[Campaign]:
    """Lend a campaign whose store is in a folder, with other settings where some are given."""
    store = Store(Settings(store=folder / "store", **hosting.place(folder / "store"), **given))
    try:
        yield Campaign(store, folder)
    finally:
        store.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Campaign]:
    """Lend a campaign with nothing published."""
    with campaigning(tmp_path) as found:
        yield found


@pytest.fixture
def campaign(empty: Campaign) -> Callable[..., Campaign]:
    """Return a function that publishes literal CSV texts into a fresh store."""

    def publish(**csvs: str) -> Campaign:
        empty.publish(**csvs)
        return empty

    return publish


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Lend the sample campaign, the same one to every test: nothing is changed in it."""
    folder = tmp_path_factory.mktemp("sample")
    if hosting.ON:
        with campaigning(folder) as found:
            found.publish_sample()
            yield found
        return
    shutil.copytree(_published_sample(tmp_path_factory) / "store", folder / "store")
    with campaigning(folder) as found:
        yield found


def _published_sample(factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose store holds the sample, published by whichever worker asks first."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    run = factory.getbasetemp() if alone else factory.getbasetemp().parent
    published = run / "published-sample"
    with FileLock(run / "published-sample.lock"):
        if not published.exists():
            folder = factory.mktemp("publishing")
            with campaigning(folder) as made:
                made.publish_sample()
            folder.rename(published)
    return published


@pytest.fixture(scope="session")
def served_sample(sample: Campaign) -> Iterator[str]:
    """Lend the address of a server on the sample campaign: it is looked at, not changed."""
    from tests.support.serving import serving

    with serving(sample.folder / "store") as base:
        yield base


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    """Lend the whole server in the test's own process, with people and a link."""
    from tests.support.guarded import guarded

    with guarded(tmp_path, monkeypatch) as found:
        yield found


def _forget() -> None:
    """Let go of all that this process opened and drew."""
    import streamlit as st

    from onemind import runtime

    st.cache_resource.clear()
    runtime.forget()


@pytest.fixture(scope="module")
def looked_at() -> Iterator[dict[str, str]]:
    """Lend the settings for which the script of this process keeps what it opened and drew."""
    _forget()
    yield {}
    _forget()


@pytest.fixture
def look_at(looked_at: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that turns the script of this process to a store, by the settings now."""

    def turn(store: Path) -> None:
        monkeypatch.setenv("ONEMIND_STORE", str(store))
        for name, value in hosting.environment(store).items():
            monkeypatch.setenv(name, value)
        wanted = {name: value for name, value in os.environ.items() if name.startswith("ONEMIND_")}
        if wanted != looked_at:
            _forget()
            looked_at.clear()
            looked_at.update(wanted)

    return turn


@pytest.fixture(scope="session")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Rows]]:
    """Return a function that runs the `progress` model over typed rows, without publishing them."""
    store = Store(Settings(store=tmp_path_factory.mktemp("calculator")))
    with store.cursor() as con:

        def run(tables: dict[str, list[dict[str, Any]]], as_of: date) -> Rows:
            for name in contracts():
                _fill(con, name, tables.get(name, []))
            columns = ", ".join(metrics.PROGRESS)
            sql = f"{metrics.model.with_models('progress')} select {columns} from progress"
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
