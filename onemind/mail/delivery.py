"""The outbox is emptied: each message is claimed, handed over, and noted.

What the server puts off is tried again, later and later; what it refuses is given up. Several
processes may do this at the same time.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr

from onemind.appdb import AppDatabase
from onemind.appdb.sending import FAILED, MAIL, SENT, UNCLEAR, Message
from onemind.errors import NotPossibleNow
from onemind.mail.server import Answer, connected, hand_over
from onemind.settings import MailServer, Settings

LEASE = timedelta(minutes=10)  # longer than any hand-over takes
WAITS = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 30)),
    *(timedelta(hours=hours) for hours in (2, 6, 12, 24)),
)
_ENDS = {"sent": SENT, "refused": FAILED, "unclear": UNCLEAR}


def require_server(settings: Settings) -> MailServer:
    """Return the mail server; raises NotPossibleNow where none is set."""
    if settings.smtp is None:
        raise NotPossibleNow(
            "No mail server is set, so nothing was sent. Set ONEMIND_SMTP and ONEMIND_MAIL_FROM, "
            "or write files instead."
        )
    return settings.smtp


def deliver(
    appdb: AppDatabase, settings: Settings, clock: Callable[[], datetime]
) -> dict[str, Answer]:
    """Send what is due, and return what the server said of each message, by its id.

    Raises NotPossibleNow where no server is set or it can't be used: all goes on waiting.
    """
    server, answers = require_server(settings), dict[str, Answer]()
    appdb.outbox.recover(MAIL, clock() - LEASE, clock())
    waiting = appdb.outbox.due(MAIL, clock())
    while waiting:
        with connected(server) as connection:
            while waiting:
                message = waiting.pop(0)
                answer = _sent(appdb, connection, settings.mail_from, message, clock)
                if answer is not None:
                    answers[message.id] = answer
                if answer is not None and answer.hung_up:
                    break  # the others need a new connection
    return answers


def _sent(
    appdb: AppDatabase,
    connection: smtplib.SMTP,
    sender: str,
    message: Message,
    clock: Callable[[], datetime],
) -> Answer | None:
    """Send one message, unless another process does; returns what the server said."""
    claimed_at = clock()
    if not appdb.outbox.claim(message, claimed_at):
        return None
    answer = hand_over(
        connection, parseaddr(sender)[1], message.recipient, message.content,
        lambda: appdb.outbox.begin(message, claimed_at),
    )  # fmt: skip
    if answer is not None:
        _noted(appdb, message, answer, clock())
    return answer


def _noted(appdb: AppDatabase, message: Message, answer: Answer, now: datetime) -> None:
    if answer.verdict != "later":
        appdb.outbox.finish(message, _ENDS[answer.verdict], answer.says, now)
    elif message.tries < len(WAITS):
        appdb.outbox.later(message, now + WAITS[message.tries], answer.says)
    else:
        says = f"Given up after {message.tries + 1} tries: {answer.says}"
        appdb.outbox.finish(message, FAILED, says, now)
