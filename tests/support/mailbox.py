"""A mail server on a free port of this computer that keeps what it takes, and answers as told."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from onemind.settings import MailServer
from tests.support.waiting import HOST, free_port

OK = "250 OK"


@dataclass
class Mailbox:
    """What came, and how to answer: by recipient at RCPT, by number of the message at DATA."""

    port: int
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: Callable[[str], str] = lambda recipient: OK
    said: dict[str, int] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802  # as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, to: str, _: Any
    ) -> str:
        """Take a recipient, or answer as told."""
        self.said[to] = self.said.get(to, 0) + 1
        if to in self.at_rcpt:
            return self.at_rcpt[to]
        envelope.rcpt_tos.append(to)
        return OK

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """Keep a message, or answer as told."""
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer.startswith("250"):
            self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return answer

    @property
    def recipients(self) -> list[str]:
        """Whom messages came for, in order."""
        return [to for to, _ in self.taken]

    def messages(self) -> list[EmailMessage]:
        """Return the messages that came, read as a mail program reads them."""
        return [message_from_bytes(content, policy=default) for _, content in self.taken]

    def server(self, **given: Any) -> MailServer:
        """Return how it is set in the settings."""
        return MailServer(**{"host": HOST, "port": self.port, "security": "none", **given})


@contextmanager
def mailbox(**given: Any) -> Iterator[Mailbox]:
    """Lend a mail server; `given` goes to aiosmtpd."""
    box = Mailbox(free_port())
    controller = Controller(box, hostname=HOST, port=box.port, **given)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def password(word: str) -> Callable[..., AuthResult]:
    """Return what lets in whoever has a password."""

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == word.encode(), handled=False)

    return judge


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate of 127.0.0.1; returns a server's context, and the file to trust."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "cert.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, secret)
    return context, trusted
