"""How mail leaves: the server it is handed to, and the address it comes from."""

from __future__ import annotations

import re
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from onemind.errors import WrongUse
from onemind.settings.values import MailServer

PORTS = {"smtps": 465, "smtp": 587}
EMAIL = re.compile(r"[^@\s,;:?&<>()\"\\\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
EXAMPLE = "smtps://user:password@mail.example.org:465"


def server(text: str) -> MailServer | None:
    """Return the mail server, None where none is set; a password goes over TLS alone."""
    if not text:
        return None
    parts = urlsplit(text)
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    security = _security(parts)
    if not parts.hostname or not port or not security or parts.path.strip("/"):
        raise WrongUse(f"ONEMIND_SMTP can't be read. Write it like {EXAMPLE}.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if security == "none" and (user or password):
        raise WrongUse(
            "ONEMIND_SMTP has a password and tls=none: it would travel in the clear. "
            "Leave out one of them."
        )
    return MailServer(parts.hostname, port, user, password, security)


def _security(parts: SplitResult) -> str:
    """Return how the connection is kept private; "" where the address does not say it."""
    asked = parse_qs(parts.query)
    if parts.scheme == "smtps" and not asked:
        return "tls"
    if parts.scheme != "smtp" or asked not in ({}, {"tls": ["none"]}):
        return ""
    return "none" if asked else "starttls"


def sender(text: str, server: MailServer | None) -> str:
    """Return the address that mail comes from, with a name where there is one."""
    if not text:
        if server is not None:
            raise WrongUse(
                "ONEMIND_SMTP is set, but not ONEMIND_MAIL_FROM. Set the address that mail comes "
                "from, such as One Mind <data@example.org>."
            )
        return ""
    if not EMAIL.fullmatch(parseaddr(text)[1]) or not text.isprintable():
        raise WrongUse(
            f"ONEMIND_MAIL_FROM is {text!r}; write one address: One Mind <data@example.org>."
        )
    return text
