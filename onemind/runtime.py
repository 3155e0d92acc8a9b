"""What this process holds open: the store, the small database, and who may come in."""

from __future__ import annotations

from datetime import date
from functools import cache
from threading import RLock

from onemind import settings
from onemind.access import Visitors
from onemind.appdb import AppDatabase
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
def _visitors(chosen: settings.Settings) -> Visitors:
    return Visitors(AppDatabase(chosen.state), chosen)


def visitors() -> Visitors:
    """Return who may come in and how."""
    with _OPENING:
        return _visitors(settings.load())


def appdb() -> AppDatabase:
    """Return this process's application database."""
    return visitors().appdb


def forget() -> None:
    """Open store and database anew when they are next asked for."""
    with _OPENING:
        _store.cache_clear()
        _visitors.cache_clear()


def today() -> date:
    """Return today's date."""
    return date.today()
