"""What leaves the dashboard, over PostgreSQL: the same marks and the same once as in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from onemind.appdb import AppDatabase, migrations
from onemind.appdb.database import METADATA, Database
from onemind.appdb.sending import MAIL, SENT, UNCLEAR, Hook, Message, SavedText, Subscription
from tests.support.servers import PostgreSQL

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def address(postgres: PostgreSQL) -> str:
    return postgres.address(postgres.database())


@pytest.fixture
def appdb(address: str) -> Iterator[AppDatabase]:
    with closing(AppDatabase(address)) as found:
        yield found


def message(name: str) -> Message:
    return Message(name, MAIL, "letter", f"{name}@example.org", name, b"\x00", "ann", NOW, NOW)


def test_the_revisions_make_the_tables_that_the_code_names(address: str) -> None:
    with closing(Database(address)) as database:
        assert database.create()
        assert migrations.revision(database.engine) == migrations.HEAD
        with database.engine.connect() as con:
            found = compare_metadata(MigrationContext.configure(con), METADATA)
        assert found == []


def test_a_state_of_release_0_8_gets_the_new_tables(address: str) -> None:
    with closing(Database(address)) as database:
        database.create()
        with database.engine.begin() as con:
            for table in ("outbox", "subscriptions", "webhooks", "texts"):
                con.execute(sa.text(f"drop table {table}"))
            con.execute(sa.text("update alembic_version set version_num = '0001'"))
    with closing(AppDatabase(address)) as appdb:
        assert appdb.outbox.all() == []
        assert appdb.subscriptions.all() == []


def test_a_message_is_put_in_once_claimed_once_and_ends_once(appdb: AppDatabase) -> None:
    rows = [message(f"m{n}") for n in range(120)]
    assert appdb.outbox.put(rows) == 120
    assert appdb.outbox.put(rows) == 0
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: appdb.outbox.claim(rows[0], NOW), range(8)))
    assert claims.count(True) == 1
    assert appdb.outbox.begin(rows[0], NOW)
    appdb.outbox.finish(rows[0], SENT, "250 OK", NOW)
    appdb.outbox.finish(rows[0], UNCLEAR, "late", NOW)
    assert appdb.outbox.by_ids(["m0"])["m0"].state == SENT
    assert [event.action for event in appdb.activity.events()] == ["letter sent"]


def test_what_broke_off_is_unclear(appdb: AppDatabase) -> None:
    appdb.outbox.put([message("a"), message("b")])
    for name in ("a", "b"):
        appdb.outbox.claim(message(name), NOW)
    appdb.outbox.begin(message("a"), NOW)
    later = NOW + timedelta(minutes=11)
    appdb.outbox.recover(MAIL, later - timedelta(minutes=10), later)
    assert [item.id for item in appdb.outbox.due(MAIL, later)] == ["b"]
    assert [item.id for item in appdb.outbox.all(state=UNCLEAR)] == ["a"]


def test_subscriptions_hooks_and_texts_come_back_as_they_were(appdb: AppDatabase) -> None:
    row = Subscription("s", "pat@example.org", "all", 0, "h", "ann", NOW)
    appdb.subscriptions.add(row)
    after = replace(row, last_at=NOW, last_version=3, last_day=date(2026, 6, 30))
    change = appdb.subscriptions.told(row, after)
    assert appdb.outbox.put([message("a")], change) == 1
    assert appdb.outbox.put([message("b")], change) is None
    assert appdb.subscriptions.by_token("h") == after
    hook = Hook("w", "desk", "json", "https://x.org/", None, ("overdue",), "ann", NOW)
    appdb.hooks.add(hook)
    assert appdb.outbox.put([], appdb.hooks.told(hook, 1, date(2026, 6, 30))) == 0
    assert appdb.hooks.all() == [replace(hook, version=1, day=date(2026, 6, 30))]
    text = SavedText("letter", "Hello", "Dear", "ann", NOW)
    appdb.texts.save(text)
    appdb.texts.save(replace(text, body="Dear Chief"))
    assert appdb.texts.get("letter") == replace(text, body="Dear Chief")
