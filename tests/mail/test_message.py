"""A message as the standards write it, whatever the data holds."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from onemind.mail import Attachment, Mail, built, identity, unsent, usable

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def test_what_is_written_in_a_subject_stays_in_it() -> None:
    mail = Mail("lee@example.org", "Lee\r\nBcc: all@example.org", "Hello")
    message = read(built(mail, "data@example.org", "m1", NOW))
    assert message["Subject"] == "Lee Bcc: all@example.org"
    assert message["Bcc"] is None


def test_text_html_and_a_file_go_together_in_plain_ascii() -> None:
    attached = Attachment("letter.pdf", b"%PDF-\xff\x00", "application/pdf")
    mail = Mail("lee@example.org", "Peña", "✓ Met", "<p>✓ Met</p>", (attached,))
    content = built(mail, "José <data@example.org>", "m1", NOW)
    assert content.isascii()
    message = read(content)
    assert (message["Subject"], message["From"]) == ("Peña", "José <data@example.org>")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and plain.get_content().strip() == "✓ Met"
    assert html and html.get_content().strip() == "<p>✓ Met</p>"
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("letter.pdf", b"%PDF-\xff\x00")


def test_a_draft_opens_unsent_and_may_lack_a_sender() -> None:
    message = read(unsent(Mail("lee@example.org", "Hello", "Hello"), "", "m1", NOW))
    assert (message["X-Unsent"], message["From"]) == ("1", None)


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert identity("a", "b") == identity("a", "b")
    assert identity("a", "b") != identity("ab", "")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" lee@example.org ", "lee@example.org"),
        ("o'brien+one@police.example.org", "o'brien+one@police.example.org"),
        ("a@example.org; b@example.org", ""),
        ("Chief <a@example.org>", ""),
        ("a@example.org\nBcc: b@example.org", ""),
        ("ask the desk", ""),
        ("a@localhost", ""),
        (f"{'a' * 250}@example.org", ""),
        (None, ""),
    ],
)
def test_an_address_is_one_that_mail_can_go_to(text: str | None, address: str) -> None:
    assert usable(text) == address
