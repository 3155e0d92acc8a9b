"""Letting 5 million certificates in: check, check + diff + publish, and a viewer meanwhile.

The floor is DuckDB loading the same file, typed, into a new lake. All are whole processes.

Where the time of a first publish goes, in seconds of processor time (the floor: 2.1, of which 0.9
reads, 0.9 writes and 0.3 starts):

    starting Python, its libraries, the store    0.6
    bytes: fingerprint, letters, blank lines     0.4   on an idle core, while the store opens
    reading into typed columns with Arrow        1.0
    handing them to DuckDB                       0.3   loads pandas, whether it is used or not
    bounds, order of days, blanks                0.1
    each distinct text: names, lists, length     0.05  Arrow holds each text once
    departments that are not there               0.1
    rows that appear twice                       0.3   hashes sorted; grouping them takes twice that
    the first rows, to be shown                  0.1
    copying the original                         0.1
    writing into the lake                        0.9

On two cores half of it happens on one: starting, looking at the bytes and loading libraries hold
Python's lock. That is why seconds are a greater multiple of the floor than processor time is. The
memory is 600 MB against 250; where a machine has to find the pages first, 0.6 more.

With 1.5% changed, comparing takes 1.4 and writing 0.4 in place of 0.9. A file with quotation marks
or days like 1/31/2020 is read by DuckDB, 0.8 more; one with any fault, or in other words than ours,
is read a second time, the checked path (`ingest.staging.checked_path`): about 10 in all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bench._measure import (
    Figure,
    Run,
    alternated,
    arguments,
    percentile,
    python,
    report,
    run,
    timed,
    worked,
)
from bench._national import BAD_DATE, BASE, Nation, home, nation

MESSY, MESSIER = 200_000, 3.0  # rows; times as long as the plain file of the same rows
TITLES = ("MHFA for Public Safety (8hr)", "CIT - 40 Hour")
STATUS = ("Completed", "No Show")
CHECK, PUBLISH, MEMORY, WAIT = 1.5, 2.0, 2000.0, 500.0


class Bench:
    """The programs to measure, each on a copy of the store that it needs."""

    def __init__(self, made: Nation, folder: Path) -> None:
        self.made, self.folder = made, folder
        self.base, self.full = folder / "base", folder / "full"
        files = [made.path(name) for name in BASE]
        _fine(onemind(self.base, "publish", *files, "-m", "base"))
        shutil.copytree(self.base, self.full)
        _fine(onemind(self.full, "publish", made.path("training"), "-m", "training"))

    @contextmanager
    def copy(self, store: Path | None) -> Iterator[Path]:
        """Lend a copy of a store (None: a new one); what was copied is on the disk already."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            if store:
                shutil.copytree(store, Path(folder) / "store")
            os.sync()
            yield Path(folder) / "store"

    def floor(self) -> Run:
        with self.copy(None) as store:
            loaded = run(python("bench._floor", store, self.made.path("training")))
            return _proved(loaded, str(self.made.certificates))

    def publish(self, store: Path, name: str, proof: str) -> Run:
        """Publish a file and prove that this many rows were added or changed."""
        return _proved(self.command("publish", store, name, "-m", "bench"), proof)

    def command(self, verb: str, store: Path, name: str, *more: object) -> Run:
        with self.copy(store) as copied:
            return onemind(copied, verb, self.made.path(name), *more)

    def waits(self, store: Path, where: str, name: str) -> dict[str, list[float]]:
        """Return a viewer's waits, in milliseconds, by what was asked."""
        with self.copy(store) as copied:
            seen = run(python("bench._viewer", copied, where, self.made.path(name)))
            _fine(seen)
            waits: dict[str, list[float]] = json.loads(seen.output)["waits"]
            return waits


def onemind(store: Path, *arguments: object) -> Run:
    """Run one command of the dashboard's command line on a store."""
    return run(python("onemind", *arguments), {"ONEMIND_STORE": str(store)})


def _fine(made: Run) -> None:
    if made.code:
        raise SystemExit(made.output)


def _proved(made: Run, proof: str) -> Run:
    """A program that did not do its work has no time worth keeping."""
    if made.code == 0 and proof not in made.output:
        raise SystemExit(f"Expected '{proof}' of a program that said: {made.output}")
    return made


def speed(bench: Bench, times: int) -> list[Figure]:
    """Time check and publish against the floor."""
    all_added = f"{bench.made.certificates:,} added"
    runs = alternated(
        {
            "floor": bench.floor,
            "check": lambda: _proved(bench.command("check", bench.base, "training"), "No problems"),
            "publish": lambda: bench.publish(bench.base, "training", all_added),
            "again": lambda: bench.publish(bench.full, "training_changed", " changed"),
            "rough": lambda: bench.publish(bench.base, "training_rough", all_added),
            "shuffled": lambda: bench.publish(bench.base, "training_shuffled", all_added),
        },
        times,
    )
    floor = runs["floor"]
    said = {
        "check": ("check", CHECK),
        "publish": ("check + diff + publish, first time", PUBLISH),
        "again": ("the same with 1.5% of the rows changed", PUBLISH),
        "rough": ("first time, dates and words as people write them", None),
        "shuffled": ("first time, rows in no order", None),
    }
    figures = [timed(text, runs[name], floor, goal) for name, (text, goal) in said.items()]
    figures += [worked(f"CPU: {text}", runs[name], floor) for name, (text, _) in said.items()]
    figures += [
        Figure(f"memory: {text}", max(run.megabytes for run in runs[name]), "MB", MEMORY)
        for name, (text, _) in said.items()
    ]
    return [*figures, Figure("memory: floor", max(run.megabytes for run in floor), "MB")]


def one_bad_row(bench: Bench) -> Figure:
    """Prove that the one bad cell of the file is found and named, and time that."""
    checked = bench.command("check", bench.base, "training_bad", "--json")
    problems = json.loads(checked.output)
    assert len(problems) == 1, problems
    found = {name: problems[0][name] for name in ("row", "column", "code", "value")}
    expected = {"row": bench.made.bad_row, "column": "completed_on"}
    assert found == {**expected, "code": "type-error", "value": BAD_DATE}, found
    return Figure(f"one bad cell, found in row {found['row']:,}", checked.seconds, "s")


def waiting(bench: Bench) -> list[Figure]:
    """Time a viewer's filter changes while nobody publishes, and while somebody does."""
    figures = []
    for text, where, store, name in (
        ("nobody publishes, 5 million rows there", "nobody", bench.full, "training"),
        ("publish in another process, first time", "apart", bench.base, "training"),
        ("publish in this process, first time", "here", bench.base, "training"),
        ("publish in another process, 1.5% changed", "apart", bench.full, "training_changed"),
        ("publish in this process, 1.5% changed", "here", bench.full, "training_changed"),
    ):
        for asked, waits in bench.waits(store, where, name).items():
            goal = None if where == "nobody" else WAIT
            label = f"{asked}, {text} ({len(waits)} looks)"
            figures += [
                Figure(f"wait p50: {label}", percentile(waits, 0.5), "ms"),
                Figure(f"wait p95: {label}", percentile(waits, 0.95), "ms", goal),
            ]
    return figures


def messy(folder: Path, times: int) -> Figure:
    """Check MESSY rows as a training system exports them, put to the same rows as we write them:
    days first, titles, a status, and departments by name.
    """
    store, plain, odd = folder / "messy", folder / "training.csv", folder / "export.csv"
    departments = folder / "departments.csv"
    departments.write_text(
        "department_id,name,type,state\n"
        + "".join(f"D{nth},Town {nth} Police Department,municipal,MA\n" for nth in range(300))
    )
    _fine(onemind(store, "publish", departments, "-m", "towns"))
    first = date(2020, 1, 1)
    days = [first + timedelta(days=nth % 1500) for nth in range(MESSY)]
    plain.write_text(
        "department_id,officer_id,course,completed_on\n"
        + "".join(
            f"D{nth % 300},o{nth},{('MHFA', 'CIT')[nth % 2]},{day}\n"
            for nth, day in enumerate(days)
        )
    )
    odd.write_text(
        "Department,Badge,Course Title,Status,Date Completed\n"
        + "".join(
            f"Town {nth % 300} PD,o{nth},{TITLES[nth % 2]},{STATUS[nth % 10 > 8]},{day:%d/%m/%Y}\n"
            for nth, day in enumerate(days)
        )
    )
    programs = {
        "plain": lambda: onemind(store, "check", plain),
        "messy": lambda: onemind(store, "check", odd, "--map", "Course Title=course"),
    }
    runs = alternated(programs, times)
    ratios = [a.seconds / b.seconds for a, b in zip(runs["messy"], runs["plain"], strict=True)]
    floor = median(item.seconds for item in runs["plain"])
    name = f"check a messy export of {MESSY:,} rows"
    return Figure(name, median(ratios) * floor, "s", MESSIER, floor)


def main() -> None:
    """Measure and print."""
    args = arguments(__doc__)
    made = nation(args.scale)
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        bench = Bench(made, Path(folder))
        figures = [*speed(bench, args.times), one_bad_row(bench), *waiting(bench)]
        figures.append(messy(Path(folder), args.times))
    report("ingest", figures, rows=made.certificates, times=args.times)


if __name__ == "__main__":
    main()
