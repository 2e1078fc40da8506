"""Whoever asks the same question at the same moment gets the same answer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from taskharbor.adapters.sqlalchemy.reads.coalescing import answer_all

V = TypeVar("V")


@dataclass(slots=True)
class _Question(Generic[V]):
    """What is going to be asked, and who waits for it."""

    ask: Callable[[], Awaitable[V]]
    answers: list[asyncio.Future[V]] = field(default_factory=list)


class SharedAnswers(Generic[V]):
    """Asks once what several want to know while the event loop goes round once.

    A first page is asked for by everybody, and to plan and carry out its statement costs both sides more than all
    else. Nobody waits for this, and nobody gets an answer that was read before the question came.
    """

    def __init__(self) -> None:
        self._questions: dict[Hashable, _Question[V]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def get(self, about: Hashable, ask: Callable[[], Awaitable[V]]) -> V:
        """Return what `ask` returns or raise what it raises; whatever has the same `about` must ask the same."""
        loop = asyncio.get_running_loop()
        question = self._questions.get(about)
        if question is None:
            question = self._questions[about] = _Question(ask)
            loop.call_soon(self._begin, about, question)
        answer: asyncio.Future[V] = loop.create_future()
        question.answers.append(answer)
        return await answer

    def _begin(self, about: Hashable, question: _Question[V]) -> None:
        del self._questions[about]
        asking = asyncio.get_running_loop().create_task(answer_all(question.answers, question.ask))
        self._asking.add(asking)  # or nobody holds on to it
        asking.add_done_callback(self._asking.discard)
