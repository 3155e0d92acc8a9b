"""What a process tells of itself, read back: its numbers, and the lines of its log."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from onemind import telemetry
from onemind.settings import ROOT
from onemind.telemetry import log


def families(text: str | None = None) -> dict[str, Metric]:
    """The numbers by name, as a program reads them."""
    text = telemetry.exposition() if text is None else text
    return {family.name: family for family in text_string_to_metric_families(text)}


def number(name: str, **labels: str) -> float | None:
    """One number as it is told, such as `onemind_requests_total`; None where it is left out."""
    for family in families().values():
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return float(sample.value)
    return None


@contextmanager
def moved(name: str, by: float = 1, **labels: str) -> Iterator[None]:
    """Hold that a number grows by so much meanwhile."""
    before = number(name, **labels) or 0
    yield
    assert (number(name, **labels) or 0) - before == by, name


@contextmanager
def logged(form: str = log.JSON) -> Iterator[io.StringIO]:
    """Lend what the log has, written as the server writes it; the log is put back after it."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], logging.getLogger("onemind").level
    log.begin(form)
    (ours,) = [item for item in root.handlers if item not in handlers]
    assert isinstance(ours, logging.StreamHandler)
    ours.setStream(written)
    try:
        yield written
    finally:
        root.handlers[:] = handlers
        logging.getLogger("onemind").setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """The lines of a log in JSON."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def printed(code: str) -> str:
    """Return what a Python of its own prints that runs this code."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return run.stdout
