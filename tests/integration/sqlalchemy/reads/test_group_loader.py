"""Questions that share a statement."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from taskharbor.adapters.sqlalchemy.reads.group_loader import GroupLoader
from taskharbor.application.errors import StoreUnavailable


class Kind(NamedTuple):
    where: str
    most: int = 3


HERE = Kind("here")


class Answer:
    """Whatever a database answers: each time another object."""

    def __init__(self, question: int) -> None:
        self.question = question


class Database:
    """Answers each question, and keeps what was asked together."""

    def __init__(self) -> None:
        self.asked: list[tuple[Kind, list[int]]] = []
        self.failure: BaseException | None = None

    async def read(self, kind: Kind, questions: Sequence[int]) -> list[Answer]:
        self.asked.append((kind, [*questions]))
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return [Answer(question) for question in questions]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def loader(database) -> GroupLoader[Kind, int, Answer]:
    return GroupLoader(database.read, most=lambda kind: kind.most)


async def test_questions_of_one_moment_are_read_together_and_each_gets_its_own_answer(database, loader) -> None:
    answers = await asyncio.gather(*(loader.get(HERE, question) for question in (5, 7)))
    assert [answer.question for answer in answers] == [5, 7]
    assert database.asked == [(HERE, [5, 7])]


async def test_the_same_question_is_asked_once(database, loader) -> None:
    first, second, other = await asyncio.gather(*(loader.get(HERE, question) for question in (5, 5, 7)))
    assert first is second is not other
    assert database.asked == [(HERE, [5, 7])]


async def test_only_questions_of_one_kind_are_read_together_and_no_more_than_may_be(database, loader) -> None:
    alone = Kind("here", most=1)
    kinds = [HERE] * 4 + [Kind("there"), alone, alone]
    answers = await asyncio.gather(*(loader.get(kind, question) for question, kind in enumerate(kinds)))
    assert [answer.question for answer in answers] == [*range(7)]
    assert database.asked == [
        (HERE, [0, 1, 2]),
        (HERE, [3]),
        (Kind("there"), [4]),
        (alone, [5]),
        (alone, [6]),
    ]


async def test_a_later_call_does_not_get_an_earlier_reading(database, loader) -> None:
    first = asyncio.create_task(loader.get(HERE, 5))
    for _ in range(3):  # until it has been sent, and before it is answered
        await asyncio.sleep(0)
    assert len(database.asked) == 1
    assert not first.done()
    assert await loader.get(HERE, 5) is not await first
    assert len(database.asked) == 2


async def test_a_failure_reaches_all_who_asked_and_nobody_later(database, loader) -> None:
    database.failure = StoreUnavailable("it is away")
    asked = [loader.get(HERE, question) for question in (5, 7)]
    assert await asyncio.gather(*asked, return_exceptions=True) == [database.failure] * 2
    database.failure = None
    assert (await loader.get(HERE, 5)).question == 5


async def test_a_caller_that_gives_up_takes_the_answer_from_nobody(loader) -> None:
    leaving = asyncio.create_task(loader.get(HERE, 5))
    staying = asyncio.create_task(loader.get(HERE, 7))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).question == 7
    assert leaving.cancelled()


async def test_a_shut_down_is_reported_to_waiting_calls(database, loader) -> None:
    database.failure = asyncio.CancelledError()
    with pytest.raises(StoreUnavailable, match="shutting down"):
        await loader.get(HERE, 5)
