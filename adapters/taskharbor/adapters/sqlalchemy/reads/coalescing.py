"""Callers that wait for the same answer share it, or its error."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Generic, TypeVar

from taskharbor.application.errors import StoreUnavailable
from taskharbor.domain.identifiers import TaskId, WorkspaceId

V = TypeVar("V")


async def answer_all(answers: Sequence[asyncio.Future[V]], find: Callable[[], Awaitable[V]]) -> None:
    """Give all callers what `find` returns, or raise for them what it raises. Cancelled callers are skipped."""
    with failing_all(answers):
        found = await find()
        for answer in answers:
            if not answer.done():
                answer.set_result(found)


@contextmanager
def failing_all(answers: Sequence[asyncio.Future[V]]) -> Iterator[None]:
    """Raise for all callers that still wait what the block raises."""
    try:
        yield
    except asyncio.CancelledError:
        fail_all(answers, StoreUnavailable("it is shutting down"))
        raise
    except Exception as error:  # noqa: BLE001  # it belongs to those who await the answers
        fail_all(answers, error)


def fail_all(answers: Sequence[asyncio.Future[V]], error: Exception) -> None:
    """Raise `error` for all callers that still wait."""
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)


@dataclass(slots=True)
class _Question(Generic[V]):
    """A pending question and the callers that wait for it."""

    ask: Callable[[], Awaitable[V]]
    answers: list[asyncio.Future[V]] = field(default_factory=list)


class SingleFlight(Generic[V]):
    """Asks once what several callers ask in one turn of the event loop.

    Most clients ask for a first page, and to plan and carry out its statement costs both sides more than all
    else. No call waits for this, and none gets a result that was read before it asked.
    """

    def __init__(self) -> None:
        self._questions: dict[Hashable, _Question[V]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def get(self, about: Hashable, ask: Callable[[], Awaitable[V]]) -> V:
        """Return what `ask` returns or raise what it raises; whatever has the same `about` must ask the same."""
        loop = asyncio.get_running_loop()
        if not self._questions:
            loop.call_soon(self._begin, loop)
        # What a question is about takes long to hash, so that is done once.
        question = self._questions.setdefault(about, _Question(ask))
        answer: asyncio.Future[V] = loop.create_future()
        question.answers.append(answer)
        return await answer

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        questions, self._questions = self._questions, {}
        for question in questions.values():
            asking = loop.create_task(answer_all(question.answers, question.ask))
            self._asking.add(asking)  # keeps a reference to it
            asking.add_done_callback(self._asking.discard)


class Unshared(Generic[V]):
    """Asks for each caller: better where a read costs less than to find out who else wants it."""

    async def get(self, about: Hashable, ask: Callable[[], Awaitable[V]]) -> V:  # noqa: ARG002  # as of SingleFlight
        """Return what `ask` returns or raise what it raises."""
        return await ask()


MAX_IDS: Final = 1000
"""Tasks in one statement, if several callers share it."""


@dataclass(slots=True)
class _Group(Generic[V]):
    """A pending read and the callers that wait for it."""

    ids: set[TaskId] = field(default_factory=set)
    answers: list[asyncio.Future[Mapping[TaskId, V]]] = field(default_factory=list)


class BatchLoader(Generic[V]):
    """Collects the reads of one turn of the event loop, and carries out those of each workspace together.

    A statement costs both sides much more than a row that is found by its key, and under load there is always
    another call that wants one. No call waits for this: a single one is read at once. A result is committed
    data as of a moment after it was asked for, and all of one caller's tasks come from one snapshot.

    Args:
        read: reads those of the tasks that exist in one statement.
    """

    def __init__(self, read: Callable[[WorkspaceId, Collection[TaskId]], Awaitable[Mapping[TaskId, V]]]) -> None:
        self._read = read
        self._groups: dict[WorkspaceId, _Group[V]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def read(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, V]:
        """Return those of the tasks that exist; others may be among them that another call asked for."""
        loop = asyncio.get_running_loop()
        group = self._groups.get(workspace)
        if group is None or len(group.ids) + len(ids) > MAX_IDS:
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
        self._reading.add(reading)  # keeps a reference to it
        reading.add_done_callback(self._reading.discard)
