"""What a deleted task leaves behind."""

import pytest

from taskharbor.application.errors import UidTaken
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.refusals import refused_without_a_trace


class TombstoneContract(Contract):
    """Deleted tasks: out of sight, and not forgotten."""

    async def test_a_deleted_task_is_neither_answered_nor_listed(self, here: Bench) -> None:
        kept, deleted, kept_too = await here.add_many(3)
        await here.change(deleted.delete(at=LATER))
        assert await here.get(deleted.id) is None
        assert await here.live_ids() == [kept.id, kept_too.id]

    async def test_a_deleted_task_is_still_loaded_with_the_revision_of_its_deletion(self, here: Bench) -> None:
        tombstone = (await here.add()).complete(at=LATER).delete(at=LATER)
        revision = await here.commit(changed=[tombstone])
        assert await here.load(tombstone.id) == tombstone.committed(revision)

    async def test_a_restored_task_is_back_in_its_old_place(self, here: Bench) -> None:
        tasks = await here.add_many(3)
        deleted = await here.change(tasks[1].begin(at=LATER).delete(at=LATER))
        restored = await here.change(deleted.restore(at=LATER))
        assert await here.load(restored.id) == restored
        assert (await here.page()).items[1] == await here.get(restored.id)
        assert await here.live_ids() == [task.id for task in tasks]

    async def test_the_uid_of_a_deleted_task_stays_taken(self, here: Bench) -> None:
        task = await here.add()
        await here.change(task.delete(at=LATER))
        again = await here.new_task("again", uid=task.uid)
        async with refused_without_a_trace(here, UidTaken):
            await here.commit(added=[again])

    async def test_deleted_tasks_take_no_room_on_pages(self, here: Bench) -> None:
        tasks = await here.add_many(9)
        await here.commit(changed=[task.delete(at=LATER) for task in tasks[::3]])
        live = [task.id for number, task in enumerate(tasks) if number % 3]
        first = await here.page(limit=3)
        assert [view.id for view in first.items] == live[:3]
        assert first.next_after == live[2]
        second = await here.page(skip=3, limit=3)
        assert [view.id for view in second.items] == live[3:]
        assert second.next_after is None

    async def test_a_page_after_a_task_that_was_deleted_meanwhile_goes_on_from_its_place(self, here: Bench) -> None:
        tasks = await here.add_many(4)
        first = await here.page(limit=2)
        await here.change(tasks[1].delete(at=LATER))
        assert first.next_after == tasks[1].id
        assert [view.id for view in (await here.page(after=tasks[1].id)).items] == [tasks[2].id, tasks[3].id]

    async def test_deleting_and_restoring_through_the_use_cases(self, here: Bench, use_cases: UseCases) -> None:
        workspace = here.workspace
        task = await use_cases.execute(CreateTask(title="comes and goes"), workspace=workspace)
        deleted = await use_cases.execute(DeleteTask(id=task.id), workspace=workspace)
        assert deleted.revision == 2
        with pytest.raises(TaskNotFound):
            await use_cases.execute(DeleteTask(id=task.id), workspace=workspace)
        restored = await use_cases.execute(RestoreTask(id=task.id, if_match=2), workspace=workspace)
        assert restored.revision == 3
        assert await here.get(task.id) == restored
        again = await use_cases.execute(RestoreTask(id=task.id), workspace=workspace)
        assert again == restored, "restoring a live task must not change it"
