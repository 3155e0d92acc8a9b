"""Long work beside the script: it runs in a thread, says how far it is, and can be cancelled.

Short work is done at once. The script asks again twice a second while something runs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import streamlit as st

from onemind.errors import NotPossibleNow
from onemind.store import Connection
from onemind.telemetry import log
from onemind.ui.base.markdown import plain

AT_ONCE = 4_000_000  # bytes of files that are checked while the reader waits
KEPT = 20
CANCELLED = "Canceled. Nothing was changed."


@dataclass
class Job:
    """A piece of work under way: its key, what it is doing, and the connection it works in."""

    key: str
    rows: int
    future: Future[Any] | None = None
    label: str = "Starting"
    connection: Connection | None = None
    cancelled: bool = False
    lock: Lock = field(default_factory=Lock)

    def say(self, label: str) -> None:
        """Note what is done next. Raises NotPossibleNow when the work was cancelled.

        Between two steps there is nothing that `cancel` could interrupt.
        """
        if self.cancelled:
            raise NotPossibleNow(CANCELLED)
        self.label = label

    def lend(self, connection: Connection | None) -> None:
        """Note the connection that works, so that it can be asked and interrupted."""
        with self.lock:
            self.connection = connection

    def share(self) -> float:
        """Return how much of the present step is done, 0 to 1."""
        with self.lock:
            done = self.connection.query_progress() if self.connection else 0.0
        return min(max(done, 0.0) / 100, 1.0)

    def cancel(self) -> None:
        """Stop the work; what it was about to write is not written."""
        self.cancelled = True
        with self.lock:
            if self.connection:
                self.connection.interrupt()


@st.cache_resource(show_spinner=False)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="job")


@st.cache_resource(show_spinner=False)
def _jobs() -> dict[str, Job]:
    return {}


def done(key: str, size: int, rows: int, work: Callable[[Job], Any]) -> Any:
    """Return the result of the work of that key, once; while it runs, show how far it is and stop.

    Raises what the work raised, and NotPossibleNow when it was cancelled.
    """
    jobs = _jobs()
    job = jobs.get(key)
    if job is None:
        while len(jobs) >= KEPT:
            jobs.pop(next(iter(jobs)))
        job = jobs[key] = Job(key, rows)
        if size <= AT_ONCE:
            job.future = Future()
            try:
                job.future.set_result(work(job))
            except Exception as error:
                job.future.set_exception(error)
        else:
            job.future = _pool().submit(log.carried(work), job)
    assert job.future is not None
    if not job.future.done():
        _watch(key)
        st.stop()
    if job.future.exception():
        forget(key)
        if job.cancelled:
            raise NotPossibleNow(CANCELLED)
    return job.future.result()


def forget(key: str) -> None:
    """Forget a finished job, so that the same work can be asked for again."""
    _jobs().pop(key, None)


@st.fragment(run_every=0.5)
def _watch(key: str) -> None:
    job = _jobs().get(key)
    if job is None or job.future is None or job.future.done():
        st.rerun()
    share = job.share()
    rows = f" ({int(share * job.rows):,} of about {job.rows:,} rows)" if job.rows else ""
    st.progress(share, f"{plain(job.label)} … {int(share * 100)}%{rows}")
    if st.button("Cancel", key=f"cancel_{abs(hash(key))}"):
        job.cancel()
