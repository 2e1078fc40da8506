import io
import json
import logging
import time
import warnings

import pytest
import structlog

from taskharbor.domain.access.api_token import TOKEN_PREFIX
from taskharbor.domain.access.secret_text import secret_text
from taskharbor.entrypoints.logs import configure_logs
from taskharbor.entrypoints.request_lines import REQUEST_ID, request_line


@pytest.fixture(autouse=True)
def logs_as_they_were():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    for name in ("alembic", "asyncio", "aiosqlite", "sqlalchemy", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def stream():
    return io.StringIO()


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_when_nobody_watches(stream):
    configure_logs("info", "auto", stream)
    structlog.get_logger().info("happened", count=1)
    (event,) = events(stream)
    assert list(event) == ["timestamp", "level", "event", "count"]
    assert (event["level"], event["event"], event["count"]) == ("info", "happened", 1)


def test_an_event_tells_its_instant_in_utc_to_the_microsecond(stream, monkeypatch):
    configure_logs("info", "json", stream)
    for nanoseconds in (1_700_000_000_000_001_999, 1_700_000_000_999_999_999, 1_700_000_001_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda at=nanoseconds: at)
        structlog.get_logger().info("happened")
    assert [event["timestamp"] for event in events(stream)] == [
        "2023-11-14T22:13:20.000001Z",
        "2023-11-14T22:13:20.999999Z",
        "2023-11-14T22:13:21.000000Z",
    ]


def test_the_console_format_is_for_people(stream):
    configure_logs("info", "console", stream)
    structlog.get_logger().info("happened", count=1)
    assert "happened count=1" in stream.getvalue()


def test_what_other_libraries_log_has_the_same_format(stream):
    configure_logs("info", "json", stream)
    logging.getLogger("uvicorn.error").error("port %d", 80)
    (event,) = events(stream)
    assert (event["level"], event["event"], event["logger"]) == ("error", "port 80", "uvicorn.error")


def test_a_warning_of_python_is_an_event(stream):
    configure_logs("info", "json", stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "DeprecationWarning: old" in events(stream)[0]["event"]


def test_events_below_the_level_are_left_out(stream):
    configure_logs("warning", "json", stream)
    structlog.get_logger().info("no")
    logging.getLogger("anything").info("no")
    structlog.get_logger().warning("yes")
    assert [event["event"] for event in events(stream)] == ["yes"]


def test_libraries_talk_about_their_insides_only_when_debugging(stream):
    configure_logs("info", "json", stream)
    logging.getLogger("uvicorn.error").info("Started server process")
    assert not stream.getvalue()
    configure_logs("debug", "json", stream)
    logging.getLogger("uvicorn.error").info("Started server process")
    assert stream.getvalue()


@pytest.mark.parametrize("logger", [structlog.get_logger, lambda: logging.getLogger("other")])
def test_an_event_of_a_request_carries_its_id(stream, logger):
    configure_logs("info", "json", stream)
    token = REQUEST_ID.set("4bf92f3577b34da6")
    try:
        logger().warning("happened")
    finally:
        REQUEST_ID.reset(token)
    assert events(stream)[0]["request_id"] == "4bf92f3577b34da6"


@pytest.mark.parametrize("request_id", [None, "mine", 'say "ok"'])
@pytest.mark.parametrize("status", [None, 200])
@pytest.mark.parametrize(
    "path", ["/tasks/1", '/"\\', "/\x00\x1f\x7f", "/äöü", "/half \ud800", "/?to=postgresql://user:hunter2@host/tasks"]
)
def test_the_line_of_a_request_is_an_event_like_others(stream, monkeypatch, request_id, status, path):
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_001_999)
    configure_logs("info", "json", stream)
    log = structlog.get_logger().bind()
    token = REQUEST_ID.set(request_id)
    try:
        log.info("request", method="GET", path=path, status=status, duration_ms=0.123)
        request_line(log)("GET", path, status, 0.0001234)
    finally:
        REQUEST_ID.reset(token)
    through_structlog, at_once = events(stream)
    assert list(at_once.items()) == list(through_structlog.items())
    assert "hunter2" not in stream.getvalue()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_password_of_a_url_gets_through(stream, log_format):
    configure_logs("info", log_format, stream)
    url = "postgresql://user:hunter2@host/tasks?password=hunter2&x=1"
    log = structlog.get_logger()
    log.info(url, plain=url, nested={"deep": [url]}, error=ValueError(url))
    logging.getLogger("other").warning("cannot reach %s", url)
    log.error("failed", exc_info=ConnectionError(url))
    logging.getLogger("other").error("failed", exc_info=ConnectionError(url))
    assert "hunter2" not in stream.getvalue()
    assert "postgresql://user:***@host/tasks?password=***&x=1" in stream.getvalue()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_token_gets_through(stream, log_format):
    configure_logs("info", log_format, stream)
    secret = secret_text(TOKEN_PREFIX, 12345)
    log = structlog.get_logger()
    log.info("about a token", token=secret, nested={"deep": [secret]}, error=ValueError(secret))
    request_line(log)("GET", f"/tokens/{secret}", 404, 0.0001)
    logging.getLogger("other").error("failed", exc_info=ConnectionError(secret))
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(f"{TOKEN_PREFIX}***") >= 5


def test_an_event_that_no_encoder_likes_is_written_nevertheless(stream):
    configure_logs("info", "json", stream)
    structlog.get_logger().info("half \ud800", thing=object(), keys={(1, 2): 3})
    (event,) = events(stream)
    assert event["event"] == "half \ud800"
