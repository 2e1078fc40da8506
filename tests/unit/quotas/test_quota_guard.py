"""What a workspace may hold, and how seldom it is counted."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import QuotaExceeded
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.quotas.quota_guard import COUNTED_AGAIN_AFTER, RECOUNTED_AFTER, QuotaGuard, Quotas
from taskharbor.application.quotas.task_bytes import bytes_in
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.testing import FakeClock, FakeUids


class CountingStorage(InMemoryStorage):
    """Counts how often tasks are counted, and fails when it is told to."""

    uids = FakeUids()
    counted = 0
    waiting = 0
    fails = False

    def __init__(self) -> None:
        super().__init__()
        self.may_commit = asyncio.Event()
        self.may_commit.set()

    async def count_tasks(self, workspace, filter):
        self.counted += 1
        return await super().count_tasks(workspace, filter)

    async def commit(self, changes):
        self.waiting += 1
        await self.may_commit.wait()
        self.waiting -= 1
        if self.fails:
            raise RuntimeError("the disk is full")
        return await super().commit(changes)


class Process:
    """One process with quotas on a store that others use, too."""

    def __init__(self, storage: CountingStorage, **quotas: int) -> None:
        self.seconds = 0.0
        self.storage = storage
        self.guard = QuotaGuard(Quotas(**quotas), storage, clock=lambda: self.seconds)
        clock = FakeClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.execute = UseCases(storage, clock=clock, uids=storage.uids, quotas=self.guard).execute

    async def create(self, number: int = 1, **context: str):
        return [await self.execute(CreateTask(title="Task"), **context) for _ in range(number)]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  # nothing says when
            await asyncio.sleep(0)


@pytest.fixture
async def storage():
    async with CountingStorage() as storage:
        yield storage


async def test_a_workspace_is_full_at_its_quota_and_others_are_not(storage):
    process = Process(storage, tasks=3)
    tasks = await process.create(3)
    with pytest.raises(QuotaExceeded) as refused:
        await process.create()
    assert (refused.value.what, refused.value.most) == ("tasks", 3)
    assert await process.create(workspace="other")
    await process.execute(DeleteTask(id=tasks[0].id))
    await process.create()
    with pytest.raises(QuotaExceeded):
        await process.execute(RestoreTask(id=tasks[0].id))


async def test_tasks_are_counted_once_in_a_while_and_not_at_each_create(storage):
    process = Process(storage, tasks=1000)
    await process.create(50)
    assert storage.counted == 1
    process.seconds += COUNTED_AGAIN_AFTER + 1
    await process.create(50)
    assert storage.counted == 2


async def test_creates_at_the_same_time_do_not_go_beyond_it_together(storage):
    process = Process(storage, tasks=5)
    outcomes = await asyncio.gather(*(process.create() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, QuotaExceeded) for outcome in outcomes) == 15
    assert await storage.count_tasks("default", None) == 5


async def test_a_count_while_others_are_being_written_forgets_none_of_them(storage):
    """The first creates are on their way when the rest have it counted again."""
    process = Process(storage, tasks=10)
    await process.create(9)
    process.seconds += COUNTED_AGAIN_AFTER + 1
    storage.may_commit.clear()
    first = [asyncio.create_task(process.create()) for _ in range(10)]
    await until(lambda: storage.waiting == 1 and sum(task.done() for task in first) == 9)
    process.seconds += COUNTED_AGAIN_AFTER + 1
    counted = storage.counted
    rest = [asyncio.create_task(process.create()) for _ in range(10)]
    await until(lambda: storage.counted > counted and sum(task.done() for task in rest) >= 9)
    storage.may_commit.set()
    await asyncio.gather(*first, *rest, return_exceptions=True)
    assert await storage.count_tasks("default", None) == 10


async def test_what_is_being_deleted_makes_room_when_it_is_gone(storage):
    process = Process(storage, tasks=1)
    [task] = await process.create()
    storage.may_commit.clear()
    deleting = asyncio.create_task(process.execute(DeleteTask(id=task.id)))
    await until(lambda: storage.waiting == 1)
    with pytest.raises(QuotaExceeded):
        await process.create()
    storage.may_commit.set()
    await deleting
    await process.create()


async def test_what_was_not_written_takes_no_room(storage):
    process = Process(storage, tasks=1)
    storage.fails = True
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await process.create()
    storage.fails = False
    await process.create()


async def test_what_other_processes_did_is_noticed(storage):
    one, two = Process(storage, tasks=10), Process(storage, tasks=10)
    await one.create(9)
    await two.create()
    one.seconds += COUNTED_AGAIN_AFTER + 1
    with pytest.raises(QuotaExceeded):
        await one.create()
    await two.execute(DeleteTask(id=1))
    one.seconds += RECOUNTED_AFTER + 0.1
    await one.create()


async def test_lists_have_a_quota_of_their_own(storage):
    process = Process(storage, lists=2)
    for name in ("One", "Two"):
        await process.execute(CreateList(name=name))
    with pytest.raises(QuotaExceeded):
        await process.execute(CreateList(name="Three"))
    await process.create(5)


async def test_without_quotas_nothing_is_counted(storage):
    await Process(storage).create(3)
    assert not storage.counted


async def test_a_workspace_holds_no_more_bytes_than_its_quota(storage):
    empty = Process(storage, bytes=100_000)
    [blank] = await empty.create()
    size = await bytes_in(storage, "default")
    await empty.execute(DeleteTask(id=blank.id))
    assert await bytes_in(storage, "default") == 0
    process = Process(storage, bytes=2 * size + 1_000)
    first, second = await process.create(2)
    with pytest.raises(QuotaExceeded) as refused:
        await process.execute(AddComment(id=first.id, text="x" * 2_000))
    assert (refused.value.what, refused.value.most) == ("bytes", 2 * size + 1_000)
    with pytest.raises(QuotaExceeded):
        await process.execute(ChangeTask(id=first.id, description="\N{SNOWMAN}" * 400))  # 1,200 bytes
    await process.execute(ChangeTask(id=first.id, description="x" * 900))
    with pytest.raises(QuotaExceeded):
        await process.execute(ChangeTask(id=second.id, description="x" * 900))
    await process.execute(ChangeTask(id=first.id, description=None))
    await process.execute(ChangeTask(id=second.id, description="x" * 900))


async def test_bytes_are_counted_up_as_they_are_when_they_are_counted_anew(storage):
    process = Process(storage, bytes=10**6)
    tasks = await process.create(5)
    await process.execute(ChangeTask(id=tasks[0].id, description='\N{SNOWMAN} " \n', tags=["a", "b"]))
    await process.execute(AddComment(id=tasks[1].id, text="one"))
    await process.execute(DeleteTask(id=tasks[2].id))
    await process.execute(DeleteTask(id=tasks[3].id))
    await process.execute(RestoreTask(id=tasks[3].id))
    [count] = process.guard._counts.values()
    assert count.amount == await bytes_in(storage, "default")


async def test_the_longer_counting_takes_the_seldomer_it_is_done(storage):
    process = Process(storage, tasks=2)
    count_tasks = storage.count_tasks

    async def slowly(workspace, filter):
        process.seconds += 10
        return await count_tasks(workspace, filter)

    storage.count_tasks = slowly
    await process.create(2)
    for seconds, counted in ((RECOUNTED_AFTER + 1, 1), (190, 2)):
        process.seconds += seconds
        with pytest.raises(QuotaExceeded):
            await process.create()
        assert storage.counted == counted


class RacingStorage(InMemoryStorage):
    """Lets others go on between what a call reads and what it writes."""

    async def load_tasks(self, workspace, ids):
        found = await super().load_tasks(workspace, ids)
        await asyncio.sleep(0)
        return found


async def test_a_commit_that_is_refused_at_once_gives_its_room_back():
    async with RacingStorage() as storage:
        guard = QuotaGuard(Quotas(tasks=20), storage)
        here = UseCases(storage, clock=FakeClock(datetime(2026, 3, 1, tzinfo=UTC)), uids=FakeUids(), quotas=guard)
        parent = await here.execute(CreateTask(title="Parent"))
        await asyncio.gather(*[here.execute(CreateTask(title="Child", parent=parent.id)) for _ in range(8)])
        assert here.signals.retries["concurrent_update"], "none has lost a race"
        for _ in range(11):
            await here.execute(CreateTask(title="Task"))
        with pytest.raises(QuotaExceeded):
            await here.execute(CreateTask(title="One more"))
