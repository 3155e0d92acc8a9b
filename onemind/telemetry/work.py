"""The kinds of work that are timed, counted and traced: a redraw, a reading, a publish."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from onemind.errors import NothingChanged, OneMindError, VersionMoved
from onemind.telemetry import meters
from onemind.telemetry.traces import NOTHING, span

SLOW = 2.5  # seconds of a redraw that are worth a line
PAGE = "open_page"  # what a session calls the page that it shows
UNKNOWN = "none"  # the page of a redraw that ended before there was one
_run = threading.local()  # a run of the script is a thread
_log = logging.getLogger(__name__)


@dataclass
class Redraw:
    """A run of a page's script: the page, and whether it is opened by it."""

    page: str = UNKNOWN
    opens: bool = False


@contextmanager
def redraw(page: str = UNKNOWN) -> Iterator[Redraw]:
    """Time a run of the script, or of a part that is run by itself; one within another is part
    of it.
    """
    outer: Redraw | None = getattr(_run, "redraw", None)
    if outer is not None:
        yield outer
        return
    _run.redraw = current = Redraw(page)
    begun = perf_counter()
    try:
        with span("redraw") as traced:
            try:
                yield current
            finally:
                traced.set_attribute("onemind.page", current.page)
    except Exception:
        meters.ERRORS.add("redraw")
        raise
    finally:
        _run.redraw = None
        _told(current, perf_counter() - begun)


def _told(redraw: Redraw, seconds: float) -> None:
    meters.REDRAWS.observe(seconds, redraw.page)
    fields = {"page": redraw.page, "ms": round(seconds * 1000, 1)}
    if redraw.opens:
        meters.PAGE_OPENS.add(redraw.page)
        _log.info("page opened", extra=fields)
    elif seconds >= SLOW:
        _log.warning("slow redraw", extra=fields)


@contextmanager
def reading(tables: Iterable[object]) -> Iterator[None]:
    """Time a reading of the store; `tables` are its datasets, by name, and derived tables."""
    begun = perf_counter()
    try:
        with span("query") as traced:
            if traced is not NOTHING:
                names = (getattr(table, "name", table) for table in tables)
                traced.set_attribute("onemind.tables", ", ".join(map(str, names)))
            yield
    finally:
        meters.QUERIES.observe(perf_counter() - begun)


@contextmanager
def publishing() -> Iterator[None]:
    """Time a publish and count it by its outcome, one of meters.OUTCOMES."""
    begun, outcome = perf_counter(), "failed"
    try:
        with span("publish") as traced:
            try:
                yield
                outcome = "published"
            except OneMindError as error:
                outcome = _outcome(error)
                raise
            finally:
                traced.set_attribute("onemind.outcome", outcome)
    finally:
        seconds = perf_counter() - begun
        meters.PUBLISHES.add(outcome)
        if outcome == "published":
            meters.PUBLISH_SECONDS.observe(seconds)
        fields = {"outcome": outcome, "ms": round(seconds * 1000, 1)}
        _log.info("publish", extra=fields)


def _outcome(error: OneMindError) -> str:
    if isinstance(error, NothingChanged):
        return "unchanged"
    return "overtaken" if isinstance(error, VersionMoved) else "refused"
