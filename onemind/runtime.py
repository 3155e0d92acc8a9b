"""What this process holds open: the store, the small database, and who may come in."""

from __future__ import annotations

from datetime import date
from functools import cache

from onemind import settings
from onemind.access import Door
from onemind.appdb import State
from onemind.store import Store


@cache
def _store(chosen: settings.Settings) -> Store:
    return Store(chosen)


def store() -> Store:
    """Return this process's store."""
    return _store(settings.load())


@cache
def _door(chosen: settings.Settings) -> Door:
    return Door(State(chosen.store), chosen)


def door() -> Door:
    """Return this process's door."""
    return _door(settings.load())


def state() -> State:
    """Return this process's small database."""
    return door().state


def today() -> date:
    """Return today's date."""
    return date.today()
