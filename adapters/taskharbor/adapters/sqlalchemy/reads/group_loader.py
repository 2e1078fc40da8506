"""What is asked for at the same moment is read together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from taskharbor.adapters.sqlalchemy.reads.coalescing import failing_all

K = TypeVar("K", bound=Hashable)
Q = TypeVar("Q", bound=Hashable)
V = TypeVar("V")


class GroupLoader(Generic[K, Q, V]):
    """Collects the questions of one turn of the event loop, and reads those of one kind together.

    A statement costs both sides more than ten tasks that it reads. Callers with the same question share its answer. No
    call waits for this: a single question is asked at once. No caller gets an answer that was read before it asked.

    Args:
        read: answers questions of one kind, in their order.
        most: how many of a kind may be read together.
    """

    def __init__(self, read: Callable[[K, Sequence[Q]], Awaitable[Sequence[V]]], *, most: Callable[[K], int]) -> None:
        self._read = read
        self._most = most
        self._asked: dict[K, dict[Q, list[asyncio.Future[V]]]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def get(self, kind: K, question: Q) -> V:
        """Return the answer, or raise what reading it raises."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._begin, loop)
        answer: asyncio.Future[V] = loop.create_future()
        self._asked.setdefault(kind, {}).setdefault(question, []).append(answer)
        return await answer

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, {}
        for kind, questions in asked.items():
            waiting, most = [*questions.items()], self._most(kind)
            for first in range(0, len(waiting), most):
                reading = loop.create_task(self._read_together(kind, waiting[first : first + most]))
                self._reading.add(reading)  # keeps a reference to it
                reading.add_done_callback(self._reading.discard)

    async def _read_together(self, kind: K, asked: Sequence[tuple[Q, list[asyncio.Future[V]]]]) -> None:
        with failing_all([answer for _, answers in asked for answer in answers]):
            found = await self._read(kind, [question for question, _ in asked])
            for (_, answers), one in zip(asked, found, strict=True):
                for answer in answers:
                    if not answer.done():
                        answer.set_result(one)
