"""The numbers about this process, each declared once: name, meaning, and what it is split by.

Nobody's name is a label: not of a person, a department, a file or a link. Counting costs a look at
one attribute until `exposition.start` gives each number its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

MOMENTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
WHILES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 30.0)
MINUTES = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
OUTCOMES = ("published", "unchanged", "overtaken", "refused", "failed")
_ADDING = Lock()


@dataclass(eq=False)
class Counter:
    """How often something happened, split by one label where it has one.

    `values` are those of the label that are there from the start, at 0.
    """

    name: str
    meaning: str
    label: str = ""
    values: tuple[str, ...] = ()
    instrument: Any = None

    def add(self, value: str = "") -> None:
        """Count once more; `value` is the label's."""
        if self.instrument is not None:
            (self.instrument.labels(value) if self.label else self.instrument).inc()


@dataclass(eq=False)
class Histogram:
    """How many seconds something took, split by one label where it has one."""

    name: str
    meaning: str
    buckets: tuple[float, ...]
    label: str = ""
    instrument: Any = None

    def observe(self, seconds: float, value: str = "") -> None:
        """Count one that took so many seconds; `value` is the label's."""
        if self.instrument is not None:
            (self.instrument.labels(value) if self.label else self.instrument).observe(seconds)


@dataclass(eq=False)
class Gauge:
    """A number as it is now; None, and absent from what is told, while nobody knows it."""

    name: str
    meaning: str
    value: float | None = None
    reader: Callable[[], float | None] | None = None

    def set(self, value: float | None) -> None:
        """Note the number as it is now."""
        self.value = value

    def add(self, by: float) -> None:
        """Make the number larger, or smaller."""
        with _ADDING:
            self.value = (self.value or 0) + by

    def read_by(self, reader: Callable[[], float | None] | None) -> None:
        """Ask a function for the number whenever somebody wants it; it must answer at once."""
        self.reader = reader

    def read(self) -> float | None:
        """Return the number, or None while it is not known."""
        return self.reader() if self.reader else self.value


@dataclass(eq=False)
class Info:
    """A few facts that stay as they are while the process runs."""

    name: str
    meaning: str
    facts: dict[str, str] = field(default_factory=dict)

    def set(self, **facts: str) -> None:
        """Note the facts."""
        self.facts = facts


Meter = Counter | Histogram | Gauge | Info

REQUESTS = Counter(
    "onemind_requests", "Requests answered, by class of status; probes are not among them.",
    "status", ("2xx", "3xx", "4xx", "5xx"),
)  # fmt: skip
REFUSALS = Counter(
    "onemind_refusals", "Requests refused, by reason.", "reason",
    ("signed out", "sign-in failed", "too many tries", "not allowed", "not found", "other site",
     "other computer", "link ended", "unknown link", "wrong passphrase", "wrong method",
     "stale form", "too large"),
)  # fmt: skip
ERRORS = Counter(
    "onemind_errors", "Unexpected errors, by what they ended.", "work", ("request", "redraw")
)
PAGE_OPENS = Counter("onemind_page_opens", "Pages opened, by page.", "page")
REDRAWS = Histogram(
    "onemind_redraw_seconds", "Runs of a page's script, waiting included, by page.", WHILES, "page"
)
LOOKUPS = Counter(
    "onemind_query_cache_lookups", "Questions of pages, by whether the answer was cached.",
    "outcome", ("hit", "miss"),
)  # fmt: skip
QUERIES = Histogram("onemind_query_seconds", "Readings of the store, preparing included.", MOMENTS)
PUBLISHES = Counter(
    "onemind_publishes", "Publishes and restores tried here, by outcome.", "outcome", OUTCOMES
)
PUBLISH_SECONDS = Histogram(
    "onemind_publish_seconds", "Publishes and restores that became a version.", MINUTES
)
REJECTED_UPLOADS = Counter(
    "onemind_rejected_uploads", "Uploads with errors, by each kind of error they have.", "reason"
)
SESSIONS = Gauge("onemind_sessions", "Screens that are connected.", 0)
STREAMS = Gauge("onemind_event_streams", "Event streams that are open.", 0)
READY = Gauge("onemind_ready", "1 when the store can be read and the process is warm, else 0.")
VERSION = Gauge("onemind_version", "Number of the newest version, 0 while there is none.")
VERSION_AGE = Gauge("onemind_version_age_seconds", "Time since the newest version was published.")
LAG = Gauge("onemind_version_lag_seconds", "Time since a version came that is not in memory yet.")
WARMUP = Gauge("onemind_warmup_seconds", "Time that the first screens took to prepare.")
BACKUP_AGE = Gauge(
    "onemind_backup_age_seconds", "Time since the last good backup; absent before the first."
)
STORE_BYTES = Gauge(
    "onemind_store_bytes",
    "Size of the store's folder, or with a catalog of the newest version's files.",
)
BUILD = Info("onemind_build", "Versions of the dashboard and of what it runs on.")

METERS: tuple[Meter, ...] = (
    REQUESTS, REFUSALS, ERRORS, PAGE_OPENS, REDRAWS, LOOKUPS, QUERIES, PUBLISHES, PUBLISH_SECONDS,
    REJECTED_UPLOADS, SESSIONS, STREAMS, READY, VERSION, VERSION_AGE, LAG, WARMUP, BACKUP_AGE,
    STORE_BYTES, BUILD,
)  # fmt: skip
