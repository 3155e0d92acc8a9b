"""Measuring: each program several times, in turn with its floor, and the table that says so.

A figure is a ratio to a floor of the same run, for a machine's own speed varies by more than what
is measured. Both are whole processes: starting Python and opening the store count.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from onemind.settings import ROOT

RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Run:
    """One run of a program: seconds by the clock and of its processors, peak memory in MB, exit
    code and what it printed.
    """

    seconds: float
    busy: float
    megabytes: float
    code: int
    output: str


@dataclass(frozen=True)
class Figure:
    """One line of the table; `goal` is in the unit of the figure, or of the ratio (unit "x")."""

    name: str
    figure: float
    unit: str
    goal: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor it takes."""
        return self.figure / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        judged = self.figure if self.ratio is None else self.ratio
        return None if self.goal is None else judged <= self.goal


def run(command: list[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run a program to its end; its memory is its own, not that of its children."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        assert child.stdout is not None
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    scale = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is in bytes there, in KB here
    busy = usage.ru_utime + usage.ru_stime
    return Run(seconds, busy, usage.ru_maxrss / scale, child.returncode, output)


def python(*arguments: object) -> list[str]:
    """Return the command that runs a module of this checkout."""
    return [sys.executable, "-m", *map(str, arguments)]


def alternated(programs: Mapping[str, Callable[[], Run]], times: int) -> dict[str, list[Run]]:
    """Run each program `times` times, always one after the other; stops when one fails.

    So it does when a run took less time than its processors can have worked in: a clock that is
    off by that much measures nothing.
    """
    found: dict[str, list[Run]] = {name: [] for name in programs}
    for _ in range(times):
        for name, program in programs.items():
            made = program()
            if made.code:
                raise SystemExit(f"{name} ended with {made.code}:\n{made.output}")
            if made.busy > 1.1 * made.seconds * (os.cpu_count() or 1):
                raise SystemExit(f"{name}: {made.busy:.1f} s of work in {made.seconds:.1f} s")
            said = f"{made.seconds:.2f} s, {made.busy:.2f} s CPU, {made.megabytes:,.0f} MB"
            print(f"  {name}: {said}", file=sys.stderr, flush=True)
            found[name].append(made)
    return found


def worked(name: str, runs: list[Run], floor: list[Run]) -> Figure:
    """Return the median seconds of processor time, which other programs disturb less."""
    busy = [run.busy for run in runs]
    least = median(run.busy for run in floor)
    return Figure(name, median(busy), "s", None, least, min(busy), max(busy))


def timed(name: str, runs: list[Run], floor: list[Run], goal: float | None) -> Figure:
    """Return the median seconds of a program, with the median of its floor."""
    seconds = [run.seconds for run in runs]
    least = median(run.seconds for run in floor)
    return Figure(name, median(seconds), "s", goal, least, min(seconds), max(seconds))


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that this share of them lies at or below."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def arguments(
    description: str | None, times: int = 3, *, workers: bool = False
) -> argparse.Namespace:
    """Read what every benchmark takes: --scale and --times; and --workers where it is known."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--scale", type=float, default=1.0, help="1 = the nation (default)")
    parser.add_argument(
        "--times", type=int, default=times, help="runs of each (default %(default)s)"
    )
    if workers:
        parser.add_argument(
            "--workers", type=int, default=1, help="processes behind a proxy (default 1: alone)"
        )
    return parser.parse_args()


def report(benchmark: str, figures: list[Figure], **known: object) -> None:
    """Print the figures as Markdown; keep them in bench/results/: each run as a line of JSON, and
    the latest of every benchmark in one table.
    """
    about: dict[str, object] = {
        "benchmark": benchmark,
        "at": datetime.now().isoformat(timespec="seconds"),
    }
    about |= {"machine": _machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0], **known}
    print(markdown(about, figures))
    RESULTS.mkdir(exist_ok=True)
    rows = [asdict(item) | {"ratio": item.ratio, "met": item.met} for item in figures]
    with (RESULTS / f"{benchmark}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**about, "figures": rows}) + "\n")
    together(RESULTS)


def together(folder: Path) -> None:
    """Write the latest run of every benchmark into one table: all.md, and all.json."""
    lines = [path.read_text(encoding="utf-8").splitlines()[-1]
             for path in sorted(folder.glob("*.jsonl"))]  # fmt: skip
    runs = [json.loads(line) for line in lines]
    parts = []
    for each in runs:
        about = {name: value for name, value in each.items() if name != "figures"}
        given = ({k: v for k, v in row.items() if k not in ("ratio", "met")}
                 for row in each["figures"])  # fmt: skip
        parts.append(markdown(about, [Figure(**row) for row in given]))
    (folder / "all.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    (folder / "all.json").write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


def markdown(about: Mapping[str, object], figures: list[Figure]) -> str:
    """Return the figures as a Markdown table under a line that says where they are from."""
    first = ", ".join(f"{name} {_number(value)}" for name, value in about.items())
    lines = [first, "", "| what | figure | spread | floor | ratio | goal | met |"]
    lines += ["|---|--:|--:|--:|--:|--:|---|"]
    for item in figures:
        spread = "" if item.low is None else f"{_number(item.low)}-{_number(item.high)}"
        floor = "" if item.floor is None else f"{_number(item.floor)} {item.unit}"
        ratio = "" if item.ratio is None else f"{item.ratio:.2f}x"
        unit = "x" if item.ratio is not None else f" {item.unit}"
        goal = "" if item.goal is None else f"{_number(item.goal)}{unit}"
        met = {None: "", True: "yes", False: "**no**"}[item.met]
        figure = f"{_number(item.figure)} {item.unit}"
        lines.append(f"| {item.name} | {figure} | {spread} | {floor} | {ratio} | {goal} | {met} |")
    return "\n".join(lines)


def _number(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        named = []
    return named[0] if named else platform.processor() or platform.machine()
