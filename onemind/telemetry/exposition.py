"""The numbers as OpenMetrics, from a registry of our own: nothing else of the process is in it.

prometheus_client is imported when a server starts; that takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from onemind.telemetry.meters import METERS, Counter, Gauge, Histogram, Info

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def start() -> None:
    """Begin to count; what happened before is not counted."""
    _registry()


def exposition() -> str:
    """Return all numbers as OpenMetrics text, to be sent as MEDIA_TYPE."""
    from prometheus_client.openmetrics.exposition import generate_latest

    text: bytes = generate_latest(_registry())  # type: ignore[no-untyped-call]
    return text.decode()


@cache
def _registry() -> CollectorRegistry:
    from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics

    # When each number began is half of the text, and nobody asks.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    for meter in METERS:
        if isinstance(meter, Counter):
            _count(meter, registry)
        elif isinstance(meter, Histogram):
            _time(meter, registry)
    registry.register(_Present())
    ProcessCollector(registry=registry)
    return registry


def _count(meter: Counter, registry: CollectorRegistry) -> None:
    import prometheus_client

    labels = (meter.label,) if meter.label else ()
    counter = prometheus_client.Counter(meter.name, meter.meaning, labels, registry=registry)
    for value in meter.values:
        counter.labels(value)
    meter.instrument = counter


def _time(meter: Histogram, registry: CollectorRegistry) -> None:
    import prometheus_client

    labels = (meter.label,) if meter.label else ()
    meter.instrument = prometheus_client.Histogram(
        meter.name, meter.meaning, labels, registry=registry, buckets=meter.buckets
    )


class _Present:
    """What is read at the moment it is asked for: gauges and facts; unknown ones are left out."""

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        for meter in METERS:
            if isinstance(meter, Gauge) and (value := meter.read()) is not None:
                yield GaugeMetricFamily(meter.name, meter.meaning, value=value)
            elif isinstance(meter, Info) and meter.facts:
                yield InfoMetricFamily(meter.name, meter.meaning, value=meter.facts)
