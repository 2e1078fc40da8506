"""Commits of one workspace that would wait for each other's lock travel together instead."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from taskharbor.adapters.sqlalchemy.commits.commit_groups import size_of_group
from taskharbor.adapters.sqlalchemy.reads.coalescing import fail_all
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.task_store import Changeset, CommitOutcome
from taskharbor.domain.identifiers import Revision, WorkspaceId

_Waiting: TypeAlias = tuple[Changeset, asyncio.Future[Revision]]


@dataclass(slots=True)
class _Lane:
    """The pending commits of one workspace, and the task that sends them."""

    waiting: list[_Waiting] = field(default_factory=list)
    sender: asyncio.Task[None] | None = None


class CommitQueue:
    """Sends one group of changesets per workspace at a time: those that came while the last one was on its way.

    The server makes commits of one workspace queue for its row until each is durable. A hundred changesets that
    share a statement wait for the disk once. Changesets of one group never touch the same row, so each is judged
    as if it had been sent alone; if the group is refused because of one of them, they are sent one by one.

    Args:
        send: writes the changesets in one atomic statement, giving each the next revision; returns the last one.
    """

    def __init__(self, send: Callable[[Sequence[Changeset]], Awaitable[Revision]]) -> None:
        self._send = send
        self._lanes: dict[WorkspaceId, _Lane] = {}

    def commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Send `changes` with the next group; return the future of the revision that they take.

        It raises what `TaskStore.commit` raises.
        """
        lane = self._lanes.setdefault(changes.workspace, _Lane())
        answer = CommitOutcome(loop=asyncio.get_running_loop())
        lane.waiting.append((changes, answer))
        if lane.sender is None:
            lane.sender = asyncio.create_task(self._send_all(changes.workspace, lane))
        return answer

    async def join(self) -> None:
        """Wait until everything has been sent and answered."""
        while senders := [lane.sender for lane in self._lanes.values() if lane.sender]:
            await asyncio.wait(senders)

    async def _send_all(self, workspace: WorkspaceId, lane: _Lane) -> None:
        try:
            while lane.waiting:
                await asyncio.sleep(0)  # requests that have arrived meanwhile join the group
                await self._send_group(_next_group(lane.waiting), lane.waiting)
        finally:
            del self._lanes[workspace]
            # Something waits only if this task was cancelled: the event loop is going down.
            _fail(lane.waiting, StoreUnavailable("it is shutting down"))

    async def _send_group(self, group: list[_Waiting], behind: list[_Waiting]) -> None:
        try:
            last = await self._send([changes for changes, _ in group])
        except asyncio.CancelledError:
            _fail(group, StoreUnavailable("it is shutting down"))
            raise
        except Exception as error:  # noqa: BLE001  # raised where the result is awaited
            if len(group) == 1 or isinstance(error, StoreUnavailable):
                _fail(group, error)
                if isinstance(error.__cause__, TimeoutError):  # those behind have waited for the same silence
                    _fail(behind, error)
                    behind.clear()
                return
            for one in group:
                await self._send_group([one], behind)
        else:
            _succeed(group, last)


def _next_group(waiting: list[_Waiting]) -> list[_Waiting]:
    """Take the commits at the front of `waiting` that may share a statement."""
    size = size_of_group(changes for changes, _ in waiting)
    group = waiting[:size]
    del waiting[:size]
    return group


def _succeed(group: list[_Waiting], last: Revision) -> None:
    for revision, (_, answer) in enumerate(group, start=last - len(group) + 1):
        if not answer.done():
            answer.set_result(revision)


def _fail(group: list[_Waiting], error: Exception) -> None:
    fail_all([answer for _, answer in group], error)
