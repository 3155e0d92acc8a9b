"""What the server does beside answering: it warms up at the start, keeps the store compact and
makes backups.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from importlib import metadata
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Any

from anyio import to_thread

from onemind import __version__, backup, runtime, settings, telemetry
from onemind.errors import OneMindError
from onemind.publishing import due
from onemind.server import streamlit_seams
from onemind.server.events import PUBLISHES
from onemind.server.health import HEALTH
from onemind.server.outgoing import send_what_is_due
from onemind.store import Duty, Store, compact
from onemind.ui.shell import live

EVERY, COMPACTING = 60.0, 3600.0  # seconds
AGAIN = 2.0  # seconds, while the store could not be opened or warmed


def look_after(store: Store, stop: Event) -> None:
    """Warm up; then compact the store, ask the sources and make a backup whenever they are due,
    until told to stop. A version that came while nobody listened is warmed then, too.

    Of several processes on a machine one does the rest; another takes over when it has ended.
    """
    streamlit_seams.warm()
    next_look, duty = time.monotonic(), Duty(store.settings)
    runtime.appdb().stand_by()
    while not stop.is_set():
        with suppress(OneMindError, Store.database_error, OSError):
            store.health.troubles()
            _keep_warm(store)
            _note_backup()
            live.hold()
        with suppress(OneMindError, Store.database_error, OSError):
            if duty.is_mine():
                if time.monotonic() >= next_look:
                    next_look = time.monotonic() + COMPACTING
                    if compact.due(store):
                        compact.compact(store)
                if store.settings.source_hosts:
                    list(due(store, runtime.appdb(), runtime.today))
                back_up(store)
        stop.wait(EVERY if HEALTH.is_warm else AGAIN)
    duty.end()


def _keep_warm(store: Store) -> None:
    """Prepare the first screens of the newest version, if they are not; note the store's size."""
    newest, begun = store.current(), time.perf_counter()
    if not HEALTH.is_warm or (newest and newest.number > store.held()):
        live.warm()
    if not HEALTH.is_warm:
        telemetry.meters.WARMUP.set(time.perf_counter() - begun)
        HEALTH.is_warm = True
    telemetry.meters.STORE_BYTES.set(store.size())


def _note_backup() -> None:
    """Have the last good backup's age told, by whichever process it was made."""
    made = backup.last_good_backup(runtime.appdb())
    telemetry.meters.BACKUP_AGE.read_by(
        lambda: (datetime.now(UTC) - made).total_seconds() if made else None
    )


def back_up(store: Store) -> None:
    """Make a backup if one is due; what goes wrong must not end the thread."""
    if store.settings.backup is None:
        return
    try:
        backup.on_schedule(store, runtime.appdb(), datetime.now(UTC))
    except Exception as error:  # such as a full disk, where not even a failure can be noted
        logging.getLogger("onemind").warning("The backup failed: %s", error)


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
    _begin_to_tell()
    streamlit_seams.log_missing()
    gc.set_threshold(GARBAGE)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # else a line for each visit
    stop = Event()
    with suppress(OneMindError):  # the pages say why; it is opened as soon as it can be
        runtime.store()
    Thread(target=look_after_any, args=(stop,), daemon=True, name="look-after").start()
    Thread(target=send_what_is_due, args=(stop,), daemon=True, name="outgoing").start()
    with calling_on_stop(PUBLISHES.end):
        yield {}
    stop.set()
    await to_thread.run_sync(telemetry.traces.end)


def _begin_to_tell() -> None:
    """Begin to count, to log as it is set, and to trace where that is wanted."""
    telemetry.log.begin(settings.load().log)
    logging.captureWarnings(True)
    threading.excepthook = telemetry.log.thread_ended
    streamlit_seams.use_own_log()
    telemetry.start()
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = {name: metadata.version(name) for name in ("streamlit", "duckdb")}
    telemetry.meters.BUILD.set(version=__version__, python=python, **libraries)
    telemetry.traces.begin(settings.wants_traces())
