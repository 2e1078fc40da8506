"""All channels of one app."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.principal import StillAllowed
from taskharbor.application.turns import in_turns
from taskharbor.application.use_cases.live import LiveUseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.http.live.channel import Channel
from taskharbor.entrypoints.http.live.documents import event_text, reset_text
from taskharbor.entrypoints.http.live.subscriber import End, Subscriber
from taskharbor.entrypoints.http.requests.errors import Overloaded

_CATCHING_UP: Final = 4
"""How many clients read the past at the same time: after a restart all come at once."""


CHECK_EVERY: Final = 4.0
"""Seconds: a token that was revoked is good for nothing 5 seconds later."""

_LOG: Final = logging.getLogger("taskharbor.http")


class NotWanted(Exception):
    """Whoever waited to read the past has gone before its turn came."""


@frozen
class StreamQuery:
    """What a client asks for, but for the place where it begins.

    Attributes:
        workspace: whose commits.
        asked: which of them.
        fields: what of each task is shown, or None for all.
    """

    workspace: WorkspaceId
    asked: WatchedCommits
    fields: tuple[str, ...] | None


class Hub:
    """Brings clients that ask for the same together, once each has seen what was before.

    Args:
        live: where commits come from.
        heartbeat: seconds between two signs of life.
        max_streams: how many clients there are at most.
    """

    def __init__(self, live: LiveUseCases, *, heartbeat: float, max_streams: int) -> None:
        self._live = live
        self._heartbeat = heartbeat
        self._max_streams = max_streams
        self._streams = 0
        self._beginning = 0
        self._channels: dict[StreamQuery, Channel] = {}
        self._catching_up = asyncio.Semaphore(_CATCHING_UP)
        self._checks: dict[Subscriber, StillAllowed] = {}
        self._checking: asyncio.Task[None] | None = None

    async def begin(self, query: StreamQuery, since: str | None, *, is_wanted: Callable[[], bool]) -> CommitBatch:
        """Return the first commits after `since`; without one, only where the feed is now.

        Raises:
            Overloaded: if there are too many streams, with those that wait to begin.
            NotWanted: as `read` does.
            TaskharborError: for what is asked.
        """
        if self._streams + self._beginning >= self._max_streams:
            raise Overloaded
        self._beginning += 1
        try:
            return await self.read(query, since, is_wanted=is_wanted)
        finally:
            self._beginning -= 1

    async def read(self, query: StreamQuery, since: str | None, *, is_wanted: Callable[[], bool]) -> CommitBatch:
        """Wait for a turn, and return the next commits after `since`.

        Raises:
            NotWanted: if nobody wants them any more by then.
            TaskharborError: for what is asked.
        """
        async with self._catching_up:
            if not is_wanted():
                raise NotWanted
            if since is None:
                since = await self._live.latest_token(query.workspace)
            return await self._live.read(query.asked, since, query.workspace)

    def join(self, query: StreamQuery, seen: CommitBatch, subscriber: Subscriber) -> bool:
        """Hand out to `subscriber` what comes after `seen`; return False if it must read on itself first."""
        channel = self._channels.get(query)
        if channel is None or channel.is_over:
            encode = partial(event_text, fields=query.fields)
            channel = self._channels[query] = Channel(
                self._live, query.asked, query.workspace, encode=encode, heartbeat=self._heartbeat, begin=seen
            )
        elif channel.revision > seen.revision:
            return False
        subscriber.seen = seen.revision
        channel.add(subscriber)
        return True

    def enter(self, subscriber: Subscriber, still_allowed: StillAllowed | None) -> None:
        """Count a stream, and look now and then whether it is still allowed, if that can change."""
        self._streams += 1
        if still_allowed is not None:
            self._checks[subscriber] = still_allowed
            if self._checking is None:
                self._checking = asyncio.create_task(self._check())

    def leave(self, query: StreamQuery, subscriber: Subscriber) -> None:
        """Count it no more."""
        self._streams -= 1
        self._checks.pop(subscriber, None)
        if not self._checks and self._checking is not None:
            self._checking.cancel()
            self._checking = None
        channel = self._channels.get(query)
        if channel is not None:
            channel.remove(subscriber)
            if channel.is_over:
                del self._channels[query]

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY)
            async for subscriber, still_allowed in in_turns(list(self._checks.items())):
                try:
                    await still_allowed()
                except (StoreNotReady, StoreUnavailable):
                    continue  # as nothing can be read from it either
                except TaskharborError as error:
                    subscriber.finish(End.RESET, reset_text(error))
                except Exception:  # noqa: BLE001  # the others must be looked at
                    _LOG.exception("a stream of which it is not clear whether it is allowed ends")
                    subscriber.finish(End.GONE)
