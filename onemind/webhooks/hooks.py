"""Webhooks made and removed: only to hosts that are allowed, each with a scope.

An address at Slack or Teams is a password by itself: it is stored, and never shown whole again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from onemind.access import sound
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.appdb.sending import Hook
from onemind.campaign import Scope
from onemind.errors import WrongUse
from onemind.publishing import Allowance
from onemind.settings import Settings
from onemind.store import Store
from onemind.webhooks.bodies import KINDS
from onemind.webhooks.news import EVENTS

SECRET = "webhooks"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: `scope` None for what the public sees, `events` none for all."""

    name: str
    url: str
    kind: str = "json"
    scope: Scope | None = None
    events: tuple[str, ...] = ()


def allowance(settings: Settings) -> Allowance:
    """Return the hosts that may be told."""
    return Allowance(settings.webhook_hosts, "ONEMIND_WEBHOOK_HOSTS")


def add(appdb: AppDatabase, store: Store, wanted: Wanted, by: Actor, now: datetime) -> Hook:
    """Add a webhook, which is told of all that happens from now on.

    Raises WrongUse for a host that is not allowed, an unknown kind or event, a name that is taken,
    a scope that shows nothing, or none where there is no public view.
    """
    settings, name = store.settings, " ".join(wanted.name.split())
    if not 1 <= len(name) <= LONGEST_NAME or any(item.name == name for item in appdb.hooks.all()):
        raise WrongUse(f"Give the webhook a name of its own, of 1 to {LONGEST_NAME} characters.")
    _among("kind", (wanted.kind,), KINDS)
    _among("event", wanted.events, EVENTS)
    allowance(settings).prove(wanted.url)
    if wanted.scope is None and not settings.public:
        raise WrongUse(
            "Say what the webhook may tell, such as --scope state=MA or --scope all. "
            "There is no public view (ONEMIND_PUBLIC) that it could follow."
        )
    if wanted.scope is not None:
        sound(store, wanted.scope, None)
    latest = store.current()
    hook = Hook(
        secrets.token_hex(4), name, wanted.kind, wanted.url,
        wanted.scope.text() if wanted.scope is not None else None,
        tuple(item for item in EVENTS if item in wanted.events) or EVENTS, by.name, now,
        latest.number if latest else None, now.astimezone().date(),
    )  # fmt: skip
    appdb.hooks.add(hook)
    appdb.activity.add(now, by.name, "webhook added", f"{name} ({hook.id})", by.ip, _said(hook))
    return hook


def remove(appdb: AppDatabase, hook: str, by: Actor, now: datetime) -> Hook:
    """Forget a webhook by its id or name; raises WrongUse where there is none such."""
    found = known(appdb, hook)
    appdb.hooks.remove(found.id)
    subject = f"{found.name} ({found.id})"
    appdb.activity.add(now, by.name, "webhook removed", subject, by.ip, _said(found))
    return found


def known(appdb: AppDatabase, text: str) -> Hook:
    """Return a webhook by its id or name; raises WrongUse where there is none such."""
    for hook in appdb.hooks.all():
        if text in (hook.id, hook.name):
            return hook
    raise WrongUse(f"There is no webhook '{text}'. `python -m onemind webhook list` lists them.")


def key_of(appdb: AppDatabase, hook: Hook) -> str:
    """Return the key that a webhook's messages are signed with; it is stored nowhere."""
    return hmac.digest(appdb.secrets.get(SECRET), hook.id.encode(), hashlib.sha256).hex()


def masked(url: str) -> str:
    """Return an address without what lets anybody write to it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def _said(hook: Hook) -> dict[str, object]:
    scope = "public" if hook.scope is None else hook.scope
    return {"kind": hook.kind, "to": masked(hook.url), "scope": scope,
            "events": " ".join(hook.events)}  # fmt: skip


def _among(noun: str, given: Iterable[str], known: tuple[str, ...]) -> None:
    for item in given:
        if item not in known:
            raise WrongUse(f"There is no {noun} '{item}'. Choose from: {', '.join(known)}.")
