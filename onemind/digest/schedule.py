"""Digests on their day: made, put into the outbox and noted at once, so that none goes out twice.

Without a mail server each is written as a file that a mail program opens.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from onemind.appdb import AppDatabase
from onemind.appdb.sending import FAILED, UNCLEAR, Message, Subscription
from onemind.campaign import Scope, Sight
from onemind.digest.facts import Digest, digest
from onemind.digest.subscribe import token_of
from onemind.digest.wording import page, plain
from onemind.errors import NotPossibleNow, OneMindError
from onemind.mail import Mail, identity, queued, unsent
from onemind.metrics import Point, points
from onemind.store import Store, Window

KIND, ACTOR = "digest", "schedule"
HOUR = 7  # by the server's clock
FOLDER = "digests"  # in the store, where no mail server is set


def mailed(made: Digest, recipient: str, base: str, scope: Scope, unsubscribe: str = "") -> Mail:
    """Return a digest as mail; with the link that ends it, mail programs show a button for it."""
    headers = {"Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    subject = f"{made.title}. {made.span}"
    words = (made, base, scope, unsubscribe)
    return Mail(recipient, subject, plain(*words), page(*words), headers=headers)


def window(store: Store, scope: Scope) -> Window:
    """Return the store as a digest of a scope shows it: no contacts, no small counts."""
    return Window(store, Sight(scope, contacts=False, small_counts=False))


def due(subscription: Subscription, now: datetime) -> datetime | None:
    """Return when the digest that is due now was to be sent; None where none is due.

    One that was missed, because the server was off, is sent late. `now` is of the server's zone.
    """
    at = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    at -= timedelta(days=(now.weekday() - subscription.weekday) % 7)
    at -= timedelta(days=7) if at > now else timedelta()
    last = max(filter(None, (subscription.made_at, subscription.last_at)))
    return at if last < at else None


def on_schedule(store: Store, appdb: AppDatabase, now: datetime) -> Iterator[Subscription]:
    """Make each digest that is due, and yield its subscription; sending is the outbox's.

    One that can't be made is logged, and does not keep the others from being made.
    """
    for subscription in appdb.subscriptions.all():
        day = due(subscription, now.astimezone())
        if day is None or store.current() is None:
            continue
        try:
            if _made(store, appdb, subscription, day, now):
                yield subscription
        except OneMindError as error:
            logging.getLogger("onemind").warning(
                "The digest %s can't be made: %s", subscription.id, error
            )


def _made(
    store: Store, appdb: AppDatabase, subscription: Subscription, day: datetime, now: datetime
) -> bool:
    """Make one digest; False where another process did."""
    scope, today = Scope.from_text(subscription.scope), now.astimezone().date()
    before, after = _before(store, appdb, subscription, now), points.newest(store, today)
    message = identity(KIND, subscription.id, day.date())
    base, sender = store.settings.url, store.settings.mail_from
    token = token_of(appdb, subscription.id)
    mail = mailed(
        digest(window(store, scope), before, after), subscription.address, base, scope,
        f"{base}/unsubscribe/{token}" if base else "",
    )  # fmt: skip
    told = replace(
        subscription, last_at=now, last_message=message, last_version=after.version,
        last_day=after.day, since_version=before.version, since_day=before.day,
    )  # fmt: skip
    change = appdb.subscriptions.told(subscription, told)
    if store.settings.smtp is not None:
        about = f"{subscription.address}: {scope.words()}"
        messages = [queued(mail, sender, message, KIND, about, ACTOR, now)]
        return appdb.outbox.put(messages, change) is not None
    name = f"{today.isoformat()}-{message[:12]}.eml"
    path = write(store.settings.store / FOLDER / name, unsent(mail, sender, message, now))
    if appdb.outbox.put([], change) is None:
        return False
    appdb.activity.add(now, ACTOR, "digest written", str(path), "", {"to": subscription.address})
    return True


def _before(store: Store, appdb: AppDatabase, subscription: Subscription, now: datetime) -> Point:
    """Return from where to tell: on from the last digest, if that one arrived."""
    last = appdb.outbox.by_ids([subscription.last_message]).get(subscription.last_message)
    today, number, day = now.astimezone().date(), subscription.last_version, subscription.last_day
    if last is not None and _is_lost(last):
        number, day = subscription.since_version, subscription.since_day
    return points.told(store, number, day) if day else points.since(store, None, today)


def _is_lost(message: Message) -> bool:
    return message.state in (FAILED, UNCLEAR)


def write(path: Path, content: bytes) -> Path:
    """Write a digest to a file, whole or not at all; raises NotPossibleNow where it can't be."""
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise NotPossibleNow(f"{path} can't be written: {error.strerror}.") from error
    return path
