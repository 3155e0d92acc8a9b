"""What this process holds open: the store, the small database, and who may come in."""

from __future__ import annotations

from datetime import date
from functools import cache
from threading import RLock

from onemind import settings
from onemind.access import Door
from onemind.appdb import State
from onemind.store import Store

_OPENING = RLock()  # two first visitors must not open the same thing at once


@cache
def _store(chosen: settings.Settings) -> Store:
    return Store(chosen)


def store() -> Store:
    """Return this process's store."""
    with _OPENING:
        return _store(settings.load())


@cache
def _door(chosen: settings.Settings) -> Door:
    return Door(State(chosen.store), chosen)


def door() -> Door:
    """Return this process's door."""
    with _OPENING:
        return _door(settings.load())


def state() -> State:
    """Return this process's small database."""
    return door().state


def forget() -> None:
    """Open store and database anew when they are next asked for."""
    with _OPENING:
        _store.cache_clear()
        _door.cache_clear()


def today() -> date:
    """Return today's date."""
    return date.today()
