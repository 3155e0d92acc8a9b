"""The Links page: a link made, shown once, listed with its use, and revoked after a second word."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from onemind import access, runtime
from onemind.access import User
from onemind.access.sessions import key_of
from onemind.appdb import AppDatabase
from onemind.ui.base import visitor
from tests.conftest import Campaign
from tests.support.screens import pressed, screen, words

DEPARTMENTS = """department_id,name,type,county,state
D1,Lee,municipal,Berkshire,MA
D2,Salem,municipal,Essex,MA
D3,Keene,municipal,Cheshire,NH
"""
STAFF = User("pat@example.org", "staff", id="p1")


@pytest.fixture
def page(
    campaign: Callable[..., Campaign],
    look_at: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], AppTest]:
    look_at(campaign(departments=DEPARTMENTS).folder / "store")
    monkeypatch.setenv("ONEMIND_URL", "https://onemind.example.org")
    monkeypatch.setattr(visitor, "user", lambda: STAFF)
    return lambda: screen("pages/admin/links.py")


def test_a_link_is_made_shown_once_and_revoked(page: Callable[[], AppTest]) -> None:
    app = page()
    assert "No links in use" in words(app)
    app.text_input(key="link_label").input("NAMI *Essex*")
    app.multiselect(key="link_states").select("MA").run()
    assert app.multiselect(key="link_counties").options == ["Berkshire", "Essex"]
    app.multiselect(key="link_counties").select("Essex").run()
    assert "It shows 1 department: Massachusetts, county Essex" in words(app)
    pressed(app, "Create the link")
    address, *feeds = [item.value for item in app.code]
    appdb: AppDatabase = runtime.appdb()
    (link,) = appdb.links.all()
    token = re.fullmatch(r"https://onemind\.example\.org/share/([\w-]{43})", address)
    assert token
    assert [item.partition(f"/feeds/{token[1]}/")[2] for item in feeds] == [
        "calendar.ics", "changes.atom", "badge/DEPARTMENT.svg", "card/DEPARTMENT", "picture.png",
    ]  # fmt: skip
    assert (link.token_hash, link.scope) == (key_of(token[1]), "state=MA;county=Essex")
    assert r"**NAMI \*Essex\*** :green-badge[active, ends in 30 days]" in [
        item.value for item in app.markdown
    ]
    assert "never opened" in words(app)
    pressed(app, "I copied it")
    assert not app.code
    assert token[1] not in words(page())
    pressed(app, "Revoke the link")
    assert "red-badge[revoked" in words(app)
    assert [event.action for event in appdb.activity.events()] == ["link revoked", "link made"]
    assert appdb.activity.events()[0].actor == "pat@example.org"


def test_what_makes_no_sense_is_said_and_what_was_filled_in_stays(
    page: Callable[[], AppTest],
) -> None:
    app = page()
    app.text_area(key="link_sites").input("example.org").run()
    pressed(app, "Create the link")
    assert "The label has 0 characters" in app.error[0].value
    app.text_input(key="link_label").input("NAMI").run()
    pressed(app, "Create the link")
    assert "'example.org' is not a site that can embed a link" in app.error[0].value.replace(
        "\\", ""
    )
    assert app.text_area(key="link_sites").value == "example.org"
    assert runtime.appdb().links.all() == []


def test_a_link_held_at_a_version_with_pages_says_so(page: Callable[[], AppTest]) -> None:
    app = page()
    app.text_input(key="link_label").input("Press")
    app.multiselect(key="link_pages").select("Overview").run()
    app.selectbox(key="link_held").select(1).run()
    pressed(app, "Create the link")
    assert "All departments · Overview · fixed at version 1 · no downloads" in words(app)
    (link,) = runtime.appdb().links.all()
    access.links.use(runtime.appdb(), link.id, "session", "10.0.0.7", datetime.now(UTC))
    assert "opened 1 time, last" in words(app.run())
