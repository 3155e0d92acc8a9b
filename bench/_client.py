"""Viewers without a browser: they speak Streamlit's own protocol over its websocket.

A viewer opens a page as a browser does and is done when the script has run and every element has
come. `python -m bench._client ADDRESS NUMBER PAGE` opens that many at once and prints what came of
it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

LONGEST = 60.0  # seconds, for one page
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN)


@dataclass(frozen=True)
class Opened:
    """One page on one screen: seconds until it was whole, bytes and elements that came."""

    seconds: float
    size: int
    elements: int
    error: str = ""


class Viewer:
    """One open screen."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def look(self, page: str = "", query: str = "") -> Opened:
        """Run the page's script and wait for all of it."""
        start = time.perf_counter()
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.context_info.color_scheme = "light"
        await self.socket.send(message.SerializeToString())
        size = elements = 0
        error = ""
        while True:
            raw = await asyncio.wait_for(self.socket.recv(decode=False), LONGEST)
            size += len(raw)
            came = ForwardMsg()
            came.ParseFromString(raw)
            kind = came.WhichOneof("type")
            elements += kind == "delta"
            if kind == "delta" and came.delta.new_element.WhichOneof("type") == "exception":
                error = came.delta.new_element.exception.message or "an exception"
            if kind == "session_event" and came.session_event.script_compilation_exception.type:
                error = "the script can't be run"
            if kind == "script_finished" and came.script_finished in DONE:
                return Opened(time.perf_counter() - start, size, elements, error)


def viewing(address: str) -> connect:
    """Return a viewer's connection, to be entered."""
    place = address.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(place, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None,
                   origin=Origin(address), open_timeout=LONGEST, ping_interval=None)  # fmt: skip


async def opened(address: str, page: str = "", query: str = "") -> Opened:
    """Open a page in a new session; the time includes connecting."""
    start = time.perf_counter()
    try:
        async with viewing(address) as socket:
            seen = await Viewer(socket).look(page, query)
            return Opened(time.perf_counter() - start, seen.size, seen.elements, seen.error)
    except (OSError, TimeoutError, EOFError) as error:
        return Opened(time.perf_counter() - start, 0, 0, repr(error))


async def opened_at_once(address: str, number: int, page: str = "") -> list[Opened]:
    """Open a page in so many sessions at the same moment."""
    return await asyncio.gather(*(opened(address, page) for _ in range(number)))


if __name__ == "__main__":
    found = asyncio.run(opened_at_once(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
    print(json.dumps([vars(item) for item in found]))
