"""What each seam to Streamlit gains: with all on and with that one off, by turns.

The servers run side by side. Processor time is of opening the overview; the rest is of a first
visit in Chromium over 4G. A pair is two measures one after the other; a figure is the median ratio
of the pairs times its floor, which is with all seams on.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles

from bench import first_load, pages
from bench._measure import Figure, arguments, report
from bench._server import Server, sample_store, serving

SETTING = "ONEMIND_STREAMLIT_SEAMS"
OPTIONAL = ("bundles",)
OPENS, VISITS = 8, 5  # opens in one measure; first visits to each server
Measure = Callable[[Server], list[float]]


@contextmanager
def without(seam: str) -> Iterator[Server]:
    """Lend a server with one seam off; with all of them on for none, without any for "all"."""
    left = ",".join(name for name in OPTIONAL if seam not in (name, "all"))
    before = dict(os.environ)
    os.environ[SETTING] = left or "off"
    with ExitStack() as stack:
        server = stack.enter_context(serving(sample_store()))
        os.environ.clear()
        os.environ.update(before)
        yield server


def used(server: Server) -> float:
    """Return the seconds of processor time a server has used, finer than /proc tells."""
    return time.clock_gettime((~server.pid << 3) | 2)  # its clock, as clock_getcpuclockid makes it


def opening(server: Server) -> list[float]:
    """Return the milliseconds of processor time of opening the overview."""
    start = used(server)
    _, error = pages.busy(server, "", OPENS)
    if error:
        raise SystemExit(error)
    return [1000 * (used(server) - start) / OPENS]


def visiting(server: Server) -> list[float]:
    """Return megabytes, and seconds to the first number and chart, of a first visit."""
    (visit,) = first_load.visits(server.address, 1)
    return [visit.megabytes, visit.number, visit.chart]


def compared(
    seams: tuple[str, ...], times: int, measure: Measure, names: dict[str, str]
) -> list[Figure]:
    """Measure with all seams and without each of them, by turns and from either end."""
    with ExitStack() as stack:
        servers = {seam: stack.enter_context(without(seam)) for seam in ("", *seams)}
        for server in servers.values():
            measure(server)
        rounds = []
        for at in range(times):
            order = list(servers) if at % 2 else list(reversed(servers))
            rounds.append({seam: measure(servers[seam]) for seam in order})
    return [_figure(seam, rounds, at, name, unit)
            for seam in seams for at, (name, unit) in enumerate(names.items())]  # fmt: skip


def _figure(
    seam: str, rounds: list[dict[str, list[float]]], at: int, name: str, unit: str
) -> Figure:
    ratios = [each[seam][at] / each[""][at] for each in rounds]
    floor = median(each[""][at] for each in rounds)
    low, middle, high = quantiles(ratios, n=4)
    print(f"  without {seam}, {name}: {low:.3f} {middle:.3f} {high:.3f}", file=sys.stderr)
    return Figure(f"without {seam}: {name}", middle * floor, unit, None, floor, low * floor,
                  high * floor)  # fmt: skip


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=30)
    drawing, loading = ("all",), OPTIONAL
    figures = compared(drawing, args.times, opening, {"open the overview": "ms CPU"})
    seen = {"over the wire": "MB", "first number": "s", "first chart": "s"}
    figures += compared(loading, VISITS, visiting, seen)
    report("seams", figures, pairs=args.times, visits=VISITS)


if __name__ == "__main__":
    main()
