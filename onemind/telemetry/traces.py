"""Traces: spans of requests, redraws, readings and publishes, sent by OpenTelemetry.

They are made where its standard variables name a receiver and its packages are installed
(requirements-hosted.txt). Nothing of it is imported otherwise. A span holds no name of anybody, no
query of an address and no text of an error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Protocol

NEEDS = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http.trace_exporter")
SERVICE = "onemind"
Value = str | int | float
_log = logging.getLogger(__name__)


class Span(Protocol):
    """A piece of work under way, as far as others may write on it."""

    def set_attribute(self, key: str, value: Value) -> Any: ...


class _Nothing:
    def set_attribute(self, key: str, value: Value) -> None: ...


class _Tracing:
    """What this process traces with; None while it does not."""

    provider: Any = None
    tracer: Any = None


NOTHING = _Nothing()


def begin(wanted: bool, exporter: Any = None) -> bool:
    """Begin to trace where that is wanted and possible; return whether it is done.

    Spans go to the exporter, or by OTLP over HTTP to where the standard variables say.
    """
    if not wanted:
        return False
    if not all(map(_is_there, NEEDS)):
        _log.warning(
            "Traces are wanted (OTEL_EXPORTER_OTLP_ENDPOINT), but OpenTelemetry is not installed. "
            "Run: pip install -r requirements-hosted.txt"
        )
        return False
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    end()
    named = Resource.create()
    if str(named.attributes.get("service.name", "unknown")).startswith("unknown"):
        named = named.merge(Resource({"service.name": SERVICE}))
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer(SERVICE)
    return True


def end() -> None:
    """Send what is left, and trace no more."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


@contextmanager
def span(
    name: str, attributes: Mapping[str, Value] | None = None, parent: str = ""
) -> Iterator[Span]:
    """Trace what is done inside; `parent` is a W3C traceparent from whoever asked for it."""
    if _Tracing.tracer is None:
        yield NOTHING
        return
    from opentelemetry.trace import StatusCode

    options = {"record_exception": False, "set_status_on_exception": False}
    opened = _Tracing.tracer.start_as_current_span(
        name, context=_context(parent), attributes=attributes, **options
    )
    with opened as current:
        try:
            yield current
        except Exception as error:
            current.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def _context(parent: str) -> Any:
    if not parent:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent})


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
