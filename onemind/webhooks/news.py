"""What webhooks are told: derived by comparing the numbers up to where each was told with now.

It is read as a partner of the webhook's scope would see it, and names no author of a version.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from onemind import metrics, narrative
from onemind.appdb import AppDatabase
from onemind.appdb.sending import WEBHOOK, Hook, Message
from onemind.campaign import Scope, Sight
from onemind.mail import identity
from onemind.metrics import Changes, points
from onemind.settings import Settings
from onemind.store import Store, Version, Window
from onemind.webhooks.bodies import body
from onemind.words import counted, some

EVENTS = ("published", "completed", "overdue")
WORDS = {"completed": "completed the pledge", "overdue": "became overdue"}
ACTOR = "schedule"
MOST = 12  # departments named in a text
IN_TURN = timedelta(microseconds=1)  # so that what was published is told first
SHOWN = ("department_id", "name", "county", "state", "stage", "pledged_on", "deadline_on")


def tell(store: Store, appdb: AppDatabase, now: datetime) -> int:
    """Put what happened since each webhook was told into the outbox; returns how many are new."""
    latest, today = store.current(), now.astimezone().date()
    if latest is None:
        return 0
    new = 0
    for hook in appdb.hooks.all():
        if (hook.version, hook.day) != (latest.number, today):
            messages = list(_messages(store, hook, latest, today, now))
            new += appdb.outbox.put(messages, appdb.hooks.told(hook, latest.number, today)) or 0
    return new


def _messages(
    store: Store, hook: Hook, latest: Version, today: date, now: datetime
) -> Iterator[Message]:
    scope = scope_of(hook, store.settings)
    if scope is None:
        return
    window = Window(store, Sight(scope, contacts=False, small_counts=False))
    before = points.told(store, hook.version, hook.day or today)
    found = metrics.changes(window, before, points.newest(store, today))
    for place, event in enumerate(hook.events):
        text, rows = _news(event, hook, latest, found)
        if text:
            name = identity(WEBHOOK, hook.id, event, latest.number, today)
            facts = _facts(store, scope, event, name, latest, today, text, rows)
            content = body(hook.kind, facts)
            about, at = f"{hook.name}: {event}", now + place * IN_TURN
            yield Message(name, WEBHOOK, "webhook", hook.id, about, content, ACTOR, at, now)


def scope_of(hook: Hook, settings: Settings) -> Scope | None:
    """Return what a webhook may say: its own scope, else the public's; None: nothing."""
    text = settings.public if hook.scope is None else hook.scope
    return Scope.from_text(text) if text else None


def _news(
    event: str, hook: Hook, latest: Version, found: Changes
) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Return what is said of an event, "" where it did not happen, and the departments of it."""
    if event == "published":
        is_new = latest.number != hook.version
        old, new = found.old.values(), found.new.values()
        return (narrative.news(old, new, latest.number) if is_new else ""), ()
    rows = found.reached(event)
    names = some((str(row["name"]) for row in rows), MOST)
    return (f"{counted(len(rows), 'department')} {WORDS[event]}: {names}." if rows else ""), rows


def _facts(
    store: Store,
    scope: Scope,
    event: str,
    name: str,
    latest: Version,
    today: date,
    text: str,
    rows: tuple[dict[str, Any], ...],
) -> dict[str, Any]:
    """Return a message as plain values for JSON."""
    made_up = " Sample campaign: made-up figures." if latest.sample else ""
    return {
        "id": name,
        "event": event,
        "campaign": store.rules.campaign,
        "scope": scope.text(),
        "version": latest.number,
        "as_of": today.isoformat(),
        "sample": latest.sample,
        "text": f"{store.rules.campaign}: {text}{made_up}",
        "departments": [{column: _plain(row[column]) for column in SHOWN} for row in rows],
        "link": f"{store.settings.url}/" if store.settings.url else "",
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
