"""Spans that are kept in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from integration.http.serving import client_of
from taskharbor.adapters.opentelemetry.tracing import Tracing
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings


@dataclass
class Spans:
    """What a process has made."""

    exporter: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    tracing: Tracing = field(init=False)

    def __post_init__(self) -> None:
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracing = Tracing(provider)

    @property
    def all(self) -> Sequence[ReadableSpan]:
        return self.exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.all if span.name == name]

    def one(self, name: str) -> ReadableSpan:
        [span] = self.named(name)
        return span

    def below(self, parent: ReadableSpan) -> set[str]:
        """Return the names of the spans that are a part of this one."""
        return {span.name for span in self.all if span.parent and span.parent.span_id == parent.context.span_id}


@pytest.fixture
def spans() -> Spans:
    return Spans()


@pytest.fixture
async def client(spans: Spans) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(container=container_from(Settings(database_url="memory://"), tracing=spans.tracing))
    async with client_of(app) as client:
        yield client
