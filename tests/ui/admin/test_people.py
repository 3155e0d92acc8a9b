"""The pages of people and of activity, run as Streamlit runs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from onemind import access, runtime
from onemind.access import User, Visitors
from onemind.access.people import Actor
from onemind.access.sessions import begin
from onemind.access.signin import Browser, by_password
from onemind.settings import ROOT, Settings
from onemind.ui.base import visitor
from tests.conftest import Campaign
from tests.support.screens import dashboard, pressed

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\n=1+1"


@pytest.fixture
def app(tmp_path: Path, look_at: Callable[[Path], None]) -> AppTest:
    look_at(tmp_path / "store")
    return dashboard()


def test_the_first_person_added_is_an_admin_whose_password_is_shown_once(
    app: AppTest, tmp_path: Path
) -> None:
    app.run().switch_page("pages/admin/people.py").run()
    assert "this dashboard answers this computer only" in app.info[0].value
    app.text_input[0].set_value("Ann@Example.org")
    app = pressed(app, "Add")
    assert app.success[0].value.startswith("ann@example.org was added as admin.")
    appdb = runtime.appdb()
    visitors = Visitors(appdb, Settings(store=tmp_path / "store"))
    assert by_password(visitors, "ann@example.org", app.code[0].value, Browser("", ""))
    app.run()
    assert "You are signed out" in app.error[0].value  # the open house has ended, here too


@pytest.fixture
def signed_in(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    appdb, by = runtime.appdb(), Actor("tester")
    access.people.add(appdb, "ann@example.org", "admin", by, NOW)
    access.people.add(appdb, "bob@example.org", "viewer", by, NOW)
    value = begin(appdb, access.people.known(appdb, "ann@example.org"), datetime.now(UTC))
    monkeypatch.setattr(visitor, "token", lambda: value)
    return app.run().switch_page("pages/admin/people.py").run()


def test_an_admin_changes_a_role_disables_and_enables(signed_in: AppTest) -> None:
    app = signed_in
    app.selectbox(key="person").set_value("bob@example.org").run()
    app.selectbox[1].set_value("staff").run()
    people = runtime.appdb().people
    assert people.by_email("bob@example.org").role == "staff"  # type: ignore[union-attr]
    app = pressed(app, "Disable")
    assert people.by_email("bob@example.org").disabled_at  # type: ignore[union-attr]
    app = pressed(app, "Enable")
    app = pressed(app, "New password")
    assert len(app.code[0].value) == 20
    app = pressed(app, "Remove permanently")
    assert people.by_email("bob@example.org") is None


def test_a_page_that_lies_open_takes_no_role_back(signed_in: AppTest) -> None:
    app, appdb = signed_in, runtime.appdb()
    access.people.add(appdb, "eve@example.org", "admin", Actor("tester"), NOW)
    app.run()
    app.selectbox(key="person").set_value("eve@example.org").run()
    access.people.set_role(appdb, "eve@example.org", "viewer", Actor("somebody else"), NOW)
    app.run()
    assert appdb.people.by_email("eve@example.org").role == "viewer"  # type: ignore[union-attr]
    assert app.selectbox[1].value == "viewer"


def test_the_only_admin_can_not_lock_everybody_out(signed_in: AppTest) -> None:
    app = pressed(signed_in, "Disable")
    assert "the only admin" in app.error[0].value
    assert not app.exception


def test_the_activity_page_lists_filters_and_shows_texts_as_texts(signed_in: AppTest) -> None:
    runtime.appdb().activity.add(datetime.now(UTC), EVIL, "publish", EVIL, "10.0.0.7")
    app = signed_in.switch_page("pages/admin/activity.py").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["What"].tolist() == ["publish"]  # the others are older than thirty days
    assert table["Who"][0] == r"<script>alert(1)</script>\n=1+1"
    app.date_input(key="since").set_value(NOW.date()).run()
    assert set(app.dataframe[0].value["What"]) == {"publish", "person added"}
    app.multiselect(key="what").set_value(["person added"]).run()
    assert len(app.dataframe[0].value) == 2
    app.multiselect(key="what").set_value(["restore"]).run()
    assert "No such events" in app.info[0].value


@pytest.mark.parametrize("page", ["people", "activity"])
def test_the_page_itself_refuses_whoever_is_no_admin(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    path = str(ROOT / "pages" / "admin" / f"{page}.py")
    assert not AppTest.from_file(path, default_timeout=60).run().exception
    monkeypatch.setattr(visitor, "user", lambda: User("x", "staff"))
    refused = AppTest.from_file(path, default_timeout=60).run()
    assert refused.exception
    assert not refused.dataframe and not refused.text_input


def test_a_digest_is_added_and_ended_by_an_admin(
    app: AppTest, empty: Campaign, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.publish(departments="department_id,name,type,state\nA,Avon,municipal,MA\n")
    monkeypatch.setenv("ONEMIND_URL", "https://onemind.example.org")
    look_at(empty.store.settings.store)
    app = dashboard().run().switch_page("pages/admin/people.py").run()
    address = next(i for i in app.text_input if i.label == "Email address of the reader")
    address.set_value("nobody")
    app = pressed(app, "Add the reader")
    assert "'nobody' is not an email address" in app.error[0].value.replace("\\", "")
    address = next(i for i in app.text_input if i.label == "Email address of the reader")
    address.set_value("pat@example.org")
    app = pressed(app, "Add the reader")
    (known,) = runtime.appdb().subscriptions.all()
    assert (known.address, known.scope, known.weekday) == ("pat@example.org", "all", 0)
    app = pressed(app, "End it")
    assert runtime.appdb().subscriptions.all() == []
