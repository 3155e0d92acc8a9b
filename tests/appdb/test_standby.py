"""Who may come in is known while the database is gone; nothing is written, and it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from onemind.appdb import standby
from onemind.appdb.database import METADATA
from onemind.appdb.people import PEOPLE
from onemind.appdb.standby import Standby
from tests.support.waiting import eventually

NOW = datetime(2026, 11, 30, tzinfo=UTC)


class Server:
    """An engine that can be cut off, as a server is."""

    def __init__(self) -> None:
        self.engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool,
                                       connect_args={"check_same_thread": False})  # fmt: skip
        METADATA.create_all(self.engine)
        self.is_cut = False
        sa.event.listen(self.engine, "before_cursor_execute", self._refuse)

    def _refuse(self, *_: object) -> None:
        if self.is_cut:
            raise sa.exc.OperationalError("", {}, Exception("connection refused"))

    def add(self, email: str) -> None:
        with self.engine.begin() as con:
            con.execute(sa.insert(PEOPLE).values(id=email, email=email, role="staff",
                                                 added_at=NOW, added_by="tester"))  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(standby, "EVERY", 0.02)
    monkeypatch.setattr(standby, "AGAIN", 0.02)
    made = Server()
    yield made
    made.engine.dispose()


def emails(engine: sa.Engine | None) -> list[str]:
    assert engine
    with engine.connect() as con:
        return list(con.execute(sa.select(PEOPLE.c.email)).scalars())


def test_it_holds_what_the_server_held_last_and_comes_back(server: Server) -> None:
    kept = Standby(server.engine, METADATA, (PEOPLE,))
    assert kept.engine() is None  # nothing is known yet, so nobody is let in by it
    server.add("ann@example.org")
    kept.start()
    eventually(lambda: kept.engine() is not None, 10)
    server.is_cut = True
    eventually(lambda: kept.is_gone, 10)
    assert emails(kept.engine()) == ["ann@example.org"]
    server.is_cut = False
    eventually(lambda: not kept.is_gone, 10)
    server.add("pat@example.org")
    eventually(lambda: len(emails(kept.engine())) == 2, 10)
    kept.close()


def test_an_old_copy_is_not_believed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Standby(server.engine, METADATA, (PEOPLE,))
    kept.start()
    eventually(lambda: kept.engine() is not None, 10)
    kept.close()
    monkeypatch.setattr(standby, "LONGEST", 0.0)
    assert kept.engine() is None
