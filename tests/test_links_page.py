"""The Links page: a link made, shown once, listed with its use, and revoked after a second word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from onemind import links, ui, ui_visitor
from onemind.access import User
from onemind.access_sessions import key_of
from onemind.settings import ROOT
from onemind.state import State
from tests.conftest import Campaign

DEPARTMENTS = """department_id,name,type,county,state
D1,Lee,municipal,Berkshire,MA
D2,Salem,municipal,Essex,MA
D3,Keene,municipal,Cheshire,NH
"""
STAFF = User("pat@example.org", "staff", id="p1")


@pytest.fixture
def page(
    campaign: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], AppTest]]:
    made = campaign(departments=DEPARTMENTS)
    monkeypatch.setenv("ONEMIND_STORE", str(made.folder / "store"))
    monkeypatch.setenv("ONEMIND_URL", "https://onemind.example.org")
    monkeypatch.setattr(ui, "user", lambda: STAFF)
    monkeypatch.setattr(ui_visitor, "user", lambda: STAFF)
    st.cache_resource.clear()

    def run() -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
        return app.switch_page("pages/admin/links.py").run()

    yield run
    st.cache_resource.clear()


def button(app: AppTest, label: str) -> Any:
    return next(item for item in app.button if item.label == label)


def words(app: AppTest) -> str:
    return "\n".join(str(item.value) for item in (*app.markdown, *app.caption, *app.header))


def test_a_link_is_made_shown_once_and_revoked(page: Callable[[], AppTest]) -> None:
    app = page()
    assert "No link is in use" in words(app)
    app.text_input(key="link_label").input("NAMI *Essex*")
    app.multiselect(key="link_states").select("MA").run()
    assert app.multiselect(key="link_counties").options == ["Berkshire", "Essex"]
    app.multiselect(key="link_counties").select("Essex").run()
    assert "It shows 1 department: Massachusetts, county Essex" in words(app)
    button(app, "Make the link").click().run()
    (address,) = [item.value for item in app.code]
    state: State = ui_visitor.state()
    (link,) = state.links.all()
    token = re.fullmatch(r"https://onemind\.example\.org/share/([\w-]{43})", address)
    assert token
    assert (link.token_hash, link.scope) == (key_of(token[1]), "state=MA;county=Essex")
    assert r"**NAMI \*Essex\*** :green-badge[active, ends in 30 days]" in words(app)
    assert "never opened" in words(app)
    button(app, "I have it").click().run()
    assert not app.code
    assert token[1] not in words(page())
    button(app, "Revoke the link").click().run()
    assert "red-badge[revoked" in words(app)
    assert [event.action for event in state.activity.events()] == ["link revoked", "link made"]
    assert state.activity.events()[0].actor == "pat@example.org"


def test_what_makes_no_sense_is_said_and_what_was_filled_in_stays(
    page: Callable[[], AppTest],
) -> None:
    app = page()
    app.text_area(key="link_sites").input("example.org").run()
    button(app, "Make the link").click().run()
    assert "The label has 0 characters" in app.error[0].value
    app.text_input(key="link_label").input("NAMI").run()
    button(app, "Make the link").click().run()
    assert "'example.org' is no site that can embed a link" in app.error[0].value
    assert app.text_area(key="link_sites").value == "example.org"
    assert ui_visitor.state().links.all() == []


def test_a_link_held_at_a_version_with_pages_says_so(page: Callable[[], AppTest]) -> None:
    app = page()
    app.text_input(key="link_label").input("Press")
    app.multiselect(key="link_pages").select("Overview").run()
    app.selectbox(key="link_held").select(1).run()
    button(app, "Make the link").click().run()
    assert "All departments · Overview · held at version 1 · no downloads" in words(app)
    (link,) = ui_visitor.state().links.all()
    links.use(ui_visitor.state(), link.id, "session", "10.0.0.7", datetime.now(UTC))
    assert "opened 1 time, last" in words(app.run())
