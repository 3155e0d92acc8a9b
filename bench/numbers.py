"""Counting: a new as-of date, a filter change and each metric, on the sample and on the nation.

The floor of a new as-of date is `progress` as one plain SQL statement with nothing prepared, run
once in a DuckDB that holds the tables in memory. The statement is put together from the models;
those in `bench/bare/` take the place of the ones that prepare for other days. Until November 28,
2026, it was a copy of all models: it gives the same rows and still counts officers for the one day
alone. Everything is measured inside one process, by the clock. `python -m bench.numbers --scale
0.1` takes a tenth of the nation.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median

from bench._measure import Figure, arguments, percentile, python, report, run
from bench._national import BASE, home, nation
from bench._server import sample_store
from onemind import ingest, metrics, publishing
from onemind.campaign import Filter
from onemind.metrics import MetricName, Query
from onemind.settings import Settings
from onemind.store import Store

BARE = Path(__file__).parent / "bare"
DAY = date(2025, 6, 30)
NEW_DAY, WARM, UNSEEN = 0.6, 40.0, 400.0  # of the floor; milliseconds; milliseconds


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds it takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def national_store(scale: float) -> Path:
    """Return a store that holds the nation, rosters too, published once."""
    place = home() / f"nation-store-{scale:g}"
    if not (place / "catalog.sqlite").exists():
        files = [nation(scale).path(name) for name in (*BASE, "officers", "training")]
        made = run(python("onemind", "publish", *files, "-m", "nation"),
                   {"ONEMIND_STORE": str(place)})  # fmt: skip
        if made.code:
            raise SystemExit(made.output)
    return place


def bare_progress() -> str:
    """Return `progress` as one plain statement; models in BARE replace those of the same name."""
    model, inputs = metrics.model, ("certificates", "pledge_states", "rostered", "active_officers")
    bare = {path.stem: path.read_text(encoding="utf-8") for path in sorted(BARE.glob("*.sql"))}
    defined = frozenset(bare).union(*map(model.needs, inputs))
    rest = model.with_models("progress", given=tuple(sorted(defined))).removeprefix("with ")
    replaced = ",\n".join(f"{name} as materialized (\n{sql}\n)" for name, sql in bare.items())
    columns = ", ".join(("as_of", *metrics.PROGRESS))
    return f"""
        {model.with_models(*inputs)},
        {replaced},
        {rest}
        select {columns} from progress order by state, name, department_id"""


def bare(place: Path) -> float:
    """Return the milliseconds of the plain statement, the first time it runs."""
    store = Store(Settings(store=place))
    with store.reading(None, metrics.model.datasets("progress")) as con:
        sql = f"create temp table bare as {bare_progress()}"
        found = timed(lambda: con.execute(sql, {"dates": [DAY]}))
    store.close()
    return found


def change(store: Store, chosen: Filter) -> None:
    """Do what a change of the filter does: the departments, five numbers, and one by county."""
    metrics.progress(store, chosen, DAY)
    for name in metrics.OVERVIEW:
        metrics.query(store, Query(name, (), chosen), DAY)
    metrics.query(store, Query(MetricName.MHFA_SHARE, ("county",), chosen), DAY)


def filters(as_of: date = DAY) -> list[Filter]:
    """Return filters, no two alike."""
    states = ("MA", "CA", "TX", "OH", "GA", "NY", "PA", "FL")
    kinds: tuple[tuple[str, ...], ...] = ((), ("municipal",), ("county",))
    return [
        Filter(state=(state,), type=kind, as_of=as_of) for kind, state in product(kinds, states)
    ]


def copied_figures(name: str, place: Path) -> list[Figure]:
    """Measure a copy of a store, for something is published into it."""
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        shutil.copytree(place, Path(folder) / "store")
        return figures(name, Path(folder) / "store")


def publish_row(store: Store, department: str) -> None:
    """Publish one certificate of one department."""
    file = store.settings.store.parent / "training.csv"
    columns = "department_id,officer_id,course,completed_on"
    file.write_text(f"{columns}\n{department},B-00001,MHFA,2025-01-15\n")
    publishing.publish(
        store, [ingest.Upload(file, file.name)], publishing.Options(today=DAY), "bench", ""
    )


def after_publish(name: str, store: Store, floor: float) -> list[Figure]:
    """Measure the version after that of one department more, as it is opened for the first time."""
    publish_row(store, metrics.progress(store, Filter(), DAY).rows[0][0])
    first = timed(lambda: metrics.progress(store, Filter(), DAY))
    history = timed(lambda: metrics.query(store, Query(MetricName.PLEDGED, ("month",)), DAY))
    return [
        Figure(f"{name}: the first number after a small publish", first, "ms", None, floor),
        Figure(f"{name}: the first history after a small publish", history, "ms", None, floor),
    ]


def figures(name: str, place: Path) -> list[Figure]:
    """Measure one store."""
    floor = bare(place)
    store = Store(Settings(store=place))
    first = timed(lambda: metrics.progress(store, Filter(), DAY))
    days = [DAY - timedelta(days=37 * n) for n in range(1, 9)]
    new_days = [timed(partial(metrics.progress, store, Filter(state=("MA",)), day))
                for day in days]  # fmt: skip
    warm = [timed(partial(change, store, chosen)) for chosen in filters() * 2]
    history = timed(lambda: metrics.query(store, Query(MetricName.PLEDGED, ("month",)), DAY))
    unseen = [timed(partial(change, store, Filter(state=("TX",), as_of=day)))
              for day in (DAY - timedelta(days=11 * n + 400) for n in range(12))]  # fmt: skip
    found = [
        Figure(f"{name}: the first number of a version", first, "ms", None, floor),
        Figure(f"{name}: a new as-of date", median(new_days), "ms", NEW_DAY, floor,
               min(new_days), max(new_days)),
        Figure(f"{name}: filter change, warm, p95", percentile(warm, 0.95), "ms", WARM, None,
               min(warm), max(warm)),
        Figure(f"{name}: filter change to a day nobody has opened, p95",
               percentile(unseen, 0.95), "ms", UNSEEN, None, min(unseen), max(unseen)),
        Figure(f"{name}: the first history of a version", history, "ms", None, floor),
    ]  # fmt: skip
    for metric in metrics.metrics():
        asked = [Query(metric, (), chosen) for chosen in filters()]
        took = [timed(partial(metrics.query, store, each, DAY)) for each in asked]
        found.append(Figure(f"{name}: {metric}", median(took), "ms"))
    by_month = [timed(lambda: metrics.query(store, Query(MetricName.MHFA_SHARE, ("month",)), DAY))
                for _ in range(3)]  # fmt: skip
    found += [Figure(f"{name}: mhfa_share by month", median(by_month), "ms")]
    found += after_publish(name, store, floor)
    store.close()
    return found


def main() -> None:
    """Measure and report."""
    args = arguments(__doc__)
    found = copied_figures("sample", sample_store())
    found += copied_figures("nation", national_store(args.scale))
    report("numbers", found, scale=args.scale)


if __name__ == "__main__":
    main()
