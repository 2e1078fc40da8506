"""The app of a server that makes spans."""

from typing import TYPE_CHECKING

from fastapi import FastAPI

from taskharbor.entrypoints.http.middleware.admission import is_health
from taskharbor.entrypoints.http.served_app import ServedApp

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider


class TracedApp(ServedApp, FastAPI):
    """Makes a span for each request, as FastAPI does: the trace goes on that `traceparent` names."""

    @classmethod
    def with_spans_of(cls, provider: "TracerProvider") -> "TracedApp":
        """Return an app without routes."""
        return cls(
            openapi_url=None,
            telemetry={
                "tracer_provider": provider,
                "metrics": False,  # Prometheus has them
                "logs": False,
                "operation_spans": False,  # those of the use cases say more
                "auto_configure": False,
                "exclude": is_health,
            },
        )
