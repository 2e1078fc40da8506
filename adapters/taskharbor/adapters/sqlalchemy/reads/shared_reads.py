"""Tasks that are asked for at the same moment are read in one statement."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Generic, TypeVar

from taskharbor.adapters.sqlalchemy.reads.coalescing import answer_all
from taskharbor.domain.identifiers import TaskId, WorkspaceId

LARGEST_GROUP: Final = 1000
"""Tasks in one statement, if several callers share it."""

V = TypeVar("V")


@dataclass(slots=True)
class _Group(Generic[V]):
    """What is going to be read, and who waits for it."""

    ids: set[TaskId] = field(default_factory=set)
    answers: list[asyncio.Future[Mapping[TaskId, V]]] = field(default_factory=list)


class SharedReads(Generic[V]):
    """Collects what is asked for while the event loop goes round once, and reads that of each workspace together.

    A statement costs both sides much more than a row that is found by its key, and under load there is always
    somebody else who wants one. Nobody waits for this: whoever is alone is read for at once. An answer is committed
    data as of a moment after it was asked for, and all of one caller's tasks come from one snapshot.

    Args:
        read: reads those of the tasks that exist in one statement.
    """

    def __init__(self, read: Callable[[WorkspaceId, Collection[TaskId]], Awaitable[Mapping[TaskId, V]]]) -> None:
        self._read = read
        self._groups: dict[WorkspaceId, _Group[V]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def read(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, V]:
        """Return those of the tasks that exist; there may be others among them that somebody else asked for."""
        loop = asyncio.get_running_loop()
        group = self._groups.get(workspace)
        if group is None or len(group.ids) + len(ids) > LARGEST_GROUP:
            group = self._groups[workspace] = _Group()
            loop.call_soon(self._begin, workspace, group)
        group.ids.update(ids)
        answer: asyncio.Future[Mapping[TaskId, V]] = loop.create_future()
        group.answers.append(answer)
        return await answer

    def _begin(self, workspace: WorkspaceId, group: _Group[V]) -> None:
        if self._groups.get(workspace) is group:
            del self._groups[workspace]
        read = partial(self._read, workspace, group.ids)
        reading = asyncio.get_running_loop().create_task(answer_all(group.answers, read))
        self._reading.add(reading)  # or nobody holds on to it
        reading.add_done_callback(self._reading.discard)
