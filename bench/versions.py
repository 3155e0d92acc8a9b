"""A thousand small publishes: the cost of the store and of a reading, and again compacted."""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from bench._measure import Figure, arguments, report
from bench._national import home
from bench._server import sample_store
from onemind import ingest, metrics, publishing
from onemind.campaign import Filter
from onemind.settings import Settings
from onemind.store import Store, compact

PUBLISHES, TODAY = 1000, date(2026, 6, 30)
ROW = "department_id,officer_id,course,completed_on\n{},B-{:05},MHFA,2026-01-15\n"


def publish(store: Store, folder: Path, department: str, number: int) -> float:
    """Publish one certificate; return the seconds."""
    file = folder / "training.csv"
    file.write_text(ROW.format(department, number))
    start = time.perf_counter()
    uploads = [ingest.Upload(file, file.name)]
    publishing.publish(store, uploads, publishing.Options(today=TODAY), "bench", f"row {number}")
    return time.perf_counter() - start


def read(place: Path) -> float:
    """Return the seconds to the first number of the newest version, in a store just opened."""
    store = Store(Settings(store=place))
    start = time.perf_counter()
    metrics.progress(store, Filter(), TODAY)
    seconds = time.perf_counter() - start
    store.close()
    return seconds


def size(place: Path) -> float:
    """Return the megabytes of a store."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__, times=1)
    number = max(int(PUBLISHES * min(args.scale, 1)), 10)
    with tempfile.TemporaryDirectory(dir=home()) as name:
        place = Path(name) / "store"
        shutil.copytree(sample_store(), place)
        store = Store(Settings(store=place))
        department = metrics.progress(store, Filter(), TODAY).rows[0][0]
        fresh, small = median(read(place) for _ in range(3)), size(place)
        took = [publish(store, Path(name), department, place_) for place_ in range(number)]
        grown, large = median(read(place) for _ in range(3)), size(place)
        start = time.perf_counter()
        compact.compact(store)
        compacting = time.perf_counter() - start
        compacted, after = median(read(place) for _ in range(3)), size(place)
        then = [publish(store, Path(name), department, number + place_) for place_ in range(9)]
        store.close()
    tenth = number // 10
    figures = [
        Figure("first number, 1 version", fresh, "s"),
        Figure(f"first number, {number} versions more", grown, "s", None, fresh),
        Figure("first number, compacted", compacted, "s", 1.5, fresh),
        Figure("compacting", compacting, "s"),
        Figure("a publish, the last tenth of them", median(took[-tenth:]), "s", 2.0,
               median(took[:tenth])),
        Figure("a publish, compacted", median(then), "s", 2.0, median(took[:tenth])),
        Figure("the store before", small, "MB"),
        Figure("the store grown", large, "MB"),
        Figure("the store compacted", after, "MB"),
    ]  # fmt: skip
    report("versions", figures, publishes=number)


if __name__ == "__main__":
    main()
