"""Structured logs on stderr: JSON for machines, columns on a terminal. A server sets this up, the library never."""

import json
import logging
import sys
import time
from collections.abc import Sequence
from typing import Any, Final, Literal, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from taskharbor.entrypoints.audit_log import AUDIT
from taskharbor.entrypoints.request_lines import REQUEST_ID, JsonRequestLines, to_the_second
from taskharbor.entrypoints.settings.masking import masked

LogFormat = Literal["auto", "json", "console"]

# What these say below a warning is about their own insides.
_TALKATIVE: Final = ("httpcore", "httpx", "alembic", "asyncio", "aiosqlite", "sqlalchemy", "uvicorn")


def configure_logs(
    level: str, log_format: LogFormat, stream: TextIO | None = None, *, more: Sequence[Processor] = ()
) -> None:
    """Send everything that is logged in this process, by whatever library, to `stream` (stderr) in one format.

    Events below `level` cost next to nothing. Each event of a request carries its `request_id`, and what `more` adds.
    Passwords and tokens are masked.
    """
    output = stream or sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    as_json = is_json(log_format, output)
    context = _about_events(more, as_json=as_json)
    render = _json if as_json else _columns(output)
    structlog.configure(
        processors=[*context, render],
        wrapper_class=_logger_class(threshold, json_lines=as_json and not more),
        logger_factory=structlog.WriteLoggerFactory(output),
        cache_logger_on_first_use=True,
    )
    _configure_standard_library(threshold, context, render, output)


def is_json(log_format: LogFormat, stream: TextIO | None = None) -> bool:
    """Return whether `log_format` means JSON on `stream` (stderr)."""
    return log_format == "json" or (log_format == "auto" and not (stream or sys.stderr).isatty())


def _logger_class(threshold: int, *, json_lines: bool) -> type[Any]:
    filtering = structlog.make_filtering_bound_logger(threshold)
    return type("JsonLogger", (JsonRequestLines, filtering), {}) if json_lines else filtering


def _about_events(more: Sequence[Processor], *, as_json: bool) -> list[Processor]:
    exceptions: list[Processor] = [structlog.processors.format_exc_info] if as_json else []
    return [
        structlog.processors.add_log_level,
        _add_timestamp,
        _add_request_id,
        *more,
        *exceptions,
    ]


def _configure_standard_library(threshold: int, context: list[Processor], render: Processor, stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder([AUDIT]), *context],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(threshold if threshold == logging.DEBUG else max(threshold, logging.WARNING))
    logging.captureWarnings(capture=True)


def _columns(stream: TextIO) -> Processor:
    columns = structlog.dev.ConsoleRenderer(
        colors=stream.isatty(),
        pad_event_to=0,
        timestamp_key="timestamp",
        exception_formatter=structlog.dev.plain_traceback,
    )

    def render(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return masked(columns(logger, method, event))

    return render


def _add_timestamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    second, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    event["timestamp"] = f"{to_the_second(second)}.{nanoseconds // 1000:06d}Z"
    return event


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if request_id := REQUEST_ID.get():
        event["request_id"] = request_id
    return event


def _json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    event = {"timestamp": event.pop("timestamp"), "level": event.pop("level"), "event": event.pop("event"), **event}
    try:
        text = _ENCODER.encode(event).decode()
    except (UnicodeEncodeError, TypeError, ValueError):
        # A lone surrogate, say. Escaped it can be written: an event must not be lost, nor break a request.
        text = json.dumps(event, default=repr, skipkeys=True)
    return masked(text)


_ENCODER: Final = msgspec.json.Encoder(enc_hook=repr)
