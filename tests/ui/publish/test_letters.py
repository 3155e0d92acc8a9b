"""The letters page: who gets one, the text with its preview, sending after the number is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from onemind import runtime
from onemind.access import User
from onemind.documents.letters import SHIPPED, current
from onemind.settings import ROOT
from onemind.ui.base import visitor
from tests.architecture.english import faults
from tests.conftest import Campaign
from tests.support.screens import labels, pressed, screen, texts, words

LETTERS = "pages/publish/letters.py"
TOWNS = (
    "department_id,name,type,county,state,contact_name,contact_email\n"
    "A,Avon,municipal,Norfolk,MA,Chief Ann,avon@example.org\n"
    "B,Barre,municipal,Worcester,MA,,the desk\nC,Canton,municipal,Norfolk,MA,,canton@example.org\n"
)
Open = Callable[..., AppTest]


@pytest.fixture
def page(empty: Campaign, look_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> Open:
    empty.publish(departments=TOWNS, pledges="department_id,pledged_on\nA,2017-09-20\n")
    monkeypatch.setenv("ONEMIND_SMTP", "smtp://127.0.0.1:2?tls=none")
    monkeypatch.setenv("ONEMIND_MAIL_FROM", "data@example.org")
    look_at(empty.store.settings.store)
    return lambda **address: screen(LETTERS, **address)


def test_the_filter_says_who_gets_one_and_who_has_no_address_is_named(page: Open) -> None:
    app = page()
    assert "**3 letters**" in words(app)
    assert "1 department has no usable email address." in words(app)
    assert "- Barre (the desk)" in words(app)
    assert labels(app, "download_button") == [
        "All letters as one PDF", "Letters, drafts and addresses as a zip", "Addresses as CSV",
    ]  # fmt: skip
    assert [fault for text in texts(app) for fault in faults(text)] == []
    assert "**1 letter**" in words(page(county=["Worcester"]))


def test_a_text_is_seen_before_it_is_saved_and_an_unknown_field_is_named(page: Open) -> None:
    app = page()
    app.text_area[0].set_value("Dear {contac},").run()
    assert "There is no field {contac}. Did you mean {contact}?" in words(app)
    app = pressed(app, "Save the text")
    assert current(runtime.appdb()) == SHIPPED
    app.text_area[0].set_value("Dear {contact} of {department},").run()
    assert "Not saved yet" in words(app)
    assert not app.error
    app = pressed(app, "Save the text")
    assert current(runtime.appdb()).body == "Dear {contact} of {department},"
    app = pressed(app, "Back to the original text")
    assert current(runtime.appdb()) == SHIPPED
    assert app.text_area[0].value == SHIPPED.body


def test_letters_go_into_the_outbox_when_the_number_was_typed_and_once(page: Open) -> None:
    app = page()
    typed = next(item for item in app.text_input if item.label.startswith("To confirm"))
    assert typed.label == "To confirm, type: 2 letters"
    typed.set_value("yes")
    app = pressed(app, "Send")
    assert "Nothing was sent" in words(app)
    assert runtime.appdb().outbox.all() == []
    typed = next(item for item in app.text_input if item.label.startswith("To confirm"))
    typed.set_value("2 letters")
    app = pressed(app, "Send")
    assert "Of these letters: 2 waiting." in words(app)
    assert "in the outbox already" in words(app)
    assert {item.recipient for item in runtime.appdb().outbox.all()} == {
        "avon@example.org", "canton@example.org",
    }  # fmt: skip


def test_the_page_itself_refuses_whoever_may_not_see_contacts(
    page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("partner", "viewer"):
        monkeypatch.setattr(visitor, "user", lambda role=role: User("x", role))
        refused = AppTest.from_file(str(ROOT / LETTERS), default_timeout=60).run()
        assert refused.exception
        assert not refused.get("download_button")
