"""A wire between a program and its server that can be cut, slowed, or made to fail."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

from tests.support.waiting import HOST

CHUNK = 1 << 16


class Wire:
    """A proxy on `port` before the server on `target`; each connection has threads of its own.

    `delay` is in seconds for each piece that goes to the server. `fails_every` cuts every n-th new
    connection.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.fails_every = 0
        self.is_cut = False
        self._count = 0
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections, and refuse new ones until it is mended."""
        self.is_cut = True
        self.drop()

    def drop(self) -> None:
        """Cut all connections; new ones are let through."""
        with self._guard:
            found, self._open = self._open, set()
        for end in found:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        """Let connections through again."""
        self.is_cut, self.delay, self.fails_every = False, 0.0, 0

    def close(self) -> None:
        """Stop listening and cut what is open."""
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._count += 1
            if self.is_cut or (self.fails_every and self._count % self.fails_every == 0):
                client.close()
                continue
            try:
                server = socket.create_connection((HOST, self.target), timeout=10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._guard:
                self._open |= {client, server}
            Thread(target=self._pipe, args=(client, server, True), daemon=True).start()
            Thread(target=self._pipe, args=(server, client, False), daemon=True).start()

    def _pipe(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                if is_up and self.delay:
                    time.sleep(self.delay)
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with self._guard:
                self._open.discard(end)
            end.close()


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    """Lend a wire to the server on a port."""
    made = Wire(target)
    try:
        yield made
    finally:
        made.close()
