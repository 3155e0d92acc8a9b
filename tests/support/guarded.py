"""The whole server in the test's own process, with people and links, for tests of the guard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from onemind import runtime, server
from onemind.access.sessions import begin
from onemind.appdb import AppDatabase, Link, Person
from onemind.server.guard import guard

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST = "onemind.example"
ROLES = ("viewer", "staff", "admin")


@dataclass
class Guarded:
    """A server under test: its state, and clients who are somebody."""

    app: Starlette
    appdb: AppDatabase

    def client(self, who: str | None = None, address: str = "203.0.113.9", **given: Any) -> Any:
        """Return a client: of a role, of the partner's link, or (None) without a session."""
        found = TestClient(
            self.app,
            base_url=f"http://{HOST}",
            client=(address, 50000),
            follow_redirects=False,
            **given,
        )
        if who is not None:
            found.cookies.set("onemind_session", self.token(who))
        return found

    def token(self, who: str) -> str:
        """Begin a session and return its token."""
        whom = self.link() if who == "partner" else self.person(who)
        return begin(self.appdb, whom, datetime.now(UTC), "203.0.113.9", "test")

    def person(self, role: str) -> Person:
        """Return the person of a role."""
        found = self.appdb.people.by_email(f"{role}@example.org")
        assert found is not None
        return found

    def link(self) -> Link:
        """Return the partner's link."""
        return self.appdb.links.all()[0]


@contextmanager
def guarded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, people: bool = True, **settings: str
) -> Iterator[Guarded]:
    """Lend a server whose inside answers every address with its own words."""
    monkeypatch.setenv("ONEMIND_STORE", str(folder / "store"))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()
    appdb = runtime.appdb()
    for role in ROLES if people else ():
        appdb.people.add(Person(role, f"{role}@example.org", role, None, None, "x", NOW, None))
    if people:
        appdb.links.add(
            Link("l1", "h", "NAMI", "state=MA", None, False, None, date(2999, 1, 1), None, (),
                 "staff@example.org", NOW)
        )  # fmt: skip
    inside = [
        Route("/{path:path}", _inside, methods=["GET", "PUT", "POST", "DELETE", "OPTIONS"]),
        WebSocketRoute("/{path:path}", _echo),
    ]
    app = Starlette(routes=[*server.routes, *inside], middleware=server.middleware)
    yield Guarded(app, appdb)
    appdb.close()
    st.cache_resource.clear()


async def _inside(request: Request) -> HTMLResponse:
    user = guard.user_of(request.scope)
    name = user.name if user else "anybody"
    return HTMLResponse(f"inside {request.url.path} as {name}; {dict(request.headers)}")


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect as gone:
        socket.app.state.gone = gone.code
