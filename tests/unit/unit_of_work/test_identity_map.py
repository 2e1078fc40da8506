"""What a unit of work keeps in mind: tasks read ahead, bookmarks, what it has seen."""

from datetime import UTC, datetime, timedelta

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeUids

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
UIDS = FakeUids()


class CountingStorage(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[set[int]] = []

    async def load_tasks(self, workspace, ids):
        self.loads.append(set(ids))
        return await super().load_tasks(workspace, ids)


@pytest.fixture
def storage() -> CountingStorage:
    return CountingStorage()


@pytest.fixture
def uow(storage: CountingStorage) -> UnitOfWork:
    return UnitOfWork(storage, workspace="w", now=NOON)


async def new_task(storage: InMemoryStorage) -> Task:
    return Task.create(id=await storage.next_task_id("w"), uid=UIDS.new(), title="a task", at=NOON)


async def stored_tasks(storage: InMemoryStorage, number: int) -> list[Task]:
    tasks = [await new_task(storage) for _ in range(number)]
    revision = await storage.commit(Changeset(workspace="w", added=tuple(tasks), guarded={}))
    return [task.committed(revision) for task in tasks]


async def test_what_was_prefetched_needs_no_read_of_its_own(storage: CountingStorage, uow: UnitOfWork) -> None:
    tasks = await stored_tasks(storage, 3)
    await uow.tasks.prefetch([task.id for task in tasks])
    assert [await uow.tasks.get(task.id) for task in tasks] == tasks
    assert storage.loads == [{1, 2, 3}]


async def test_only_what_was_not_read_yet_is_prefetched(storage: CountingStorage, uow: UnitOfWork) -> None:
    tasks = await stored_tasks(storage, 3)
    uow.tasks.save((await uow.tasks.get(tasks[0].id)).complete(at=LATER))
    added = uow.tasks.add(await new_task(storage))
    await uow.tasks.prefetch([task.id for task in (*tasks, added)])
    await uow.tasks.prefetch([task.id for task in (*tasks, added)])
    assert storage.loads == [{1}, {2, 3}]
    assert (await uow.tasks.get(tasks[0].id)).is_completed, "the change is still there"


@pytest.mark.parametrize("ids", [[], [0, -1, MAX_ID + 1, 2**70]])
async def test_nothing_to_prefetch_asks_nobody(storage: CountingStorage, uow: UnitOfWork, ids: list[int]) -> None:
    await uow.tasks.prefetch(ids)
    assert storage.loads == []


async def test_a_task_that_was_not_there_is_not_looked_for_again_and_does_not_appear(
    storage: CountingStorage, uow: UnitOfWork
) -> None:
    await uow.tasks.prefetch([1, 2])
    assert await uow.tasks.find(1) is None
    assert await uow.tasks.find(3) is None
    await stored_tasks(storage, 3)
    assert [await uow.tasks.find(task_id) for task_id in (1, 2, 3)] == [None, None, None], "reads are repeatable"
    assert storage.loads == [{1, 2}, {3}]


async def test_a_task_that_was_not_there_can_be_added_here(storage: CountingStorage, uow: UnitOfWork) -> None:
    task = await new_task(storage)
    assert await uow.tasks.find(task.id) is None
    uow.tasks.add(task)
    assert await uow.tasks.find(task.id) is task
    await uow.commit()
    assert await uow.tasks.find(task.id) == task.committed(1)


async def test_returning_to_a_bookmark_forgets_what_was_done_since(storage: CountingStorage, uow: UnitOfWork) -> None:
    kept, changed, guarded = await stored_tasks(storage, 3)
    await uow.tasks.prefetch([kept.id, changed.id, guarded.id])
    completed = uow.tasks.save(kept.complete(at=LATER))
    added = uow.tasks.add(await new_task(storage))
    uow.tasks.guard(changed)
    bookmark = uow.tasks.bookmark()

    uow.tasks.save(completed.change(TaskChanges(title="forgotten"), at=LATER))
    uow.tasks.save(added.complete(at=LATER))
    uow.tasks.save(changed.delete(at=LATER))
    forgotten = uow.tasks.add(await new_task(storage))
    uow.tasks.guard(guarded)
    uow.tasks.return_to(bookmark)

    assert (uow.tasks.added, uow.tasks.changed) == ((added,), (completed,))
    assert uow.tasks.guarded == {changed.id: changed.revision}
    assert await uow.tasks.get(changed.id) == changed
    assert await uow.tasks.find(forgotten.id) is None
    assert await uow.commit() == 2


async def test_a_change_that_was_taken_back_is_there_again_after_returning(
    storage: CountingStorage, uow: UnitOfWork
) -> None:
    (task,) = await stored_tasks(storage, 1)
    completed = uow.tasks.save((await uow.tasks.get(task.id)).complete(at=LATER))
    bookmark = uow.tasks.bookmark()
    uow.tasks.save(task)
    uow.tasks.return_to(bookmark)
    assert await uow.tasks.get(task.id) is completed


async def test_a_bookmark_can_be_returned_to_more_than_once(storage: CountingStorage, uow: UnitOfWork) -> None:
    bookmark = uow.tasks.bookmark()
    for _ in range(2):
        uow.tasks.add(await new_task(storage))
        uow.tasks.return_to(bookmark)
        assert uow.tasks.added == ()


async def test_what_was_read_stays_read_after_returning(storage: CountingStorage, uow: UnitOfWork) -> None:
    (task,) = await stored_tasks(storage, 1)
    bookmark = uow.tasks.bookmark()
    await uow.tasks.get(task.id)
    uow.tasks.return_to(bookmark)
    assert await uow.tasks.get(task.id) == task
    assert storage.loads == [{task.id}]


async def test_a_task_is_seen_with_its_changes_and_after_the_commit_with_their_revision(
    storage: CountingStorage, uow: UnitOfWork
) -> None:
    read, changed = await stored_tasks(storage, 2)
    await uow.tasks.prefetch([read.id, changed.id])
    completed = uow.tasks.save(changed.complete(at=LATER))
    added = uow.tasks.add(await new_task(storage))
    assert [uow.tasks.seen(task.id) for task in (read, changed, added)] == [read, completed, added]
    assert await uow.commit() == 2
    assert [uow.tasks.seen(task.id) for task in (read, changed, added)] == [
        read,
        completed.committed(2),
        added.committed(2),
    ]


async def test_what_was_never_here_was_not_seen(storage: CountingStorage, uow: UnitOfWork) -> None:
    (task,) = await stored_tasks(storage, 1)
    await uow.tasks.find(MAX_ID)
    for task_id in (task.id, MAX_ID):
        with pytest.raises(KeyError):
            uow.tasks.seen(task_id)
