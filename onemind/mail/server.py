"""The mail server: one connection, over TLS unless it is told otherwise, and what it answers."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from onemind.errors import NotPossibleNow
from onemind.settings import MailServer

SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """What the server made of a message: `sent`, `later`, `refused`, or `unclear`.

    `hung_up`: the connection can't be used any more.
    """

    verdict: str
    says: str
    hung_up: bool = False


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Lend a connection to the server, signed in.

    Raises NotPossibleNow where it can't be reached, is not private, or refuses the password.
    """
    try:
        connection = _opened(server)
    except smtplib.SMTPAuthenticationError as error:
        raise NotPossibleNow(
            f"The mail server {server.host} refuses the name or password in ONEMIND_SMTP: "
            f"{_words(error.smtp_code, error.smtp_error)}."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotPossibleNow(
            f"The mail server {server.host}:{server.port} can't be used: {error}. "
            "Check ONEMIND_SMTP and the network; messages wait."
        ) from error
    try:
        yield connection
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def _opened(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def hand_over(
    connection: smtplib.SMTP,
    sender: str,
    recipient: str,
    content: bytes,
    begin: Callable[[], bool],
) -> Answer | None:
    """Hand a message over; `begin` is called right before its content goes out.

    Returns None, with nothing handed over, where `begin` says no.
    """
    try:
        for code, says in _envelope(connection, sender, recipient):
            if code not in (250, 251):
                connection.rset()
                return _refused(code, says)
    except (OSError, smtplib.SMTPException) as error:
        return Answer("later", f"The connection broke off: {error}.", True)
    if not begin():
        return None
    try:
        return _judged(*connection.data(content))
    except smtplib.SMTPDataError as error:  # it did not want the content: none went out
        return _refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Answer("unclear", f"It broke off while it went out: {error}.", True)


def _envelope(connection: smtplib.SMTP, sender: str, recipient: str) -> Iterator[tuple[int, bytes]]:
    yield connection.mail(sender)
    yield connection.rcpt(recipient)


def _judged(code: int, says: bytes) -> Answer:
    return Answer("sent", _words(code, says)) if code == 250 else _refused(code, says)


def _refused(code: int, says: bytes | str) -> Answer:
    return Answer("later" if 400 <= code < 500 else "refused", _words(code, says), code == 421)


def _words(code: int, says: bytes | str) -> str:
    text = says.decode("utf-8", "replace") if isinstance(says, bytes) else says
    return f"{code} {' '.join(text.split())}"[:300].strip()
