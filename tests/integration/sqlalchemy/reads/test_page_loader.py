"""Pages that share a statement."""

import asyncio
from collections.abc import Sequence

import pytest

from taskharbor.adapters.sqlalchemy.reads.page_loader import FARTHEST_SKIP, PageLoader, Place
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.task_queries import TaskPage


class Database:
    """Answers each page with a place of its own, and keeps what was asked together."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[Place], int]] = []
        self.failure: BaseException | None = None

    async def read(self, workspace: str, places: Sequence[Place], limit: int) -> list[TaskPage]:
        self.asked.append((workspace, [*places], limit))
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return [TaskPage(items=[], next_after=after * 10_000 + skip) for after, skip in places]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def loader(database) -> PageLoader:
    return PageLoader(database.read, most=lambda limit: 3 if limit <= 10 else 1)


async def test_pages_of_one_moment_are_read_together_and_each_gets_its_own(database, loader) -> None:
    pages = await asyncio.gather(*(loader.get("here", (after, 2), 10) for after in (5, 7)))
    assert [page.next_after for page in pages] == [50_002, 70_002]
    assert database.asked == [("here", [(5, 2), (7, 2)], 10)]


async def test_the_same_page_is_read_once(database, loader) -> None:
    first, second, other = await asyncio.gather(*(loader.get("here", (after, 0), 10) for after in (5, 5, 7)))
    assert first is second is not other
    assert database.asked == [("here", [(5, 0), (7, 0)], 10)]


async def test_only_pages_of_one_workspace_and_size_are_read_together_and_no_more_than_may_be(database, loader) -> None:
    places = [("here", 10)] * 4 + [("there", 10), ("here", 5), ("here", 50), ("here", 50)]
    await asyncio.gather(*(loader.get(where, (at, 0), limit) for at, (where, limit) in enumerate(places)))
    assert [(where, len(together), limit) for where, together, limit in database.asked] == [
        ("here", 3, 10),
        ("here", 1, 10),
        ("there", 1, 10),
        ("here", 1, 5),
        ("here", 1, 50),
        ("here", 1, 50),
    ]


async def test_nobody_waits_for_a_page_far_away(database, loader) -> None:
    far = FARTHEST_SKIP + 1
    await asyncio.gather(*(loader.get("here", (0, skip), 10) for skip in (1, far, 2, far)))
    assert sorted(len(together) for _, together, _ in database.asked) == [1, 2]


async def test_a_later_call_does_not_get_an_earlier_reading(database, loader) -> None:
    first = asyncio.create_task(loader.get("here", (5, 0), 10))
    for _ in range(3):  # until it has been sent, and before it is answered
        await asyncio.sleep(0)
    assert len(database.asked) == 1
    assert not first.done()
    assert await loader.get("here", (5, 0), 10) is not await first
    assert len(database.asked) == 2


async def test_a_failure_reaches_all_who_asked_and_nobody_later(database, loader) -> None:
    database.failure = StoreUnavailable("it is away")
    asked = [loader.get("here", (after, 0), 10) for after in (5, 7)]
    assert await asyncio.gather(*asked, return_exceptions=True) == [database.failure] * 2
    database.failure = None
    assert (await loader.get("here", (5, 0), 10)).next_after == 50_000


async def test_who_gives_up_takes_the_page_from_nobody(loader) -> None:
    leaving = asyncio.create_task(loader.get("here", (5, 0), 10))
    staying = asyncio.create_task(loader.get("here", (7, 0), 10))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).next_after == 70_000
    assert leaving.cancelled()


async def test_a_shut_down_is_reported_to_waiting_calls(database, loader) -> None:
    database.failure = asyncio.CancelledError()
    with pytest.raises(StoreUnavailable, match="shutting down"):
        await loader.get("here", (5, 0), 10)
