"""The drill: a backup is restored into a scratch folder and compared with the running store."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from onemind import metrics
from onemind.backup.archive.manifest import Manifest, Numbers
from onemind.backup.numbers import numbers
from onemind.backup.places import Place, lent
from onemind.backup.restore import differences, of, restore
from onemind.backup.scratch import scratch
from onemind.campaign import Filter
from onemind.settings import Settings
from onemind.store import Store
from onemind.words import counted


@dataclass(frozen=True)
class Drill:
    """What a drill found: how many row counts and metrics agree, and a sentence for each that does
    not. `shared` is how many versions the running store has as the backup has them.
    """

    name: str
    versions: int
    counts: int
    shared: int
    metrics: int
    differences: tuple[str, ...]
    seconds: float

    def says(self) -> str:
        """Return the outcome in one line."""
        began = f"{self.name} was restored and compared in {self.seconds:.1f} seconds"
        if self.differences:
            return f"{began}, but it differs from the running store. {self.differences[0]}"
        told = (
            f"{began}: {counted(self.versions, 'version')}, "
            f"{counted(self.counts, 'row count')} as the backup lists them"
        )
        if not self.shared:
            return f"{told}. The running store has no version to compare them with."
        same = f"{counted(self.shared, 'version')} and {counted(self.metrics, 'number')}"
        return f"{told}; {same} as in the running store."


def drill(target: Place, store: Store, today: date) -> Drill:
    """Restore a backup, or the newest one at a place, and compare all of its numbers.

    Raises BackupRefused where it can't be restored as it lists itself. The scratch folder lies in
    the system's temporary folder (TMPDIR) and is deleted.
    """
    begun = time.monotonic()
    with lent(target) as path, scratch(Path(tempfile.gettempdir()), "drill") as place:
        chosen = store.settings.alone(place / "restored")
        manifest = restore(path, chosen)
        restored = of(store.settings, chosen.store)
        shared, measured, differing = _compared(manifest, restored, store, today)
    counts = sum(len(item.rows) for item in manifest.versions)
    return Drill(path.name, len(manifest.versions), counts, shared, measured, tuple(differing),
                 time.monotonic() - begun)  # fmt: skip


def _compared(
    manifest: Manifest, restored: Settings, store: Store, today: date
) -> tuple[int, int, list[str]]:
    """Return how many versions and metrics were compared with the running store, and what differs.

    It may have more versions by now. A store of another campaign shares none.
    """
    here = _numbers(store)
    begun_alike = [
        mine for mine, theirs in zip(here, manifest.versions, strict=False)
        if mine.published_at == theirs.published_at
    ]  # fmt: skip
    if not begun_alike:
        return 0, 0, []
    differing = differences(manifest.versions, here[: len(manifest.versions)])
    with closing(Store(restored)) as other:
        mine, theirs = (_metrics(each, manifest.newest, today) for each in (store, other))
    differing += [
        f"{name} of version {manifest.newest} is {theirs[name]} instead of {mine[name]}."
        for name in mine
        if mine[name] != theirs[name]
    ]
    return len(begun_alike), len(mine), differing


def _numbers(store: Store) -> tuple[Numbers, ...]:
    with store.cursor() as con:
        return tuple(numbers(con, store.versions_seen_by(con)))


def _metrics(store: Store, version: int, today: date) -> dict[str, Any]:
    if version > len(store.versions()):
        return {}
    chosen = Filter(as_of=today, version=version)
    return {
        name: metrics.query(store, metrics.Query(metrics.metric_name(name), (), chosen), today).rows
        for name in metrics.metrics()
    }
