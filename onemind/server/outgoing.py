"""What leaves by itself: digests on their day, mail that waits, and what webhooks are told.

It has a thread of its own, so that a mail server that does not answer keeps nothing else waiting.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event

from onemind import digest, mail, runtime, webhooks
from onemind.appdb import AppDatabase
from onemind.appdb.sending import MAIL
from onemind.errors import OneMindError
from onemind.store import Duty, Store

EVERY = 30.0  # seconds
_log = logging.getLogger("onemind")


def now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


def send_what_is_due(stop: Event) -> None:
    """Send what is due until told to stop; of all processes, on all machines, one does it."""
    duty: Duty | None = None
    while not stop.wait(EVERY):
        with suppress(OneMindError, Store.database_error, OSError):
            store = runtime.store()
            duty = duty or Duty(store.settings, "outgoing")
            if duty.is_mine():
                send(store, runtime.appdb())
    if duty:
        duty.end()


def send(store: Store, appdb: AppDatabase) -> None:
    """Make the digests that are due, tell the webhooks, and empty the outbox.

    One that fails does not keep the others from being done.
    """
    for step in (_digests, _mail, _webhooks):
        try:
            step(store, appdb)
        except (OneMindError, Store.database_error, OSError) as error:
            _log.warning("Not everything could be sent: %s", error)


def _digests(store: Store, appdb: AppDatabase) -> None:
    list(digest.on_schedule(store, appdb, now()))


def _mail(store: Store, appdb: AppDatabase) -> None:
    if store.settings.smtp is not None and appdb.outbox.open(MAIL):
        mail.deliver(appdb, store.settings, now)


def _webhooks(store: Store, appdb: AppDatabase) -> None:
    if appdb.hooks.all():
        webhooks.tell(store, appdb, now())
        webhooks.deliver(appdb, store.settings, now)
