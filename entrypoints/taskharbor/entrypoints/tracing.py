"""Spans, if OpenTelemetry's own variables ask for them. Otherwise nothing of it is imported here."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from structlog.typing import EventDict, WrappedLogger

if TYPE_CHECKING:
    from taskharbor.adapters.opentelemetry.tracing import Tracing

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_LOG: Final = logging.getLogger("taskharbor.tracing")


def tracing_from(environment: Mapping[str, str]) -> "Tracing | None":
    """Return what makes spans, or None if there is to be none.

    They are asked for by an endpoint or an exporter, and `OTEL_SDK_DISABLED=true` is stronger. What cannot be done is a
    warning: these variables are often set for all programs of a machine.
    """
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    is_wanted = exporter or any(environment.get(name) for name in _ENDPOINTS)
    if not is_wanted or exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    if (reason := _cannot_be(exporter, environment)) is not None:
        _LOG.warning("no spans: %s", reason)
        return None
    try:
        from taskharbor.adapters.opentelemetry.provider import provider_from  # noqa: PLC0415  # not everybody has it
        from taskharbor.adapters.opentelemetry.tracing import Tracing  # noqa: PLC0415
    except ModuleNotFoundError:
        _LOG.warning("no spans: they need a package that is not installed: pip install 'taskharbor[otel]'")
        return None
    return Tracing(provider_from(environment))


def _cannot_be(exporter: str, environment: Mapping[str, str]) -> str | None:
    if exporter not in {"", "otlp", "console"}:
        return f"OTEL_TRACES_EXPORTER is {exporter}, not otlp, console or none"
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), "http/protobuf")
    return None if protocol == "http/protobuf" else f"{_PROTOCOLS[1]} is {protocol}, not http/protobuf"


def add_trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the ids of the current span into an event of the log."""
    from opentelemetry.trace import get_current_span  # noqa: PLC0415  # only where spans are made

    context = get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"], event["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return event
