"""The activity log: noted from the pages, and shown to admins with filters and as CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from onemind import runtime
from onemind.access.people import Actor
from onemind.ui.base import visitor


def hand() -> Actor:
    """Return whoever is here and from where, as the log says it."""
    return Actor(visitor.user().name, visitor.ip())


def note(action: str, subject: str, **details: object) -> None:
    """Note what whoever is here did."""
    by = hand()
    runtime.appdb().activity.add(datetime.now(UTC), by.name, action, subject, by.ip, details)


def noted(subject: str, content: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file, noting the export when it is asked for."""
    by, log = hand(), runtime.appdb().activity

    def made() -> bytes:
        log.add(datetime.now(UTC), by.name, "export", subject, by.ip)
        return content()

    return made
