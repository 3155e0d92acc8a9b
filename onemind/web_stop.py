"""The end of the server: what goes on for as long as somebody listens ends when it is told to stop.

The server waits for every answer to be complete, and an event stream never is: with one open it
would run on until it is killed.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def telling(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` in the running loop once the process is told to stop; then whoever listened."""
    if current_thread() is not main_thread():  # Python tells of signals there alone
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: found for number in SIGNALS if callable(found := signal.getsignal(number))}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
