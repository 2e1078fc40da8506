"""Following the changes misses nothing: `ChangeFeed`."""

import asyncio
import random
from collections.abc import MutableSequence
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Change, Position, Tombstone, change_of
from taskharbor.application.sync.list_changes import EVERYTHING, ListChanges
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.scenes.bench import BEGINNING, LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort

WRITERS = 16
READERS = 4
CHANGES_PER_WRITER = 12

Copy = dict[TaskId, TaskView]


class ChangeFeedContract(Contract):
    """Order, pieces, tombstones, and readers among writers."""

    async def test_in_a_new_workspace_nothing_has_changed(self, here: Bench) -> None:
        changes = await here.changes()
        assert changes.items == []
        assert changes.revision == 0

    async def test_each_task_is_listed_once_in_the_order_of_its_last_change(self, here: Bench) -> None:
        first, second, third = [await here.add(title) for title in ("first", "second", "third")]
        first = await here.change(first.begin(at=LATER))
        changes = await here.changes()
        assert changes.items == [TaskView.of(task) for task in (second, third, first)]
        assert changes.revision == first.revision

    async def test_only_what_came_after_a_revision_is_listed(self, here: Bench) -> None:
        seen = await here.add("seen")
        new = await here.add("new")
        assert (await here.changes(Position(seen.revision))).items == [TaskView.of(new)]
        assert (await here.changes(Position(new.revision))).items == []

    async def test_what_one_commit_wrote_can_be_read_in_pieces(self, here: Bench) -> None:
        tasks = await here.add_many(5)
        after = BEGINNING
        recorded: list[Change] = []
        while items := (await here.changes(after, limit=2)).items:
            recorded += items
            after = Position(items[-1].revision, items[-1].id)
        assert recorded == [TaskView.of(task) for task in tasks]

    async def test_a_deleted_task_is_listed_as_a_tombstone_until_it_is_restored(self, here: Bench) -> None:
        task = await here.add()
        deleted = await here.change(task.delete(at=LATER))
        assert (await here.changes()).items == [Tombstone(task.id, task.uid, deleted.revision, LATER)]
        restored = await here.change(deleted.restore(at=LATER))
        assert (await here.changes(Position(deleted.revision))).items == [TaskView.of(restored)]

    async def test_the_changes_of_another_workspace_are_not_listed(self, here: Bench, elsewhere: Bench) -> None:
        await elsewhere.add()
        task = await here.add()
        assert (await here.changes()).items == [TaskView.of(task)]

    async def test_emptying_the_returned_changes_changes_nothing_else(self, here: Bench) -> None:
        task, deleted = await here.add_many(2)
        deleted = await here.change(deleted.delete(at=LATER))
        recorded = (await here.changes()).items
        if isinstance(recorded, MutableSequence):
            recorded.clear()
        again = [TaskView.of(task), Tombstone(deleted.id, deleted.uid, deleted.revision, LATER)]
        assert (await here.changes()).items == again

    async def test_a_thousand_and_one_changes_fit_into_one_answer(self, here: Bench) -> None:
        tasks = await here.add_many(1001)
        assert (await here.changes(limit=1001)).items == [TaskView.of(task) for task in tasks]

    @share_of_effort(4)
    @given(data=st.data(), limit=st.integers(1, 5))
    async def test_following_the_feed_to_its_end_gives_an_exact_copy_under_concurrent_writes(
        self, here: Bench, data: st.DataObject, limit: int
    ) -> None:
        here = here.another()
        stored = {task.id: task for task in await here.add_many(data.draw(st.integers(1, 8), label="tasks"))}
        copy: dict[TaskId, Change] = {}
        after, rounds, recorded = BEGINNING, 0, limit
        while recorded == limit:
            rounds += 1
            found = await here.changes(after, limit=limit)
            recorded = len(found.items)
            copy |= {change.id: change for change in found.items}
            if found.items:
                after = Position(found.items[-1].revision, found.items[-1].id)
            chosen = (
                st.sets(st.sampled_from(sorted(stored))) if rounds < 8 and recorded == limit else st.just(set[TaskId]())
            )
            changing = [stored[task_id] for task_id in sorted(data.draw(chosen, label="changed meanwhile"))]
            if changing:
                changed = [t.restore(at=LATER) if t.is_deleted else t.delete(at=LATER) for t in changing]
                revision = await here.commit(changed=changed)
                stored |= {task.id: task.committed(revision) for task in changed}
        assert copy == {task_id: change_of(task) for task_id, task in stored.items()}

    async def test_readers_among_writers_have_an_exact_copy_at_every_revision_that_they_claim(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        history: dict[Revision, tuple[TaskId, TaskView | None]] = {}
        writing = [asyncio.create_task(_write(use_cases, here, _chance(n), history)) for n in range(WRITERS)]
        readers = [asyncio.create_task(_follow(use_cases, here, _chance(n), writing)) for n in range(READERS)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*writing)
            claims = list(chain.from_iterable(await asyncio.gather(*readers)))
        assert sorted(history) == list(range(1, len(history) + 1))
        assert max(revision for revision, _ in claims) == len(history)
        states = _states(history)
        for revision, copy in claims:
            assert copy == states[revision]


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same in every run, and no secret


async def _write(
    use_cases: UseCases, here: Bench, chance: random.Random, history: dict[Revision, tuple[TaskId, TaskView | None]]
) -> None:
    own: list[TaskId] = []
    deleted: set[TaskId] = set()
    for n in range(CHANGES_PER_WRITER):
        await _pause(chance)
        if not own or chance.random() < 0.4:
            task = await use_cases.execute(CreateTask(title=f"task {n}"), workspace=here.workspace)
            own.append(task.id)
        else:
            task_id = chance.choice(own)
            if task_id in deleted:
                task = await use_cases.execute(RestoreTask(id=task_id), workspace=here.workspace)
                deleted.remove(task_id)
            elif chance.random() < 0.3:
                task = await use_cases.execute(DeleteTask(id=task_id), workspace=here.workspace)
                deleted.add(task_id)
            else:
                change = ChangeTask(id=task_id, title=f"changed {n}")
                task = await use_cases.execute(change, workspace=here.workspace)
        history[task.revision] = (task.id, None if task.id in deleted else task)


async def _follow(
    use_cases: UseCases, here: Bench, chance: random.Random, writing: list[asyncio.Task[None]]
) -> list[tuple[Revision, Copy]]:
    """Keep a copy up to date until all has been written; return it at each revision at which it was complete."""
    claims: list[tuple[Revision, Copy]] = []
    copy: Copy = {}
    since = EVERYTHING
    while True:
        all_written = all(task.done() for task in writing)
        query = ListChanges(since=since, limit=chance.randint(1, 20))
        page = await use_cases.list_changes(query, workspace=here.workspace)
        for change in page.items:
            if isinstance(change, Tombstone):
                copy.pop(change.id, None)
            else:
                copy[change.id] = change
        since = page.next
        if not page.more:
            claims.append((page.revision, dict(copy)))
            if all_written:
                return claims
        await _pause(chance)


def _states(history: dict[Revision, tuple[TaskId, TaskView | None]]) -> dict[Revision, Copy]:
    states: dict[Revision, Copy] = {0: {}}
    for revision in sorted(history):
        task_id, task = history[revision]
        state = dict(states[revision - 1])
        if task is None:
            state.pop(task_id, None)
        else:
            state[task_id] = task.without_blocked()
        states[revision] = state
    return states


async def _pause(chance: random.Random) -> None:
    for _ in range(chance.randint(0, 5)):
        await asyncio.sleep(0)
