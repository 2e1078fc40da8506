"""What OpenTelemetry's own variables say."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

_UNNAMED: Final = "unknown_service"


def provider_from(environment: Mapping[str, str]) -> TracerProvider:
    """Return a provider as `OTEL_TRACES_EXPORTER` says: `otlp`, over HTTP, or `console`.

    The SDK itself reads the variables of the exporter, the sampler, the resource and the limits. Without a name there
    the service is `taskharbor`.
    """
    exporter: SpanExporter = (
        ConsoleSpanExporter() if environment.get("OTEL_TRACES_EXPORTER") == "console" else OTLPSpanExporter()
    )
    resource = Resource.create({SERVICE_VERSION: version("taskharbor")})
    if str(resource.attributes[SERVICE_NAME]).startswith(_UNNAMED):
        resource = resource.merge(Resource({SERVICE_NAME: "taskharbor"}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
