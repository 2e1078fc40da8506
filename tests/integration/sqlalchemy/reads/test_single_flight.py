"""Questions that share a statement."""

import asyncio

import pytest

from taskharbor.adapters.sqlalchemy.reads.coalescing import SingleFlight
from taskharbor.application.errors import StoreUnavailable


class Database:
    """Answers with how often it has been asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.failure: BaseException | None = None

    async def ask(self) -> int:
        self.asked += 1
        answer = self.asked
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return answer


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def answers():
    return SingleFlight[int]()


async def test_the_same_question_at_the_same_moment_is_asked_once(database, answers):
    assert await asyncio.gather(*(answers.get("x", database.ask) for _ in range(3))) == [1, 1, 1]


async def test_different_questions_are_asked_each(database, answers):
    assert await asyncio.gather(answers.get("x", database.ask), answers.get("y", database.ask)) == [1, 2]


async def test_a_later_call_does_not_get_an_earlier_reading(database, answers):
    first = asyncio.create_task(answers.get("x", database.ask))
    for _ in range(3):  # until it has been sent, and before it is answered
        await asyncio.sleep(0)
    assert database.asked == 1
    assert not first.done()
    assert await answers.get("x", database.ask) == 2
    assert await first == 1


async def test_a_failure_reaches_all_who_asked_and_nobody_later(database, answers):
    database.failure = StoreUnavailable("it is away")
    asked = [answers.get("x", database.ask) for _ in range(2)]
    assert await asyncio.gather(*asked, return_exceptions=True) == [database.failure] * 2
    database.failure = None
    assert await answers.get("x", database.ask) == 2


async def test_who_gives_up_takes_the_answer_from_nobody(database, answers):
    leaving = asyncio.create_task(answers.get("x", database.ask))
    staying = asyncio.create_task(answers.get("x", database.ask))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 1
    assert leaving.cancelled()


async def test_a_shut_down_is_reported_to_waiting_calls(database, answers):
    database.failure = asyncio.CancelledError()
    with pytest.raises(StoreUnavailable, match="shutting down"):
        await answers.get("x", database.ask)
