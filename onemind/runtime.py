"""What this process holds open: the store, the small database, and who may come in."""

from __future__ import annotations

from datetime import date
from threading import RLock

from onemind import settings
from onemind.access import Visitors
from onemind.appdb import AppDatabase
from onemind.store import Store

_OPENING = RLock()  # two first visitors must not open the same thing at once


_STORES: dict[settings.Settings, Store] = {}
_VISITORS: dict[settings.Settings, Visitors] = {}


def store() -> Store:
    """Return this process's store."""
    chosen = settings.load()
    store = _STORES.get(chosen)  # without the lock, at which a hundred scripts would queue
    if store is None:
        with _OPENING:
            store = _STORES.get(chosen)
            if store is None:
                store = _STORES[chosen] = Store(chosen)
    return store


def visitors() -> Visitors:
    """Return who may come in and how."""
    chosen = settings.load()
    visitors = _VISITORS.get(chosen)
    if visitors is None:
        with _OPENING:
            visitors = _VISITORS.get(chosen)
            if visitors is None:
                visitors = _VISITORS[chosen] = Visitors(AppDatabase(chosen.state), chosen)
    return visitors


def appdb() -> AppDatabase:
    """Return this process's application database."""
    return visitors().appdb


def forget() -> None:
    """Open store and database anew when they are next asked for."""
    with _OPENING:
        _STORES.clear()
        _VISITORS.clear()


def today() -> date:
    """Return today's date."""
    return date.today()
