"""One reader of commits for all clients that ask for the same."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from contextvars import Context
from time import perf_counter
from typing import Final

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.live.commit_event import CommitBatch, CommitEvent
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.turns import in_turns
from taskharbor.application.use_cases.live import LiveUseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.entrypoints.http.live.documents import HEARTBEAT, position_text, reset_text
from taskharbor.entrypoints.http.live.subscriber import End, Subscriber

_SHARE: Final = 4
"""How many times as long as a round took it waits for the next: a fifth of the processor at most goes into events."""

_LONGEST_PAUSE: Final = 0.1
_BEFORE_RETRY: Final = 1.0

_LOG: Final = logging.getLogger("taskharbor.http")

Encode = Callable[[CommitEvent], Awaitable[bytes]]


class Channel:
    """Reads, encodes once, and hands out. A burst of commits goes out together, the first of them at once.

    Attributes:
        revision: what commits up to this one did has been handed out.
    """

    def __init__(
        self,
        live: LiveUseCases,
        asked: WatchedCommits,
        workspace: WorkspaceId,
        *,
        encode: Encode,
        heartbeat: float,
        begin: CommitBatch,
    ) -> None:
        self._live = live
        self._asked = asked
        self._workspace = workspace
        self._encode = encode
        self._token = begin.next
        self.revision: Revision = begin.revision
        self._subscribers: set[Subscriber] = set()
        self._reading = asyncio.create_task(self._read(), context=Context())  # of no request
        self._beating = asyncio.create_task(self._beat(heartbeat), context=Context())

    @property
    def is_over(self) -> bool:
        """Whether nobody listens, or nothing more comes."""
        return not self._subscribers or self._reading.done()

    def add(self, subscriber: Subscriber) -> None:
        """Hand out to this one, too."""
        self._subscribers.add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Do so no more; with the last one it ends."""
        self._subscribers.discard(subscriber)
        if self.is_over:
            self._reading.cancel()
            self._beating.cancel()

    async def _read(self) -> None:
        try:
            while True:
                with suppress(StoreNotReady, StoreUnavailable):  # the streams stay: what was missed comes later
                    await self._follow()
                await asyncio.sleep(_BEFORE_RETRY)
        except TaskharborError as error:
            self._finish(End.RESET, reset_text(error))
        except Exception:  # noqa: BLE001  # nobody else would learn of it
            _LOG.exception("a stream of commits failed")
            self._finish(End.GONE)

    async def _follow(self) -> None:
        async with aclosing(self._live.follow(self._asked, self._token, self._workspace)) as batches:
            async for batch in batches:
                await self._hand_out(batch)

    def _finish(self, end: End, text: bytes = b"") -> None:
        self._beating.cancel()  # those who leave it do so by name, which is another channel's by then
        for subscriber in self._subscribers:
            subscriber.finish(end, text)

    async def _hand_out(self, batch: CommitBatch) -> None:
        began = perf_counter()
        events = [(event.revision, await self._encode(event)) async for event in in_turns(batch.events)]
        together = b"".join([text for _, text in events])
        for subscriber in self._subscribers:
            subscriber.put_events(events, together)
        self.revision, self._token = batch.revision, batch.next
        if events:
            await asyncio.sleep(0)  # those who were woken send now, which is most of the work
            await asyncio.sleep(0)
        await asyncio.sleep(min(_LONGEST_PAUSE, _SHARE * (perf_counter() - began)))

    async def _beat(self, seconds: float) -> None:
        """Show clients and proxies that the connection lives, and let quiet ones go on from here."""
        while True:
            await asyncio.sleep(seconds)
            async for subscriber in in_turns(list(self._subscribers)):
                is_here = subscriber.seen <= self.revision
                subscriber.put(HEARTBEAT + (position_text(self._token) if is_here else b""))
