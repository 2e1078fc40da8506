"""One span around one call."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.trace import Link, Span, SpanKind, StatusCode, Tracer
from opentelemetry.util.types import AttributeValue

from taskharbor.application.errors import StoreUnavailable
from taskharbor.domain.errors import TaskharborError


@contextmanager
def span(
    tracer: Tracer,
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    links: Sequence[Link] = (),
    **attributes: AttributeValue,
) -> Iterator[Span]:
    """Open a span, the current one for the length of the block. Its attributes are ours: `taskharbor.*`."""
    with tracer.start_as_current_span(
        name,
        kind=kind,
        links=links,
        attributes={f"taskharbor.{key}": value for key, value in attributes.items()},
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except Exception as error:
            note_error(opened, error)
            raise


def note_error(opened: Span, error: BaseException) -> None:
    """Say what a call raised by its code or type alone: messages may quote what people have written.

    A refusal is no failure of the server.
    """
    if isinstance(error, TaskharborError):
        opened.set_attribute("error.type", error.code)
        if not isinstance(error, StoreUnavailable):
            return
    else:
        opened.set_attribute("error.type", type(error).__qualname__)
    opened.set_status(StatusCode.ERROR)
