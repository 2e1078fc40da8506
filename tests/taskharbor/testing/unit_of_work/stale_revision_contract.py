"""Who comes second is refused, and leaves no trace: `TaskStore.commit` in competition."""

import pytest

from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.refusals import count_refused, refused_without_a_trace


class StaleRevisionContract(Contract):
    """Stale changes, stale guards, taken uids: nothing is written, no revision is taken."""

    async def test_a_stale_change_is_refused(self, here: Bench) -> None:
        stale = await here.add()
        await here.change(stale.complete(at=LATER))
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[retitled(stale, "too late")])

    async def test_a_commit_that_is_sent_twice_is_refused_the_second_time(self, here: Bench) -> None:
        changed = (await here.add()).complete(at=LATER)
        await here.change(changed)
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[changed])

    @pytest.mark.parametrize("position", [0, 10, 19], ids=["first", "middle", "last"])
    async def test_one_stale_task_among_many_refuses_them_all(self, here: Bench, position: int) -> None:
        tasks = await here.add_many(20)
        await here.change(tasks[position].begin(at=LATER))
        added = await here.new_task("new in the same commit")
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[added], changed=[task.complete(at=LATER) for task in tasks])

    async def test_a_revision_from_the_future_is_as_stale_as_one_from_the_past(self, here: Bench) -> None:
        task = await here.add()
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[task.complete(at=LATER).committed(task.revision + 1)])

    async def test_a_task_that_was_deleted_meanwhile_is_stale(self, here: Bench) -> None:
        task = await here.add()
        await here.change(task.delete(at=LATER))
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[task.complete(at=LATER)])

    async def test_a_change_of_a_task_that_never_was_is_refused(self, here: Bench) -> None:
        never_added = (await here.new_task()).committed(1)
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[never_added])

    async def test_a_change_in_a_workspace_that_never_was_is_refused(self, here: Bench, elsewhere: Bench) -> None:
        task = await here.add()
        with pytest.raises(ConcurrentUpdate):
            await elsewhere.commit(changed=[task.complete(at=LATER)])
        assert await elsewhere.live_ids() == []
        assert await elsewhere.take_revision() == 1

    async def test_a_stale_guard_refuses_the_changes(self, here: Bench) -> None:
        guarded, changed = await here.add_many(2)
        await here.change(guarded.begin(at=LATER))
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[changed.complete(at=LATER)], guarded={guarded.id: guarded.revision})

    async def test_a_stale_guard_refuses_new_tasks(self, here: Bench) -> None:
        guarded = await here.add()
        await here.change(guarded.begin(at=LATER))
        added = await here.new_task("new")
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[added], guarded={guarded.id: guarded.revision})

    async def test_one_stale_guard_among_many_refuses_the_commit(self, here: Bench) -> None:
        tasks = await here.add_many(20)
        await here.change(tasks[10].begin(at=LATER))
        added = await here.new_task("new")
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[added], guarded={task.id: task.revision for task in tasks})

    async def test_a_guard_on_a_task_that_never_was_refuses_the_commit(self, here: Bench) -> None:
        added = await here.new_task("new")
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[added], guarded={await here.next_id(): 1})

    async def test_a_guard_that_holds_leaves_its_task_as_it_is(self, here: Bench) -> None:
        guarded, deleted = await here.add_many(2)
        deleted = await here.change(deleted.delete(at=LATER))
        added = await here.add()
        await here.commit(
            changed=[added.complete(at=LATER)], guarded={task.id: task.revision for task in (guarded, deleted)}
        )
        assert await here.load(guarded.id) == guarded
        assert await here.load(deleted.id) == deleted

    async def test_a_taken_uid_refuses_the_commit_and_is_named(self, here: Bench) -> None:
        holder, other = await here.add_many(2)
        fine, taken = await here.new_task("fine"), await here.new_task("taken", uid=holder.uid)
        async with refused_without_a_trace(here, UidTaken) as caught:
            await here.commit(added=[fine, taken], changed=[other.complete(at=LATER)])
        assert caught.value.uid == holder.uid

    async def test_two_new_tasks_with_one_uid_refuse_each_other(self, here: Bench) -> None:
        one = await here.new_task("one")
        other = await here.new_task("other", uid=one.uid)
        async with refused_without_a_trace(here, UidTaken):
            await here.commit(added=[one, other])

    async def test_a_uid_that_was_refused_with_its_commit_is_still_free(self, here: Bench) -> None:
        holder = await here.add()
        fine, taken = await here.new_task("fine"), await here.new_task("taken", uid=holder.uid)
        with pytest.raises(UidTaken):
            await here.commit(added=[fine, taken])
        revision = await here.commit(added=[fine])
        assert await here.load(fine.id) == fine.committed(revision)

    async def test_of_two_changes_at_once_one_is_refused(self, here: Bench) -> None:
        for task in await here.add_many(20):
            one, other = retitled(task, "one"), retitled(task, "other")
            assert await count_refused(ConcurrentUpdate, here.change(one), here.change(other)) == 1

    async def test_of_two_creations_with_one_uid_at_once_one_is_refused(self, here: Bench) -> None:
        for _ in range(20):
            one = await here.new_task("one")
            other = await here.new_task("other", uid=one.uid)
            assert await count_refused(UidTaken, here.commit(added=[one]), here.commit(added=[other])) == 1

    async def test_of_two_changes_at_once_that_guard_each_others_task_one_is_refused(self, here: Bench) -> None:
        tasks = await here.add_many(40)
        for left, right in zip(tasks[::2], tasks[1::2], strict=True):
            refused = await count_refused(
                ConcurrentUpdate,
                here.commit(changed=[left.begin(at=LATER)], guarded={right.id: right.revision}),
                here.commit(changed=[right.begin(at=LATER)], guarded={left.id: left.revision}),
            )
            assert refused == 1
