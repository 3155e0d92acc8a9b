"""Stores over PostgreSQL and a bucket: each test has a database and a bucket of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from onemind.settings import Settings
from onemind.store import Store
from tests.conftest import Campaign
from tests.support.servers import PostgreSQL, Storage, postgresql, storage
from tests.support.wire import Wire, wire

Replica = Callable[[str], Campaign]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """Lend a server of PostgreSQL to all tests of this process."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[Storage]:
    """Lend an S3 server to all tests of this process."""
    with storage() as server:
        yield server


@pytest.fixture
def to_postgres(postgres: PostgreSQL) -> Iterator[Wire]:
    """Lend the wire over which PostgreSQL is reached."""
    with wire(postgres.port) as made:
        yield made


@pytest.fixture
def to_s3(s3: Storage) -> Iterator[Wire]:
    """Lend the wire over which the bucket is reached."""
    with wire(s3.port) as made:
        yield made


@pytest.fixture
def hosted(
    tmp_path: Path, postgres: PostgreSQL, s3: Storage, to_postgres: Wire, to_s3: Wire
) -> Settings:
    """Return the settings of a new hosted store."""
    return Settings(
        store=tmp_path / "one",
        catalog=postgres.address(postgres.database(), to_postgres.port),
        bucket=s3.bucket(to_s3.port),
    )


@pytest.fixture
def replica(hosted: Settings, tmp_path: Path) -> Iterator[Replica]:
    """Return a function that opens the store as a machine of that name would."""
    from dataclasses import replace

    with ExitStack() as opened:

        def open_one(name: str) -> Campaign:
            folder = tmp_path / name
            folder.mkdir()
            store = Store(replace(hosted, store=folder / "store"))
            opened.callback(store.close)
            return Campaign(store, folder)

        yield open_one
