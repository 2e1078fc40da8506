"""A name for each request, the caller's own if it sends one, in the answer and in every event of the log."""

import re
from random import Random
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.requests.headers import header
from taskharbor.entrypoints.logs import REQUEST_ID

HEADER: Final = b"x-request-id"

_VISIBLE: Final = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestIdMiddleware:
    """Middleware that keeps a name of 1 to 128 visible ASCII characters, and makes one in place of others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._random = Random()  # noqa: S311  # names are to differ, not to be secret; seeded by the system

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the name."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = header(scope, HEADER)
        if name is None or not _VISIBLE.fullmatch(name):
            name = b"%032x" % self._random.getrandbits(128)
        REQUEST_ID.set(name.decode("ascii"))

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (HEADER, name)]
            await send(message)

        await self._app(scope, receive, named)
