"""From a commit to the screens: 1, 50 and 100 people look at the overview while another process
publishes.

Each viewer holds a stream of events and a session, as a browser does. `told` is when the event has
come with the sentence that the screen shows then, `drawn` when the page's script has run again and
all of it has come. `--workers 2` serves them with two processes behind a proxy.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench._client import Viewer, viewing
from bench._measure import Figure, arguments, percentile, python, report, run
from bench._national import home
from bench._server import sample_store, serving
from onemind.settings import ROOT, SAMPLE

NUMBERS = (1, 50, 100)
GOAL = 250.0  # milliseconds after the commit
DRAWN = 1_500.0  # the same until the screens of several processes are drawn
PLEDGE = "department_id,pledged_on,policy_adopted_on\n{},2017-09-20,2018-01-{:02}\n"


async def words(address: str) -> AsyncGenerator[dict[str, Any], None]:
    """Yield what the stream of events tells."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(
        f"GET /api/events HTTP/1.1\r\nHost: {place.netloc}\r\n"
        "Accept: text/event-stream\r\n\r\n".encode()
    )
    try:
        while line := await reader.readline():
            if line.startswith(b"data:"):
                yield json.loads(line.removeprefix(b"data:"))
    finally:
        writer.close()


async def watch(address: str, ready: asyncio.Semaphore) -> tuple[float, float]:
    """Open the overview and wait for the next version; return when it was told and drawn."""
    async with viewing(address) as socket:
        viewer = Viewer(socket)
        await viewer.look()
        stream = words(address)
        first = await anext(stream)  # the same again until there is a new version
        ready.release()
        while await anext(stream) == first:
            pass
        told = time.time()
        await viewer.look()
        await stream.aclose()
        return told, time.time()


async def pushed(address: str, store: Path, number: int, file: Path) -> list[tuple[float, float]]:
    """Let so many watch while somebody publishes; return seconds to told and drawn, of each."""
    ready = asyncio.Semaphore(0)
    viewers = [asyncio.create_task(watch(address, ready)) for _ in range(number)]
    for _ in viewers:
        await ready.acquire()
    await asyncio.sleep(0.5)
    child = await asyncio.create_subprocess_exec(
        *python("bench._publisher", store, file), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    commit = float(said.split()[-1])
    return [(told - commit, drawn - commit) for told, drawn in await asyncio.gather(*viewers)]


def measured(number: int, times: int, workers: int) -> list[Figure]:
    """Publish several times before so many viewers."""
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        store = Path(folder) / "store"
        shutil.copytree(sample_store(), store)
        ids = _departments()
        found: list[tuple[float, float]] = []
        with serving(store, workers=workers) as server:
            for place in range(times):
                file = Path(folder) / "pledges.csv"
                file.write_text(PLEDGE.format(ids[place], place + 1))
                command = [sys.executable, "-m", "bench.live", server.address, str(store),
                           str(number), str(file)]  # fmt: skip
                made = run(command)
                if made.code:
                    raise SystemExit(made.output)
                found += json.loads(made.output.splitlines()[-1])
    told, drawn = ([1000 * pair[side] for pair in found] for side in (0, 1))
    return [
        Figure(f"{number} viewers, told, p95", percentile(told, 0.95), "ms", GOAL, None,
               min(told), max(told)),
        Figure(f"{number} viewers, drawn, p95", percentile(drawn, 0.95), "ms",
               GOAL if workers == 1 else DRAWN, None,
               min(drawn), max(drawn)),
    ]  # fmt: skip


def _departments() -> list[str]:
    lines = (SAMPLE / "departments.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split(",")[0] for line in lines]


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=3, workers=True)
    figures = [
        figure for number in NUMBERS for figure in measured(number, args.times, args.workers)
    ]
    report("live_workers" if args.workers > 1 else "live", figures, workers=args.workers)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        address, place, many, published = sys.argv[1:5]
        print(json.dumps(asyncio.run(pushed(address, Path(place), int(many), Path(published)))))
    else:
        main()
