"""What the server does beside answering: it warms up when it starts, and keeps the store tidy."""

from __future__ import annotations

from contextlib import suppress
from threading import Event

from onemind import store_tidy, ui_live, web_bundles
from onemind.errors import OneMindError
from onemind.store import Store

EVERY = 3600.0  # seconds


def look_after(store: Store, stop: Event) -> None:
    """Warm up; then tidy the store whenever it is due, until told to stop."""
    web_bundles.warm()
    with suppress(OneMindError, Store.database_error):  # it was closed, or is in use: later again
        ui_live.warm()
    while not stop.is_set():
        with suppress(OneMindError, Store.database_error):
            if store_tidy.due(store):
                store_tidy.tidy(store)
        stop.wait(EVERY)
