"""Who gets a digest: added by an admin, ended by an admin or by the link in each mail.

That link's token is worked out anew for each mail from a secret of this installation; of the token
itself only its SHA-256 is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

from onemind.access import sound
from onemind.access.people import Actor
from onemind.access.sessions import key_of
from onemind.appdb import AppDatabase
from onemind.appdb.sending import Subscription
from onemind.campaign import Scope
from onemind.errors import NotPossibleNow, WrongUse
from onemind.mail import usable
from onemind.store import Store

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SECRET = "unsubscribe"


def subscribe(
    appdb: AppDatabase,
    store: Store,
    address: str,
    scope: Scope,
    weekday: str,
    by: Actor,
    now: datetime,
) -> Subscription:
    """Begin to send a digest of a scope to an address, on a day of the week.

    Raises WrongUse for what is no address, a scope that shows nothing, or one subscribed before;
    NotPossibleNow without the dashboard's address, which the link to unsubscribe needs.
    """
    recipient = _sound(appdb, store, address, scope, weekday)
    name = secrets.token_hex(8)
    new = Subscription(
        name, recipient, scope.text(), WEEKDAYS.index(weekday), key_of(token_of(appdb, name)),
        by.name, now,
    )  # fmt: skip
    appdb.subscriptions.add(new)
    details = {"scope": new.scope, "weekday": weekday, "id": name}
    appdb.activity.add(now, by.name, "digest subscribed", recipient, by.ip, details)
    return new


def _sound(appdb: AppDatabase, store: Store, address: str, scope: Scope, weekday: str) -> str:
    """Return the address as it is kept; raises what `subscribe` raises."""
    recipient = usable(address).lower()
    if not recipient:
        raise WrongUse(f"'{address}' is not an email address, such as pat@example.org.")
    if weekday not in WEEKDAYS:
        raise WrongUse(f"'{weekday}' is not a weekday. Choose one of: {', '.join(WEEKDAYS)}.")
    if not store.settings.url:
        raise NotPossibleNow(
            "Set ONEMIND_URL first: each digest has a link that ends it, which needs the "
            "dashboard's address."
        )
    sound(store, scope, None)
    if any((item.address, item.scope) == (recipient, scope.text()) for item in
           appdb.subscriptions.all()):  # fmt: skip
        raise WrongUse(f"{recipient} gets the digest of {scope.words()} already.")
    return recipient


def unsubscribe(appdb: AppDatabase, subscription: str, by: Actor, now: datetime) -> Subscription:
    """End a subscription by its id; raises WrongUse where none of that id goes on."""
    known = appdb.subscriptions.by_id(subscription)
    if known is None or not appdb.subscriptions.end(subscription, now):
        raise WrongUse(
            f"There is no subscription '{subscription}'. "
            "`python -m onemind digest list` lists them."
        )
    _log(appdb, known, by, now)
    return known


def unsubscribe_by_token(
    appdb: AppDatabase, token: str, ip: str, now: datetime
) -> Subscription | None:
    """End the subscription of a token; again is fine. Returns None for a token of none."""
    known = appdb.subscriptions.by_token(key_of(token))
    if known is not None and appdb.subscriptions.end(known.id, now):
        _log(appdb, known, Actor(known.address, ip), now)
    return known


def _log(appdb: AppDatabase, known: Subscription, by: Actor, now: datetime) -> None:
    details = {"scope": known.scope, "id": known.id}
    appdb.activity.add(now, by.name, "digest unsubscribed", known.address, by.ip, details)


def token_of(appdb: AppDatabase, subscription: str) -> str:
    """Return the token that ends a subscription, for the link in its mails."""
    signed = hmac.digest(appdb.secrets.get(SECRET), subscription.encode(), hashlib.sha256)
    return urlsafe_b64encode(signed).rstrip(b"=").decode()
