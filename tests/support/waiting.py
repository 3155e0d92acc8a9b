"""Ports that are free, and waiting until something is so."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], object], seconds: float = 60) -> float:
    """Wait until something holds; returns how long that took in seconds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < begun + seconds, "it did not come to hold"
        time.sleep(0.01)
    return time.monotonic() - begun
