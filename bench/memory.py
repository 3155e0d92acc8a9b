"""Memory of the server: what an open session takes, and what is left after 1,000 have gone."""

from __future__ import annotations

import asyncio
import time

from bench._client import Viewer, opened_at_once, viewing
from bench._measure import Figure, arguments, report
from bench._server import Server, sample_store, serving

OPEN, GONE, AT_ONCE = 100, 1000, 20
SESSION, FLAT = 0.5, 50.0  # MB a session; MB more after the second 500 than after the first


async def held(server: Server, number: int) -> float:
    """Open so many sessions and keep them; return the megabytes of each."""
    before = server.megabytes()
    sockets = []
    for _ in range(number):
        socket = await viewing(server.address)
        await Viewer(socket).look()
        sockets.append(socket)
    each = (server.megabytes() - before) / number
    for socket in sockets:
        await socket.close()
    return each


def come_and_go(server: Server, number: int) -> float:
    """Open and leave so many times; return the megabytes of the server after that."""
    for _ in range(number // AT_ONCE):
        asyncio.run(opened_at_once(server.address, AT_ONCE))
    time.sleep(2)
    return server.megabytes()


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=1)
    # Sessions are kept for half an hour for phones that come back; here for a second.
    with serving(sample_store(), options=("--server.disconnectedSessionTTL=1",)) as server:
        come_and_go(server, 40)
        each = asyncio.run(held(server, OPEN))
        half = come_and_go(server, int(GONE * min(args.scale, 1)) // 2)
        whole = come_and_go(server, int(GONE * min(args.scale, 1)) // 2)
    figures = [
        Figure("an open session", each, "MB", SESSION),
        Figure("the server after 500 sessions", half, "MB"),
        Figure("the server after 1,000 sessions", whole, "MB"),
        Figure("more after the second 500", whole - half, "MB", FLAT),
    ]
    report("memory", figures)


if __name__ == "__main__":
    main()
