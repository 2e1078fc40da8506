"""Spans around a store change nothing of what it promises."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.opentelemetry.tracing import Tracing
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import StorageContract


@pytest.mark.long
class TestTracedStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        tracer = provider.get_tracer("test")
        with tracer.start_as_current_span("test"):
            async with Tracing(provider).storage(InMemoryStorage()) as storage:
                yield storage
            assert exporter.get_finished_spans()
