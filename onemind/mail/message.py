"""One message to one recipient, as the standards write it.

Its Message-ID is made of an id that stays the same however often it is tried, so that a mailbox
that gets it twice can tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from onemind.appdb.sending import MAIL, Message
from onemind.settings import EMAIL

_POLICY = SMTP.clone(cte_type="7bit")  # any server takes it


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: its name, its bytes, and its type, such as application/pdf."""

    name: str
    content: bytes
    type: str


@dataclass(frozen=True)
class Mail:
    """What is said to whom; the text is always there, HTML beside it where there is any."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def usable(text: str | None) -> str:
    """Return an email address alone, "" where the text is not exactly one."""
    found = (text or "").strip()
    return found if len(found) <= 254 and EMAIL.fullmatch(found) else ""


def identity(*parts: object) -> str:
    """Return the id of a message: the same parts give the same one."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def built(mail: Mail, sender: str, message: str, at: datetime) -> bytes:
    """Return the message of an id as it travels."""
    return _composed(mail, sender, message, at).as_bytes(policy=_POLICY)


def unsent(mail: Mail, sender: str, message: str, at: datetime) -> bytes:
    """Return it as a draft that mail programs open to be sent by hand; it may lack a sender."""
    composed = _composed(mail, sender, message, at)
    composed["X-Unsent"] = "1"
    return composed.as_bytes(policy=_POLICY)


def queued(mail: Mail, sender: str, message: str, kind: str, about: str, by: str,
           at: datetime) -> Message:  # fmt: skip
    """Return the message of an id as the outbox keeps it, to be sent at once."""
    content = built(mail, sender, message, at)
    return Message(message, MAIL, kind, mail.recipient, about, content, by, at, at)


def _composed(mail: Mail, sender: str, message: str, at: datetime) -> EmailMessage:
    composed = EmailMessage(policy=_POLICY)
    name, address = parseaddr(sender)
    if address:
        composed["From"] = Address(name, addr_spec=address)
    composed["To"] = Address(addr_spec=mail.recipient)
    composed["Subject"] = " ".join(mail.subject.split())
    composed["Date"] = format_datetime(at.astimezone(UTC))
    domain = address.rpartition("@")[2] or "one-mind-dashboard.invalid"
    composed["Message-ID"] = f"<{message}@{domain}>"
    for header, value in mail.headers.items():
        composed[header] = value
    composed.set_content(mail.text)
    if mail.html:
        composed.add_alternative(mail.html, subtype="html")
    for item in mail.attachments:
        kind, _, subtype = item.type.partition("/")
        composed.add_attachment(item.content, maintype=kind, subtype=subtype, filename=item.name)
    return composed
