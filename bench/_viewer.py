"""A viewer who changes filters, over and over, while somebody publishes.

`python -m bench._viewer STORE here|apart|nobody FILE` prints the viewer's waits in milliseconds as
JSON: the publish runs in another thread of this process (`here`), in another process (`apart`), or
there is none (`nobody`, for comparison).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle, product
from pathlib import Path
from threading import Thread

from bench._measure import python
from onemind import ingest, metrics, publishing
from onemind.campaign import Filter
from onemind.metrics import MetricName
from onemind.settings import Settings
from onemind.store import Store

TODAY = date(2025, 6, 30)
ALONE = 20.0  # seconds of watching when nobody publishes
STATES = ("CA", "TX", "MA", "OH", "GA", "NY", "PA", "FL")
KINDS = ((), ("municipal",), ("county",))


def filters() -> Iterator[Filter]:
    """Yield filters, each unlike the one before."""
    for kind, state in cycle(product(KINDS, STATES)):
        yield Filter(state=(state,), type=kind)


def look(store: Store, chosen: Filter, waits: dict[str, list[float]]) -> None:
    """Do what a filter change does: the table of departments, a light number and a heavy one."""
    asked: dict[str, Callable[[], object]] = {
        "progress": lambda: metrics.progress(store, chosen, TODAY),
        "pledged": lambda: metrics.query(
            store, metrics.Query(MetricName.PLEDGED, (), chosen), TODAY
        ),
        "mhfa_share": lambda: metrics.query(
            store, metrics.Query(MetricName.MHFA_SHARE, ("county",), chosen), TODAY
        ),
    }
    for name, ask in asked.items():
        start = time.perf_counter()
        ask()
        waits.setdefault(name, []).append(1000 * (time.perf_counter() - start))


def watch(store: Store, busy: Callable[[], bool]) -> dict[str, list[float]]:
    """Change filters for as long as somebody is busy; return the waits by what was asked."""
    waits: dict[str, list[float]] = {}
    for chosen in filters():
        look(store, chosen, waits)
        if not busy():
            return waits
    raise AssertionError("unreachable")


def main(store_path: Path, where: str, file: Path) -> None:
    """Open a store, warm up, let somebody publish and watch meanwhile."""
    store = Store(Settings(store=store_path))
    look(store, Filter(), {})
    start = time.perf_counter()
    if where == "here":
        publisher = Thread(target=_publish, args=(store, file))
        publisher.start()
        waits = watch(store, publisher.is_alive)
        publisher.join()
    elif where == "apart":
        command = python("onemind", "publish", file, "-m", "during")
        child = subprocess.Popen(command, env={**os.environ, "ONEMIND_STORE": str(store_path)},
                                 stdout=subprocess.DEVNULL)  # fmt: skip
        waits = watch(store, lambda: child.poll() is None)
        assert child.returncode == 0
    else:
        waits = watch(store, lambda: time.perf_counter() - start < ALONE)
    seconds = time.perf_counter() - start
    published = len(store.versions())
    store.close()
    print(json.dumps({"seconds": seconds, "versions": published, "waits": waits}))


def _publish(store: Store, file: Path) -> None:
    uploads = [ingest.Upload(file, file.name)]
    publishing.publish(store, uploads, publishing.Options(today=TODAY), "bench", "during")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
