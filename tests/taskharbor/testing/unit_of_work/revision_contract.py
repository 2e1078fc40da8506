"""One number without gaps: the revision of a workspace."""

import asyncio
from collections import Counter
from itertools import chain

from taskharbor.application.errors import ConcurrentUpdate, PreconditionFailed
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE

WRITERS = 32


class RevisionContract(Contract):
    """Each commit takes the next revision, in commit order, with many writers and readers too."""

    async def test_the_first_commit_takes_revision_1_and_each_one_the_next(self, here: Bench) -> None:
        assert [await here.take_revision() for _ in range(5)] == [1, 2, 3, 4, 5]

    async def test_a_commit_of_additions_changes_and_guards_takes_one_revision(self, here: Bench) -> None:
        *changed, guarded, bystander = await here.add_many(5)
        added = [await here.new_task(title) for title in ("new", "new too")]
        changed = [task.complete(at=LATER) for task in changed]
        revision = await here.commit(added=added, changed=changed, guarded={guarded.id: guarded.revision})
        assert revision == 2
        for task in (*added, *changed):
            assert await here.load(task.id) == task.committed(2)
        for task in (guarded, bystander):
            assert await here.load(task.id) == task
        assert await here.take_revision() == 3

    async def test_asking_and_taking_ids_take_no_revision(self, here: Bench) -> None:
        task = await here.add()
        for _ in range(20):
            await here.next_id()
            await here.get(task.id)
            await here.page()
            await here.load(task.id)
        assert await here.take_revision() == 2

    async def test_revisions_of_32_writers_have_no_gap_and_no_double(self, here: Bench) -> None:
        async def write() -> list[Revision]:
            revisions = []
            for _ in range(4):
                task = await here.add("by one of many")
                revisions.append(task.revision)
                task = await here.change(task.complete(at=LATER))
                revisions.append(task.revision)
                assert await here.load(task.id) == task
            return revisions

        async with asyncio.timeout(PATIENCE):
            taken = await asyncio.gather(*(write() for _ in range(WRITERS)))
        assert sorted(chain.from_iterable(taken)) == list(range(1, WRITERS * 8 + 1))
        for revisions in taken:
            assert revisions == sorted(revisions), "a later commit must take a greater revision"

    async def test_refusals_among_32_writers_leave_no_gap(self, here: Bench) -> None:
        contested = await here.add("contested")

        async def write(number: int) -> Revision | None:
            try:
                if number % 2:
                    return (await here.add("of my own")).revision
                return (await here.change(retitled(contested, f"mine, says {number}"))).revision
            except ConcurrentUpdate:
                return None

        async with asyncio.timeout(PATIENCE):
            outcomes = await asyncio.gather(*(write(number) for number in range(WRITERS)))
        taken = sorted(revision for revision in outcomes if revision is not None)
        assert len(taken) == WRITERS // 2 + 1, "of concurrent changes of one task exactly one must succeed"
        assert taken == list(range(2, len(taken) + 2))

    async def test_readers_among_32_writers_see_every_commit_up_to_the_last_one_that_they_see(
        self, here: Bench
    ) -> None:
        answered = {0}

        async def write() -> None:
            for _ in range(4):
                first, second = await here.new_task("of a pair"), await here.new_task("of a pair")
                answered.add(await here.commit(added=[first, second]))

        async def read() -> None:
            last_seen = 0
            while last_seen < WRITERS * 4:
                known = max(answered)
                seen = Counter(view.revision for view in (await here.page()).items)
                last_seen_before, last_seen = last_seen, max(seen, default=0)
                assert seen == dict.fromkeys(range(1, last_seen + 1), 2), (
                    "every commit up to there must be visible, and whole"
                )
                assert last_seen >= last_seen_before, "later reads must not go back"
                assert last_seen >= known, "a commit that was answered must be visible"
                await asyncio.sleep(0)  # a store that never waits would let no other task run

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(read())
            for _ in range(WRITERS):
                group.create_task(write())

    async def test_32_writers_of_one_task_lose_no_update(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="written by all", description=""), workspace=here.workspace)

        async def append(mark: str) -> None:
            while True:
                current = await use_cases.get_task(task.id, workspace=here.workspace)
                command = ChangeTask(id=task.id, description=f"{current.description}{mark} ", if_match=current.revision)
                try:
                    await use_cases.execute(command, workspace=here.workspace)
                except (ConcurrentUpdate, PreconditionFailed):
                    continue
                return

        marks = [str(number) for number in range(WRITERS)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(append(mark) for mark in marks))
        written = await use_cases.get_task(task.id, workspace=here.workspace)
        assert written.description is not None
        assert sorted(written.description.split()) == sorted(marks)
        assert written.revision == task.revision + WRITERS
