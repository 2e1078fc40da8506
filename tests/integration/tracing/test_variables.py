"""When spans are made: as OpenTelemetry's own variables say."""

import sys

import pytest

from taskharbor.entrypoints.tracing import tracing_from

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_SERVICE_NAME": "tasks"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_TRACES_EXPORTER": "none"},
        {**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"},
        {**ENDPOINT, "OTEL_SDK_DISABLED": "TRUE"},
    ],
)
def test_nobody_asked_for_spans(variables, caplog):
    assert tracing_from(variables) is None
    assert not caplog.records


@pytest.mark.parametrize(
    "variables",
    [
        ENDPOINT,
        {**ENDPOINT, "OTEL_SDK_DISABLED": "false"},
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"},
        {"OTEL_TRACES_EXPORTER": "otlp"},
        {"OTEL_TRACES_EXPORTER": "console"},
        {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    ],
)
def test_spans_are_asked_for(variables):
    tracing = tracing_from(variables)
    assert tracing is not None
    assert tracing.provider.resource.attributes["service.name"] == "taskharbor"
    tracing.provider.shutdown()


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER is zipkin, not otlp, console or none"),
        (
            {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, not http/protobuf",
        ),
    ],
)
def test_what_cannot_be_done_is_a_warning_and_the_server_starts(variables, reason, caplog):
    assert tracing_from(variables) is None
    assert [record.getMessage() for record in caplog.records] == [f"no spans: {reason}"]


def test_without_the_package_there_is_a_warning_that_names_the_extra(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "taskharbor.adapters.opentelemetry.provider", None)
    assert tracing_from(ENDPOINT) is None
    [record] = caplog.records
    assert "pip install 'taskharbor[otel]'" in record.getMessage()
