import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import ConcurrentUpdate, PreconditionFailed, StoreUnavailable
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeUids, ParkingStorage

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
UIDS = FakeUids()


class RecordingStorage(InMemoryStorage):
    """Keeps what was sent to it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Changeset] = []
        self.loads = 0

    async def load_tasks(self, workspace, ids):
        self.loads += 1
        return await super().load_tasks(workspace, ids)

    async def commit(self, changes: Changeset) -> Revision:
        self.sent.append(changes)
        return await super().commit(changes)


@pytest_asyncio.fixture
async def storage() -> AsyncIterator[RecordingStorage]:
    async with RecordingStorage() as storage:
        yield storage


@pytest.fixture
def uow(storage: RecordingStorage) -> UnitOfWork:
    return UnitOfWork(storage, workspace="w", now=NOON)


async def new_task(storage: InMemoryStorage, title: str = "a task") -> Task:
    return Task.create(id=await storage.next_task_id("w"), uid=UIDS.new(), title=title, at=NOON)


async def stored_task(storage: InMemoryStorage) -> Task:
    task = await new_task(storage)
    revision = await InMemoryStorage.commit(storage, Changeset(workspace="w", added=(task,), guarded={}))
    return task.committed(revision)


async def changed_by_another_call(storage: InMemoryStorage, task: Task) -> None:
    await InMemoryStorage.commit(storage, Changeset(workspace="w", changed=(task.begin(at=LATER),), guarded={}))


async def test_a_task_that_is_not_there_is_not_found(uow: UnitOfWork) -> None:
    assert await uow.tasks.find(1) is None
    with pytest.raises(TaskNotFound) as caught:
        await uow.tasks.get(1)
    assert caught.value.task_id == 1
    with pytest.raises(TaskNotFound):
        await uow.tasks.get_even_deleted(1)


async def test_a_deleted_task_is_found_only_by_those_who_ask_for_deleted_ones(
    storage: RecordingStorage, uow: UnitOfWork
) -> None:
    task = await stored_task(storage)
    uow.tasks.save((await uow.tasks.get(task.id)).delete(at=LATER))
    with pytest.raises(TaskNotFound):
        await uow.tasks.get(task.id)
    assert (await uow.tasks.get_even_deleted(task.id)).is_deleted
    assert await uow.tasks.find(task.id) == await uow.tasks.get_even_deleted(task.id)


async def test_if_match_must_be_the_revision_that_was_read(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = await stored_task(storage)
    assert await uow.tasks.get(task.id, if_match=1) == task
    with pytest.raises(PreconditionFailed) as caught:
        await uow.tasks.get(task.id, if_match=2)
    assert (caught.value.task_id, caught.value.expected, caught.value.current) == (task.id, 2, 1)


async def test_a_unit_of_work_sees_its_own_changes_and_reads_each_task_once(
    storage: RecordingStorage, uow: UnitOfWork
) -> None:
    task = await stored_task(storage)
    added = uow.tasks.add(await new_task(storage, "added"))
    changed = uow.tasks.save((await uow.tasks.get(task.id)).change(TaskChanges(title="changed"), at=LATER))
    assert await uow.tasks.get(task.id) is changed
    assert await uow.tasks.get(added.id) is added
    assert storage.loads == 1


async def test_a_task_that_is_added_and_then_changed_is_written_once_as_it_became(
    storage: RecordingStorage, uow: UnitOfWork
) -> None:
    task = uow.tasks.add(await new_task(storage))
    done = uow.tasks.save(task.complete(at=LATER))
    await uow.commit()
    (sent,) = storage.sent
    assert (sent.added, sent.changed, sent.guarded) == ((done,), (), {})


async def test_a_change_that_is_taken_back_is_not_written(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = await uow.tasks.get((await stored_task(storage)).id)
    uow.tasks.save(task.complete(at=LATER))
    uow.tasks.save(task)
    assert await uow.commit() is None
    assert storage.sent == []


async def test_a_commit_is_one_changeset_with_everything(storage: RecordingStorage, uow: UnitOfWork) -> None:
    read, guarded = await stored_task(storage), await stored_task(storage)
    added = uow.tasks.add(await new_task(storage))
    changed = uow.tasks.save((await uow.tasks.get(read.id)).complete(at=LATER))
    uow.tasks.guard(await uow.tasks.get(guarded.id))
    uow.tasks.guard(changed)
    assert await uow.commit() == 3
    (sent,) = storage.sent
    assert (sent.added, sent.changed, sent.guarded) == ((added,), (changed,), {guarded.id: guarded.revision})
    assert [entry.task_id for entry in sent.history] == [added.id, changed.id]
    assert uow.tasks.seen(added.id) == added.committed(3)
    assert uow.tasks.seen(changed.id) == changed.committed(3)


async def test_guards_alone_are_nothing_to_commit(storage: RecordingStorage, uow: UnitOfWork) -> None:
    uow.tasks.guard(await uow.tasks.get((await stored_task(storage)).id))
    assert await uow.commit() is None
    assert storage.sent == []


async def test_a_second_commit_sends_only_what_is_new(storage: RecordingStorage, uow: UnitOfWork) -> None:
    first = uow.tasks.add(await new_task(storage, "first"))
    await uow.commit()
    assert await uow.commit() is None
    second = uow.tasks.add(await new_task(storage, "second"))
    await uow.commit()
    assert [changes.added for changes in storage.sent] == [(first,), (second,)]


async def test_a_guarded_task_may_be_changed_by_the_unit_of_work_itself(
    storage: RecordingStorage, uow: UnitOfWork
) -> None:
    task = await uow.tasks.get((await stored_task(storage)).id)
    uow.tasks.guard(task)
    uow.tasks.save(task.begin(at=LATER))
    await uow.commit()
    uow.tasks.add(await new_task(storage))
    assert await uow.commit() == 3
    await changed_by_another_call(storage, uow.tasks.seen(task.id))
    uow.tasks.add(await new_task(storage))
    with pytest.raises(ConcurrentUpdate):
        await uow.commit()


async def test_a_task_that_is_new_may_be_guarded(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = uow.tasks.add(await new_task(storage))
    uow.tasks.guard(task)
    assert await uow.commit() == 1
    uow.tasks.add(await new_task(storage))
    assert await uow.commit() == 2


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_task_that_another_call_changed_matters_if_it_is_guarded(
    storage: RecordingStorage, uow: UnitOfWork, guarded: bool
) -> None:
    task = await uow.tasks.get((await stored_task(storage)).id)
    if guarded:
        uow.tasks.guard(task)
    await changed_by_another_call(storage, task)
    uow.tasks.add(await new_task(storage))
    if guarded:
        with pytest.raises(ConcurrentUpdate):
            await uow.commit()
    else:
        assert await uow.commit() == 3


async def test_only_new_tasks_can_be_added(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = await stored_task(storage)
    with pytest.raises(ValueError, match="is not new"):
        uow.tasks.add(task)
    new = uow.tasks.add(await new_task(storage))
    with pytest.raises(ValueError, match="is not new"):
        uow.tasks.add(new)
    await uow.commit()
    with pytest.raises(ValueError, match="is not new"):
        uow.tasks.add(new)


async def test_only_tasks_that_were_read_can_be_saved(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = await stored_task(storage)
    with pytest.raises(ValueError, match="was not read"):
        uow.tasks.save(task)
    with pytest.raises(KeyError):
        uow.tasks.seen(task.id)


async def test_a_unit_of_work_that_has_ended_cannot_commit(storage: RecordingStorage, uow: UnitOfWork) -> None:
    async with uow:
        uow.tasks.add(await new_task(storage))
    with pytest.raises(RuntimeError, match="has ended"):
        await uow.commit()
    assert storage.sent == []


async def test_a_refused_commit_can_be_seen_as_not_written(storage: RecordingStorage, uow: UnitOfWork) -> None:
    task = await uow.tasks.get((await stored_task(storage)).id)
    await changed_by_another_call(storage, task)
    uow.tasks.save(task.complete(at=LATER))
    with pytest.raises(ConcurrentUpdate):
        await uow.commit()
    assert uow.tasks.seen(task.id).revision == task.revision


async def test_of_a_cancellation_and_a_failure_of_the_store_the_cancellation_is_raised() -> None:
    class FailingStorage(InMemoryStorage):
        async def commit(self, changes: Changeset) -> Revision:
            raise StoreUnavailable("it is gone")

    parking = ParkingStorage(FailingStorage(), park="before")

    async def work() -> None:
        async with UnitOfWork(parking, workspace="w", now=NOON) as uow:
            uow.tasks.add(await new_task(InMemoryStorage()))
            await uow.commit()

    running = asyncio.create_task(work())
    await parking.parked.wait()
    running.cancel()
    parking.release.set()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_time_out_during_the_commit_is_still_a_time_out(storage: RecordingStorage) -> None:
    parking = ParkingStorage(storage, park="after")
    uow = UnitOfWork(parking, workspace="w", now=NOON)
    uow.tasks.add(await new_task(storage))
    asyncio.get_running_loop().call_later(0.01, parking.release.set)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await uow.commit()
    assert len(storage.sent) == 1


async def test_a_store_that_is_cancelled_itself_is_reported_as_such(storage: RecordingStorage) -> None:
    class CancelledStorage(InMemoryStorage):
        async def commit(self, changes: Changeset) -> Revision:
            raise asyncio.CancelledError

    uow = UnitOfWork(CancelledStorage(), workspace="w", now=NOON)
    uow.tasks.add(await new_task(storage))
    with pytest.raises(asyncio.CancelledError):
        await uow.commit()
