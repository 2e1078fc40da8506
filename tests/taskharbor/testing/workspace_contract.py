"""Tenants know nothing of each other."""

import asyncio

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE


class WorkspaceContract(Contract):
    """Isolation, both ways."""

    async def test_an_empty_workspace_answers_that_it_is_empty(self, here: Bench, elsewhere: Bench) -> None:
        task = await elsewhere.add()
        page = await here.page()
        assert page.items == []
        assert page.next_after is None
        assert await here.get(task.id) is None
        assert await here.storage.load_tasks(here.workspace, [task.id]) == {}

    async def test_the_same_id_and_uid_in_two_workspaces_are_two_tasks(self, here: Bench, elsewhere: Bench) -> None:
        one = await here.new_task("here")
        ids_elsewhere = [await elsewhere.next_id() for _ in range(10)]
        # A store that counts through all workspaces gives no id twice; then the uid alone is the same.
        other = await elsewhere.new_task("elsewhere", uid=one.uid)
        if one.id in ids_elsewhere:
            other = type(one).create(id=one.id, uid=one.uid, title="elsewhere", at=other.created)
        await here.commit(added=[one])
        await elsewhere.commit(added=[other])
        await here.change(one.committed(1).complete(at=LATER))
        assert await here.load(one.id) == one.complete(at=LATER).committed(2)
        assert await elsewhere.load(other.id) == other.committed(1)
        assert [view.title for view in (await here.page()).items] == ["here"]
        assert [view.title for view in (await elsewhere.page()).items] == ["elsewhere"]

    async def test_what_happens_in_one_is_not_seen_in_the_other(self, here: Bench, elsewhere: Bench) -> None:
        for mine, theirs in ((here, elsewhere), (elsewhere, here)):
            before = await theirs.everything()
            task = await mine.add("mine")
            await mine.change(task.complete(at=LATER))
            deleted = await mine.add("mine, deleted")
            await mine.change(deleted.delete(at=LATER))
            assert await theirs.everything() == before

    async def test_each_workspace_counts_its_own_revisions(self, here: Bench, elsewhere: Bench) -> None:
        assert [await here.take_revision() for _ in range(3)] == [1, 2, 3]
        assert await elsewhere.take_revision() == 1
        assert await here.take_revision() == 4
        assert await elsewhere.take_revision() == 2

    async def test_a_task_of_another_workspace_can_be_neither_changed_nor_guarded(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        task = await here.add()
        added = await elsewhere.new_task("new")
        assert added.id != task.id or await elsewhere.load(task.id) is None
        with pytest.raises(ConcurrentUpdate):
            await elsewhere.commit(changed=[task.complete(at=LATER)])
        with pytest.raises(ConcurrentUpdate):
            await elsewhere.commit(added=[added], guarded={task.id: task.revision})
        assert await elsewhere.live_ids() == []
        assert await here.load(task.id) == task
        assert await elsewhere.take_revision() == 1

    async def test_names_that_are_nearly_the_same_are_different_workspaces(self, here: Bench) -> None:
        stem = here.workspace[:40]
        names = [stem, f"{stem}.", f"{stem}-", f"{stem}_", f"{stem}__", f"{stem}a", f"{stem}.a", stem[:-1]]
        names += [stem.ljust(64, "x"), stem.ljust(63, "x") + "y", stem.ljust(63, "x")]
        benches = [Bench(here.storage, name) for name in names]
        for bench in benches:
            await bench.add(bench.workspace)
        for bench in benches:
            assert [view.title for view in (await bench.page()).items] == [bench.workspace]

    async def test_many_workspaces_written_at_once_keep_their_own_count(self, here: Bench) -> None:
        benches = [here.another() for _ in range(32)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(bench.take_revision() for bench in benches for _ in range(4)))
        for bench in benches:
            assert sorted(view.revision for view in (await bench.page()).items) == [1, 2, 3, 4]
