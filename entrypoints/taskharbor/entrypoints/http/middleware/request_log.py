"""What surrounds each request: its id, its line in the log, and the response to an unexpected error."""

import re
from collections.abc import Awaitable
from random import Random
from time import perf_counter
from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.middleware.admission import REFUSED
from taskharbor.entrypoints.http.requests.errors import UnexpectedFailure
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.responses.more_headers import ADDED_HEADERS
from taskharbor.entrypoints.http.responses.responses import PROTECTION, problem_answer
from taskharbor.entrypoints.request_lines import REQUEST_ID, request_line

HEADER: Final = b"x-request-id"

_VISIBLE: Final = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestLogMiddleware:
    """Middleware that names requests, logs them, and answers 500 for an uncaught exception.

    A name is the caller's own if it has 1 to 128 visible ASCII characters; it is in the answer, and in every event of
    the log. The line of a request has its method, path, status and duration. An unexpected exception is logged, and
    nothing of its cause is said in the answer. Every answer gets the headers here that hold browsers back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._random = Random()  # noqa: S311  # names are to differ, not to be secret; seeded by the system
        # Bound now, and not at each request: below its level a bound logger does nothing at all.
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()
        self._answered = request_line(self._log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and watch for the beginning of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        name = headers_of(scope).get(HEADER)
        if name is None or not _VISIBLE.fullmatch(name):
            name = b"%032x" % self._random.getrandbits(128)
        REQUEST_ID.set(name.decode("ascii"))
        status: int | None = None

        def watch(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (HEADER, name),
                    *PROTECTION,
                    *scope.get(ADDED_HEADERS, ()),
                ]
            return send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            self._log.info("client went away", method=scope["method"], path=scope["path"])
        except Exception:
            if status is not None:
                raise
            self._log.exception("unexpected failure", method=scope["method"], path=scope["path"])
            await problem_answer(UnexpectedFailure())(scope, receive, watch)
        finally:
            if REFUSED not in scope:
                self._answered(scope["method"], scope["path"], status, perf_counter() - started)
