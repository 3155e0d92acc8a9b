"""Departments and Department by role: nothing that a role may not see is on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from onemind.access import User
from onemind.campaign import Scope
from onemind.ui import plain
from onemind.ui.base import visitor
from tests.conftest import campaigning
from tests.support.screens import labels, screen, words

DEPARTMENT, DEPARTMENTS = "pages/explore/department.py", "pages/explore/departments.py"
Open = Callable[..., AppTest]
CAMPAIGN = {
    "departments": "department_id,name,type,municipality,county,state,sworn_officers,"
    "contact_name,contact_email\n"
    'D1,"Lee <b>Police</b>",municipal,Lee,Berkshire,MA,2,Ann Example,ann@example.org\n'
    "D2,Ely Police,municipal,Ely,Orange,VT,,,\nD3,Zoo Police,other,,,VT,4,,\n",
    "pledges": "department_id,pledged_on\nD1,2017-09-20\n",
    "training": "department_id,officer_id,course,completed_on\n"
    "D1,A-1,MHFA,2026-01-01\nD1,A-2,MHFA,2026-01-01\nD1,A-3,MHFA,2026-01-01\n",
    "outcomes": "department_id,period_start,period_end,mh_calls,arrests\n"
    "D1,2024-01-01,2024-12-31,40,2\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with three departments."""
    with campaigning(tmp_path_factory.mktemp("campaign")) as made:
        made.publish(**CAMPAIGN)
    return made.folder / "store"


@pytest.fixture
def opened(folder: Path, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as somebody."""

    def run(file: str, user: User | None = None, **parameters: Any) -> AppTest:
        look_at(folder)
        monkeypatch.setattr(visitor, "user", lambda: user or User("someone", "admin"))
        app = screen(file, **parameters)
        assert not app.exception
        return app

    return run


def tables(app: AppTest) -> str:
    return "\n".join(item.value.to_string() for item in (*app.table, *app.dataframe))


def test_staff_see_contacts_officers_and_small_counts(opened: Open) -> None:
    app = opened(DEPARTMENT, User("staff", "staff"), id="D1")
    assert "Ann Example · ann@example.org" in words(app)
    assert "A-1" in tables(app)
    assert "fewer than 5" not in tables(app)


def test_a_partner_sees_no_officers_no_contacts_no_small_counts_and_no_download(
    opened: Open,
) -> None:
    partner = User("link", "partner", Scope(state=("MA",)))
    app = opened(DEPARTMENT, partner, id="D1")
    assert "Ann Example" not in words(app)
    assert "Contacts" not in words(app)
    assert "A-1" not in tables(app)
    assert "fewer than 5 or not given" in tables(app)
    listed = opened(DEPARTMENTS, partner)
    assert "1 department. Choose a row" in words(listed)
    assert "Download as CSV" not in labels(listed, "download_button")
    allowed = User("link", "partner", Scope(state=("MA",)), downloads=True)
    assert "Download as CSV" in labels(opened(DEPARTMENTS, allowed), "download_button")


def test_a_department_outside_a_scope_is_not_there(opened: Open) -> None:
    app = opened(DEPARTMENT, User("link", "partner", Scope(state=("VT",))), id="D1")
    assert "There is no department 'D1' in version 1" in app.error[0].value
    assert "Lee" not in "".join(app.selectbox[-1].options)


def test_names_are_text_and_never_markup(opened: Open) -> None:
    app = opened(DEPARTMENT, id="D1")
    html = "".join(item.proto.body for item in app.get("html"))
    assert "<b>Police</b>" not in html
    assert app.header[0].value == plain("Lee <b>Police</b>")


def test_an_error_is_reported_by_a_mail_that_names_the_department(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMIND_CONTACT", "data@example.org")
    urls = [item.proto.url for item in opened(DEPARTMENT, id="D1").get("link_button")]
    (mail,) = [url for url in urls if url.startswith("mailto:")]
    assert mail.startswith("mailto:data@example.org?subject=Possible%20error")
    assert "%28D1%29" in mail


def test_more_trained_than_sworn_is_flagged_and_shares_stop_at_100(opened: Open) -> None:
    app = opened(DEPARTMENT, id="D1")
    assert "reports more trained officers than sworn officers" in app.warning[0].value
    assert {m.label: m.value for m in app.metric}["Trained in MHFA"] == "2 · 100%"
    assert "⚠ Check" in tables(opened(DEPARTMENTS))


def test_unknown_numbers_are_called_unknown(opened: Open) -> None:
    app = opened(DEPARTMENT, id="D2")
    shown = {metric.label: metric.value for metric in app.metric}
    assert set(shown.values()) == {"unknown"}
    assert "Has not pledged." in words(app)


def test_a_search_in_the_address_narrows_the_list_and_says_when_nothing_fits(
    opened: Open,
) -> None:
    app = opened(DEPARTMENTS, search="ely")
    assert app.text_input[0].value == "ely"
    assert "1 department. Choose a row" in words(app)
    assert "Ely Police" in labels(app, "page_link")
    none = opened(DEPARTMENTS, search="[nowhere](//x)")
    assert f"No department in view matches '{plain('[nowhere](//x)')}'" in none.info[0].value


def test_the_way_leads_through_the_list_in_its_order(opened: Open) -> None:
    assert labels(opened(DEPARTMENT, id="D2"), "page_link") == [
        "All departments", plain("Previous: Lee <b>Police</b>"), plain("Next: Zoo Police"),
    ]  # fmt: skip
    alone = opened(DEPARTMENT, id="D2", search="orange")
    assert labels(alone, "page_link") == ["All departments"]


def test_as_it_was_on_an_earlier_day(opened: Open) -> None:
    app = opened(DEPARTMENT, id="D1", as_of="2017-09-19")
    assert "Has not pledged." in words(app)
    assert "A-1" not in tables(app)
