"""Who may open what: every page and route, by every role. A new one without a line here fails.

What is allowed is written down here a second time, by hand, so that a slip in the declarations
shows.
"""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import streamlit as st
from starlette.routing import Route
from starlette.websockets import WebSocketDisconnect

from onemind import access
from onemind.access import PAGES
from onemind.access.people import Actor
from onemind.access.sessions import begin
from onemind.appdb import AppDatabase
from onemind.server import routes
from onemind.server.guard import rules
from onemind.server.guard.rules import Rule
from onemind.settings import ROOT
from onemind.ui.base import visitor
from tests.support.guarded import HOST, Guarded, guarded
from tests.support.screens import dashboard
from tests.support.serving import serving

NOBODY, PARTNER, VIEWER, STAFF, ADMIN = "nobody", "partner", "viewer", "staff", "admin"
ORDER = (NOBODY, PARTNER, VIEWER, STAFF, ADMIN)  # whoever stands further right may more
# The least that somebody must be, by section of the menu and by route.
SECTIONS = {"Explore": PARTNER, "Publish": STAFF, "Admin": ADMIN}
PAGES_APART = {"Links": STAFF}  # those that need less than their section
LEAST = {
    "/healthz": NOBODY,
    "/readyz": NOBODY,
    "/metrics": NOBODY,  # but for programs with its token: to others it is not there
    "/static/*": NOBODY,
    "/favicon.png": NOBODY,
    "/icon.png": NOBODY,
    "/login": NOBODY,
    "/login/*": NOBODY,
    "/account": NOBODY,
    "/share/*": NOBODY,
    "/unsubscribe/*": NOBODY,
    "/overview": PARTNER,
    "/api/v1": PARTNER,
    "/api/v1/": PARTNER,
    "/api/v1/openapi.json": PARTNER,
    "/api/v1/*": VIEWER,
    "/site": VIEWER,  # and partners whose link allows downloads, which this one's does not
    "/site/": VIEWER,
    "/site/*": VIEWER,
    "/api/kiosk.js": PARTNER,
    "/api/session": PARTNER,
    "/api/events": PARTNER,
    "/api/boundaries/*": PARTNER,
    "/_stcore/stream": PARTNER,
    "/_stcore/health": PARTNER,
    "/_stcore/host-config": PARTNER,
    "/_stcore/bidi-components/*": PARTNER,
    "/component/*": PARTNER,
    "/media/*": PARTNER,
    "/_stcore/upload_file/*": STAFF,
    "/_stcore/metrics": ADMIN,
}
UNDECLARED = (
    *("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"),
    *("/_stcore/script-health-check", "/app/static/x", "/oauth2callback", "/_stcore/allowed-cors"),
    *("/data/store/state.sqlite", "/.streamlit/secrets.toml", "/upload/", "//", "/Upload"),
)
PAGE = {"Accept": "text/html"}
ADDRESSES = {title: (section, file) for section, pages in PAGES.items() for file, title, _ in pages}


def least_of(title: str) -> str:
    return PAGES_APART.get(title, SECTIONS[ADDRESSES[title][0]])


def may(role: str, least: str) -> bool:
    return ORDER.index(role) >= ORDER.index(least)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with (
        pytest.MonkeyPatch.context() as patch,
        guarded(tmp_path_factory.mktemp("matrix"), patch) as found,
    ):
        yield found


def client(server: Guarded, role: str) -> Any:
    return server.client(None if role == NOBODY else role)


def sample(path: str) -> str:
    return path.replace("*", "some/thing")


def test_every_page_there_is_stands_in_the_menu_under_a_section_with_a_line_here() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("pages/*/*.py")}
    assert there == {file for _, file in ADDRESSES.values()}
    assert set(PAGES) == set(SECTIONS)
    for section, file in ADDRESSES.values():
        assert file.startswith(f"pages/{section.lower()}/")


def test_every_route_there_is_has_a_declared_permission_and_a_line_here() -> None:
    assert {rule.path for rule in rules.ROUTES} == set(LEAST)
    for route in routes:
        assert isinstance(route, Route)
        path = re.sub(r"{[^}]*}", "x", route.path)
        found = rules.rule("http", path)
        assert found, f"{route.path} has no rule in server.guard.rules.ROUTES"
        assert set(route.methods or ()) <= {*found.methods, "HEAD"}, route.path


@pytest.mark.parametrize("role", ORDER)
def test_every_page_by_its_address(server: Guarded, role: str) -> None:
    for title in ADDRESSES:
        answer = client(server, role).get(rules.address_of(title), headers=PAGE)
        if may(role, least_of(title)):
            assert answer.status_code == 200, title
        elif role == NOBODY:
            assert answer.status_code == 303, title
            assert answer.headers["location"].startswith("/login?next=")
        else:
            assert answer.status_code == 403, title


@pytest.mark.parametrize("role", ORDER)
@pytest.mark.parametrize("rule", rules.ROUTES, ids=lambda rule: rule.path)
def test_every_route_by_its_method(server: Guarded, rule: Rule, role: str) -> None:
    if rule.kind == "websocket":
        return
    own = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
    for method in rule.methods:
        answer = client(server, role).request(method, sample(rule.path), headers=own)
        told = "error" in answer.text or "problem" in answer.headers.get("content-type", "")
        refused = answer.status_code in (401, 403) and told
        refused = refused or (method == "HEAD" and answer.status_code in (401, 403))
        assert refused != may(role, LEAST[rule.path]), (method, rule.path, answer.status_code)


@pytest.mark.parametrize("role", ORDER)
def test_every_method_that_is_not_declared_is_refused(server: Guarded, role: str) -> None:
    for rule in (item for item in rules.ROUTES if item.kind == "http"):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - set(rule.methods):
            status = client(server, role).request(method, sample(rule.path)).status_code
            hidden = (404,) if rule.token else ()
            assert status in (401, 403, 405, *hidden), (method, rule.path, status)


@pytest.mark.parametrize("role", ORDER)
@pytest.mark.parametrize("path", UNDECLARED)
def test_what_is_not_declared_is_there_for_nobody(server: Guarded, path: str, role: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        status = client(server, role).request(method, f"http://{HOST}{path}").status_code
        assert status in (401, 404), (method, path, status)


@pytest.mark.parametrize("role", ORDER)
def test_the_websocket(server: Guarded, role: str) -> None:
    if may(role, LEAST["/_stcore/stream"]):
        with client(server, role).websocket_connect("/_stcore/stream") as socket:
            socket.send_text("hello")
            assert socket.receive_text() == "hello"
    else:
        with (
            pytest.raises(WebSocketDisconnect),
            client(server, role).websocket_connect("/_stcore/stream"),
        ):
            pass


@pytest.mark.parametrize("role", ORDER)
def test_every_page_over_the_websocket(
    server: Guarded, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """What the script itself offers, whatever address it is asked for."""
    token = None if role == NOBODY else server.token(role)
    monkeypatch.setattr(visitor, "token", lambda: token)
    app = dashboard().run()
    for title, (_, file) in ADDRESSES.items():
        if may(role, least_of(title)):
            assert not app.switch_page(file).run().exception, title
        elif role == NOBODY:
            assert "You are signed out" in app.error[0].value
            with pytest.raises(ValueError, match="navigation"):
                app.switch_page(file)
        else:
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                app.switch_page(file).run()


@pytest.mark.parametrize("role", [NOBODY, VIEWER])
def test_a_deep_link_as_the_first_request_after_a_restart(tmp_path: Path, role: str) -> None:
    """A fresh process each: nothing may be open before the first page has run."""
    folder, cookie = tmp_path / "store", ""
    with closing(AppDatabase(folder)) as appdb:
        by, now = Actor("tester"), datetime.now(UTC)
        access.people.add(appdb, "ann@example.org", "admin", by, now)
        person = access.people.add(appdb, "vic@example.org", "viewer", by, now)
        if role == VIEWER:
            cookie = f"onemind_session={begin(appdb, person, now)}"
    with serving(folder, ready="") as base:
        asked = urllib.request.Request(f"{base}/upload", headers={**PAGE, "Cookie": cookie})
        status, where = first_answer(asked)
    assert (status, where) == ((200, "/login?next=%2Fupload") if role == NOBODY else (403, ""))
    st.cache_resource.clear()


def first_answer(asked: urllib.request.Request) -> tuple[int, str]:
    """Ask until the server is up: nothing else was asked of it before."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return answer.status, answer.url.split(":", 2)[2].lstrip("0123456789")
        except HTTPError as refused:
            return refused.code, ""
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up in 30 seconds")
