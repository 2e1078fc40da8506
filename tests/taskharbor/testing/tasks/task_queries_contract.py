"""Single tasks and pages: `TaskQueries`."""

from collections.abc import MutableSequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.tasks import tasks


class TaskQueriesContract(Contract):
    """Answers are whole, in order, and the caller's own."""

    @share_of_effort(4)
    @given(task=tasks())
    async def test_get_and_list_answer_what_is_stored(self, here: Bench, task: Task) -> None:
        here = here.another()
        task = replace(task, id=await here.next_id(), deleted=None)
        task = task.committed(await here.commit(added=[task]))
        assert await here.get(task.id) == TaskView.of(task)
        assert (await here.page()).items == [TaskView.of(task)]

    async def test_a_task_that_never_was_is_not_answered(self, here: Bench) -> None:
        await here.add()
        for task_id in (0, -1, await here.next_id(), MAX_ID):
            assert await here.get(task_id) is None

    async def test_a_change_is_answered_at_once(self, here: Bench) -> None:
        task = await here.add("before")
        await here.page()
        changed = await here.change(retitled(task, "after"))
        assert await here.get(task.id) == TaskView.of(changed)
        assert (await here.page()).items == [TaskView.of(changed)]

    async def test_lists_are_in_order_of_id_whatever_the_order_of_commits(self, here: Bench) -> None:
        tasks = [await here.new_task(f"task {n}") for n in range(12)]
        for task in (*tasks[8:], *reversed(tasks[:8])):
            await here.commit(added=[task])
        await here.change((await here.add("last")).complete(at=LATER))
        assert await here.live_ids() == sorted(await here.live_ids())
        assert (await here.live_ids())[:12] == [task.id for task in tasks]

    async def test_only_a_page_with_something_after_it_says_so(self, here: Bench) -> None:
        tasks = await here.add_many(4)
        assert (await here.page(limit=3)).next_after == tasks[2].id
        assert (await here.page(limit=4)).next_after is None
        assert (await here.page(limit=5)).next_after is None
        assert (await here.page(after=tasks[0].id, limit=3)).next_after is None
        assert (await here.page(skip=1, limit=2)).next_after == tasks[2].id

    async def test_a_page_beyond_the_end_is_empty(self, here: Bench) -> None:
        tasks = await here.add_many(3)
        for page in (
            await here.page(after=tasks[-1].id, limit=1),
            await here.page(after=MAX_ID, limit=1),
            await here.page(skip=3, limit=1),
            await here.page(skip=MAX_ID, limit=1),
        ):
            assert page.items == []
            assert page.next_after is None

    async def test_a_page_holds_up_to_a_thousand_tasks(self, here: Bench) -> None:
        ids = [task.id for task in await here.add_many(1001)]
        page = await here.page(limit=1000)
        assert [view.id for view in page.items] == ids[:1000]
        assert page.next_after == ids[999]

    @share_of_effort(4)
    @given(data=st.data(), size=st.integers(0, 24))
    async def test_any_page_is_that_slice_of_the_live_tasks(self, here: Bench, data: st.DataObject, size: int) -> None:
        here = here.another()
        tasks = await here.add_many(size) if size else []
        ids = [task.id for task in tasks]
        deleted = data.draw(st.sets(st.sampled_from(ids)) if ids else st.just(set[TaskId]()), label="deleted")
        if deleted:
            await here.commit(changed=[task.delete(at=LATER) for task in tasks if task.id in deleted])
        live = [task_id for task_id in ids if task_id not in deleted]
        for _ in range(4):
            after = data.draw(st.sampled_from([0, *ids]), label="after")
            skip = data.draw(st.integers(0, size + 1), label="skip")
            limit = data.draw(st.integers(1, size + 1), label="limit")
            page = await here.page(after=after, skip=skip, limit=limit)
            expected = [task_id for task_id in live if task_id > after][skip:]
            assert [view.id for view in page.items] == expected[:limit]
            assert page.next_after == (expected[limit - 1] if len(expected) > limit else None)

    @share_of_effort(4)
    @given(data=st.data(), limit=st.integers(1, 7))
    async def test_following_pages_misses_and_repeats_nothing_under_concurrent_writes(
        self, here: Bench, data: st.DataObject, limit: int
    ) -> None:
        here = here.another()
        at_first = await here.add_many(data.draw(st.integers(1, 16), label="tasks"))
        transient = [task for task in at_first if data.draw(st.booleans(), label=f"{task.id} may be deleted")]
        kept = [task.id for task in at_first if task not in transient]
        seen: list[TaskId] = []
        after: TaskId | None = 0
        while after is not None:
            page = await here.page(after=after, limit=limit)
            assert len(page.items) <= limit
            seen += [view.id for view in page.items]
            after = page.next_after
            gone = [task for task in transient if data.draw(st.booleans(), label=f"{task.id} is deleted")]
            transient = [task for task in transient if task not in gone]
            added = (
                [await here.new_task("new")] if data.draw(st.booleans() if len(seen) < 40 else st.just(False)) else []
            )
            if gone or added:
                await here.commit(added=added, changed=[task.delete(at=LATER) for task in gone])
        assert seen == sorted(set(seen))
        assert set(kept) <= set(seen)

    async def test_changing_a_page_does_not_change_the_store(self, here: Bench) -> None:
        task = TaskView.of(await here.add())
        items = (await here.page()).items
        if isinstance(items, MutableSequence):
            items.clear()
        assert (await here.page()).items == [task]
