"""A response that goes on for as long as the client listens."""

import asyncio
from random import Random
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.principal import StillAllowed
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.live.documents import event_text, position_text, reset_text, retry_text
from taskharbor.entrypoints.http.live.hub import Hub, NotWanted, StreamQuery
from taskharbor.entrypoints.http.live.subscriber import End, Subscriber
from taskharbor.entrypoints.http.requests.connection import connection_of

EVENT_STREAM: Final = "text/event-stream"

_HEADERS: Final = [
    (b"content-type", EVENT_STREAM.encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back until it has many
]
_RETRY: Final = (500, 2_500)
"""Milliseconds after which clients come back to a server that stops: not all at once."""

_random: Final = Random()  # noqa: S311  # to spread them


class EventStream(Response):
    """Sends what was committed since, then what is being committed, until the client or the server goes."""

    def __init__(
        self, hub: Hub, query: StreamQuery, first: CommitBatch, *, still_allowed: StillAllowed | None = None
    ) -> None:
        self.status_code = 200
        self.raw_headers = list(_HEADERS)
        self.background = None
        self._hub = hub
        self._query = query
        self._batch = first
        self._still_allowed = still_allowed
        self._subscriber = Subscriber()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one client."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        connection = connection_of(scope)
        if connection is not None:
            connection.when_stopping(self._stop)
        self._hub.enter(self._subscriber, self._still_allowed)
        leaving = asyncio.create_task(self._watch(receive))
        try:
            async with asyncio.timeout(None) as patience:
                self._subscriber.cut_with(patience)
                await self._serve(send)
        except TimeoutError:
            if connection is not None:
                connection.abort()
        finally:
            if connection is not None:
                connection.when_stopping(None)
            leaving.cancel()
            self._hub.leave(self._query, self._subscriber)

    def _stop(self) -> None:
        self._subscriber.finish(End.STOPPING, retry_text(_random.randint(*_RETRY)))

    async def _serve(self, send: Send) -> None:
        await _send(send, position_text(self._batch.next) if not self._batch.events else b"")
        try:
            while self._subscriber.end is None and not await self._has_caught_up(send):
                self._batch = await self._hub.read(self._query, self._batch.next, is_wanted=self._is_wanted)
        except NotWanted:
            pass  # why it ends is known
        except (StoreNotReady, StoreUnavailable):
            self._subscriber.finish(End.GONE)  # it comes back to where it is
        except TaskharborError as error:
            self._subscriber.finish(End.RESET, reset_text(error))
        while (text := await self._subscriber.next_text()) is not None:
            await _send(send, text)
        await send({"type": "http.response.body", "body": b""})

    def _is_wanted(self) -> bool:
        return self._subscriber.end is None

    async def _has_caught_up(self, send: Send) -> bool:
        for event in self._batch.events:
            await _send(send, await event_text(event, self._query.fields))
        return not self._batch.more and self._hub.join(self._query, self._batch, self._subscriber)

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._subscriber.finish(End.GONE)


async def _send(send: Send, text: bytes) -> None:
    if text:
        await send({"type": "http.response.body", "body": text, "more_body": True})
