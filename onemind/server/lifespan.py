"""What the server does beside answering: it warms up at the start and keeps the store compact."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Any

from onemind import runtime
from onemind.errors import OneMindError
from onemind.publishing import due
from onemind.server import streamlit_seams
from onemind.server.events import PUBLISHES
from onemind.store import Store, compact
from onemind.ui.shell import live

EVERY, COMPACTING, AGAIN = 60.0, 3600.0, 5.0  # seconds


def look_after(store: Store, stop: Event) -> None:
    """Warm up; then compact the store and ask the sources whenever they are due, until told to
    stop.
    """
    streamlit_seams.warm()
    with suppress(OneMindError, Store.database_error):  # it was closed, or is in use: later again
        live.warm()
        live.hold()
    next_look = time.monotonic()
    while not stop.is_set():
        with suppress(OneMindError, Store.database_error):
            store.health.troubles()
            live.hold()
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + COMPACTING
                if compact.due(store):
                    compact.compact(store)
            if store.settings.source_hosts:
                list(due(store, runtime.appdb(), runtime.today))
        stop.wait(EVERY)


def look_after_any(stop: Event) -> None:
    """Look after the store as soon as it can be opened."""
    while not stop.is_set():
        with suppress(OneMindError):
            look_after(runtime.store(), stop)
            return
        stop.wait(AGAIN)


SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def calling_on_stop(callback: Callable[[], None]) -> Iterator[None]:
    """Call `callback` in the running loop on a signal to stop; then whoever listened before."""
    if current_thread() is not main_thread():  # Python tells of signals there alone
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: found for number in SIGNALS if callable(found := signal.getsignal(number))}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


GARBAGE = 20_000  # objects made until Python looks for unused ones; a page makes many thousand


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the store before the first visitor comes, and warm up beside the first visits."""
    streamlit_seams.log_missing()
    gc.set_threshold(GARBAGE)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # else a line for each visit
    stop = Event()
    with suppress(OneMindError):  # the pages say why; it is opened as soon as it can be
        runtime.store()
    Thread(target=look_after_any, args=(stop,), daemon=True, name="look-after").start()
    with calling_on_stop(PUBLISHES.end):
        yield {}
    stop.set()
