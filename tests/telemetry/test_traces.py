"""Traces: made only where they are wanted, and without names, queries or texts of errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from onemind import settings, telemetry
from onemind.telemetry import traces
from tests.conftest import Campaign
from tests.support.guarded import Guarded
from tests.support.told import printed

DEPARTMENTS = "department_id,name,type,state\nD1,Lee,municipal,MA\n"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Spans:
    """The spans that were sent, once tracing has ended."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        assert traces.begin(True, self.exporter)

    def sent(self) -> list[Any]:
        traces._Tracing.provider.force_flush()
        return list(self.exporter.get_finished_spans())


@pytest.fixture
def spans() -> Iterator[Spans]:
    yield Spans()
    traces.end()


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_they_are_wanted_where_the_standard_variables_say_so(
    environ: dict[str, str], wanted: bool
) -> None:
    assert settings.wants_traces(environ) is wanted


def test_without_them_nothing_is_imported() -> None:
    code = (
        "import sys\n"
        "from onemind.server.lifespan import _begin_to_tell\n"
        "_begin_to_tell()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    assert printed(code) == "[]\n"


def test_without_the_packages_the_log_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(traces, "NEEDS", ("no_such_package.at_all",))
    assert not traces.begin(True)
    assert "pip install -r requirements-hosted.txt" in caplog.text
    with traces.span("request") as span:
        assert span is traces.NOTHING


def test_publishes_and_readings_are_spans(spans: Spans, campaign: Callable[..., Campaign]) -> None:
    campaign(departments=DEPARTMENTS).progress()
    by_name = {span.name: span for span in spans.sent()}
    assert by_name["publish"].attributes["onemind.outcome"] == "published"
    assert by_name["query"].attributes["onemind.tables"] == "progress"
    assert "Lee" not in str([span.to_json() for span in by_name.values()])


def test_a_reading_within_a_redraw_is_part_of_it(
    spans: Spans, campaign: Callable[..., Campaign]
) -> None:
    made = campaign(departments=DEPARTMENTS)
    with telemetry.redraw() as redraw:
        redraw.page = "Map"
        made.progress()
    by_name = {span.name: span for span in spans.sent()}
    assert by_name["redraw"].attributes == {"onemind.page": "Map"}
    assert by_name["query"].parent.span_id == by_name["redraw"].context.span_id


def test_a_request_is_a_span_by_its_declared_address(spans: Spans, server: Guarded) -> None:
    server.client("viewer").get("/training?county=Dukes", headers={"traceparent": PARENT})
    server.client(address="127.0.0.1").get("/share/secret", headers={"traceparent": PARENT})
    server.client("viewer").get("/api/events", headers={"Accept": "application/json"})
    server.client().get("/healthz")
    first, second = [span for span in spans.sent() if span.name == "request"]
    assert first.attributes == {
        "http.request.method": "GET", "http.route": "/training", "http.response.status_code": 200,
    }  # fmt: skip
    assert first.parent is None  # whoever is no proxy of ours is not believed
    assert f"{second.context.trace_id:032x}" == PARENT.split("-")[1]
    assert second.attributes["http.route"] == "/share/*"


def test_an_error_is_named_by_its_kind_and_its_text_stays_here(spans: Spans) -> None:
    with pytest.raises(ValueError, match="ann"), traces.span("publish"):
        raise ValueError("ann@example.org")
    (span,) = spans.sent()
    assert span.status.description == "ValueError"
    assert "ann@" not in span.to_json()


def test_spans_are_sent_by_otlp_to_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{collector.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        assert traces.begin(settings.wants_traces())
        with traces.span("publish"):
            pass
        traces.end()
        collector.shutdown()
        thread.join()
    ((path, body),) = received
    sent = ExportTraceServiceRequest.FromString(body).resource_spans[0]
    assert path == "/v1/traces"
    assert [span.name for span in sent.scope_spans[0].spans] == ["publish"]
    named = {item.key: item.value.string_value for item in sent.resource.attributes}
    assert named["service.name"] == "onemind"
