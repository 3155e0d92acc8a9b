"""Many people open the overview at the same moment: how long they wait, and whether it fails.

`--workers 2` serves them with two processes behind a proxy, and more people come.
"""

from __future__ import annotations

import json

from bench._client import Opened
from bench._measure import Figure, arguments, percentile, python, report, run
from bench._server import Server, sample_store, serving

NUMBERS = (10, 50, 100, 150, 200)
ASKED, GOAL = 150, 2.0  # people at once, seconds
WITH_WORKERS = (300, 2.5)  # the same, of several processes


def at_once(server: Server, number: int, page: str = "") -> list[Opened]:
    """Open a page so many times at once, from a process of its own."""
    made = run(python("bench._client", server.address, number, page))
    if made.code:
        raise SystemExit(made.output)
    return [Opened(**item) for item in json.loads(made.output.splitlines()[-1])]


def waits(server: Server, number: int, times: int, asked: tuple[int, float]) -> list[Figure]:
    """Return the figures of so many at once: the median of all, and of the slowest in twenty."""
    found = [item for _ in range(times) for item in at_once(server, number)]
    errors = sum(bool(item.error) for item in found)
    seconds = [item.seconds for item in found]
    goal = asked[1] if number == asked[0] else None
    name = f"{number} at once"
    return [
        Figure(f"{name}, p50", percentile(seconds, 0.5), "s"),
        Figure(f"{name}, p95", percentile(seconds, 0.95), "s", goal, None, min(seconds),
               max(seconds)),
        Figure(f"{name}, errors", float(errors), "of them", 0.0 if goal else None),
    ]  # fmt: skip


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=2, workers=True)
    several = args.workers > 1
    asked = WITH_WORKERS if several else (ASKED, GOAL)
    numbers = (*NUMBERS, asked[0]) if several else NUMBERS
    with serving(sample_store(), workers=args.workers) as server:
        at_once(server, 5)
        alone = percentile([item.seconds for item in at_once(server, 1) * 3], 0.5)
        figures = [figure for number in numbers
                   for figure in waits(server, number, args.times, asked)]  # fmt: skip
        memory = server.megabytes()
    figures = [Figure("alone", alone, "s"), *figures]
    name = "opens_workers" if several else "opens"
    report(name, figures, server_mb=memory, workers=args.workers)


if __name__ == "__main__":
    main()
