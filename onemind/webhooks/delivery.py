"""What waits for webhooks is posted: to allowed hosts over https, signed, tried again, given up.

A post that broke off is posted again under the same id, by which the other side can tell.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.appdb.sending import FAILED, SENT, WEBHOOK, Hook, Message
from onemind.errors import NotPossibleNow, WrongUse
from onemind.publishing.sources import AGENT, connected
from onemind.settings import Settings
from onemind.webhooks.bodies import body, signature
from onemind.webhooks.hooks import allowance, key_of

SECONDS, MOST = 15.0, 2_000  # of an answer, bytes
LEASE = timedelta(minutes=10)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
AGAIN = (408, 425, 429)  # refusals that pass


@dataclass(frozen=True)
class Posted:
    """How a post went; `retry`: another try may do better."""

    is_sent: bool
    says: str
    retry: bool = False


def deliver(appdb: AppDatabase, settings: Settings, clock: Callable[[], datetime]) -> list[Posted]:
    """Post what is due, and note how it went, in the activity log too when it is over."""
    outbox = appdb.outbox
    outbox.recover(WEBHOOK, clock() - LEASE, clock())
    hooks, posted = {hook.id: hook for hook in appdb.hooks.all()}, []
    for message in outbox.due(WEBHOOK, clock()):
        if not outbox.claim(message, clock()):
            continue
        hook = hooks.get(message.recipient)
        outcome = Posted(False, "The webhook was removed.")
        if hook is not None:
            outcome = _post(appdb, settings, hook, message.id, message.content, clock())
        _note(appdb, message, outcome, clock())
        posted.append(outcome)
    return posted


def trial(appdb: AppDatabase, settings: Settings, hook: Hook, by: Actor, now: datetime) -> Posted:
    """Post a message that says it is a trial, at once, and return how it went."""
    text = f"This is a test of the webhook '{hook.name}'. Nothing happened."
    facts = {"id": "test", "event": "test", "text": text, "link": settings.url}
    outcome = _post(appdb, settings, hook, "test", body(hook.kind, facts), now)
    details = {"to": hook.id, "says": outcome.says}
    state = SENT if outcome.is_sent else FAILED
    appdb.activity.add(now, by.name, f"webhook {state}", f"{hook.name}: test", by.ip, details)
    return outcome


def _note(appdb: AppDatabase, message: Message, outcome: Posted, now: datetime) -> None:
    if outcome.is_sent:
        appdb.outbox.finish(message, SENT, outcome.says, now)
    elif outcome.retry and message.tries < len(WAITS):
        appdb.outbox.later(message, now + WAITS[message.tries], outcome.says)
    else:
        tries = message.tries + 1
        says = f"Given up after {tries} tries: {outcome.says}" if tries > 1 else outcome.says
        appdb.outbox.finish(message, FAILED, says, now)


def _post(
    appdb: AppDatabase, settings: Settings, hook: Hook, name: str, content: bytes, now: datetime
) -> Posted:
    headers = {
        "Content-Type": "application/json", "User-Agent": AGENT, "Onemind-Delivery": name,
    }  # fmt: skip
    if hook.kind == "json":
        timestamp = int(now.timestamp())
        signed = signature(key_of(appdb, hook), timestamp, content)
        headers |= {"Onemind-Timestamp": str(timestamp), "Onemind-Signature": signed}
    try:
        return _answered(settings, hook.url, headers, content)
    except WrongUse as error:
        return Posted(False, str(error))
    except NotPossibleNow as error:
        return Posted(False, str(error), retry=True)


def _answered(settings: Settings, url: str, headers: dict[str, str], content: bytes) -> Posted:
    allowed = allowance(settings)
    parts = allowed.prove(url)
    connection = connected(parts, allowed, time.monotonic() + SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, content, headers)
        answer = connection.getresponse()
        says = f"{answer.status} {answer.reason}: {answer.read(MOST).decode('utf-8', 'replace')}"
    except (OSError, http.client.HTTPException) as error:
        raise NotPossibleNow(f"{parts.hostname} can't be told: {error}.") from error
    finally:
        connection.close()
    says = " ".join(says.split()).rstrip(":")[:200]
    if 300 <= answer.status < 400:
        return Posted(False, f"{says}. It sends one on elsewhere, which is not followed.")
    retry = answer.status >= 500 or answer.status in AGAIN
    return Posted(200 <= answer.status < 300, says, retry)
