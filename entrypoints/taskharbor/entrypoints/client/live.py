"""The stream of commits of a server."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from taskharbor.application.live.commit_event import (
    CommitBatch,
    CommitEvent,
    EventItem,
    ListItem,
    NoLongerMatching,
    RemovedList,
)
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.sync.list_changes import position_of
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_of
from taskharbor.entrypoints.client.answers import change_of, list_of
from taskharbor.entrypoints.client.errors import ServerUnreachable
from taskharbor.entrypoints.client.messages import Request
from taskharbor.entrypoints.client.problems import Asked, error_of
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.wire import criteria_of

SILENCE: Final = 60.0
"""Seconds without a sign of life after which a server counts as gone; it gives one every 15, unless it is set."""

_ASKED: Final = Asked("task", {})
_RETRY: Final = 1.0
_ATTEMPTS: Final = 10
"""How often in a row it may be away, a second apart."""


class RemoteLive(Reading):
    """What `LiveUseCases` does, by asking a server. Where the stream is cut, it goes on with another one."""

    async def follow(
        self, asked: WatchedCommits, since: str | None, workspace: WorkspaceId
    ) -> AsyncGenerator[CommitBatch, None]:
        """Yield what is committed after a token, for ever; without one, only what is still to come.

        Raises:
            ServerUnreachable: if the server is away for longer than it takes to start it again.
        """
        failures = 0
        while True:
            pause = _RETRY
            query = {**criteria_of(asked), "lists": asked.lists or None, "since": since}
            request = Request(method="GET", path="/events", asked=_ASKED, query=query)
            try:
                async with (
                    self._connection.stream(request, workspace, silence=SILENCE) as pieces,
                    aclosing(_messages_in(pieces)) as messages,
                ):
                    async for message in messages:
                        failures = 0
                        since = message.id or since
                        pause = pause if message.retry is None else message.retry
                        if message.data:
                            yield _batch_of(message)
            except ServerUnreachable:
                failures += 1
                if failures > _ATTEMPTS:
                    raise
            await asyncio.sleep(pause)


@dataclass(slots=True)
class _Message:
    """One block of a stream; parts that were not there are empty."""

    name: str = ""
    id: str = ""
    data: str = ""
    retry: float | None = None


async def _messages_in(pieces: AsyncIterator[bytes]) -> AsyncGenerator[_Message, None]:
    """Take a stream apart (WHATWG HTML section 9.2.6), as our server writes it."""
    rest = b""
    async for piece in pieces:
        *blocks, rest = (rest + piece).split(b"\n\n")
        for block in blocks:
            message = _Message()
            for line in block.decode().split("\n"):
                name, _, value = line.partition(": ")
                match name:
                    case "id":
                        message.id = value
                    case "event":
                        message.name = value
                    case "data":
                        message.data += value
                    case "retry":
                        message.retry = int(value) / 1000
            yield message


def _batch_of(message: _Message) -> CommitBatch:
    document: dict[str, Any] = json.loads(message.data)
    if message.name == "reset":
        raise error_of(document, _ASKED)
    revision = position_of(message.id).revision
    event = CommitEvent(
        revision=max((one["revision"] for one in document["items"]), default=revision),
        items=[_item_of(one) for one in document["items"]],
        lists=[_list_item_of(one) for one in document.get("lists", ())],
        next=document["next"],
        more=document["more"],
    )
    return CommitBatch(events=[event], revision=revision, next=event.next, more=event.more)


def _item_of(document: dict[str, Any]) -> EventItem:
    if "matches" in document:
        return NoLongerMatching(document["id"], document["uid"], document["revision"])
    return change_of(document)


def _list_item_of(document: dict[str, Any]) -> ListItem:
    if "deleted" in document:
        return RemovedList(document["id"], document["revision"], instant_of(document["deleted"]))
    return list_of(document)
