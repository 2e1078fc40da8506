"""Who is in a list, below a task, waits for a task: `TaskRelations`."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.ports.task_relations import InList, RankedTask, Relation, SubtasksOf, WaitingFor
from taskharbor.domain.identifiers import INBOX, MAX_ID, TaskId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import Rank, natural_rank
from taskharbor.domain.tasks.rank_between import between
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort


class StructureQueryContract(Contract):
    """Live tasks only, by rank, in both directions."""

    async def test_the_tasks_of_a_list_are_sorted_by_rank(self, here: Bench) -> None:
        tasks = [replace(await here.new_task(), list=7) for _ in range(4)]
        first = replace(tasks[2], rank=between(None, tasks[0].rank, task_id=tasks[2].id))
        await here.commit(added=[tasks[0], tasks[1], first, tasks[3], await here.new_task("elsewhere")])
        expected = [first.id, tasks[0].id, tasks[1].id, tasks[3].id]
        assert await _related(here, InList(7)) == expected
        assert await _related(here, InList(7), backwards=True) == expected[::-1]
        assert await _related(here, InList(7), limit=2) == expected[:2]
        assert await _related(here, InList(7), limit=2, backwards=True) == expected[:-3:-1]
        assert await _related(here, InList(7), beyond=tasks[0].rank) == expected[2:]
        assert await _related(here, InList(7), beyond=tasks[0].rank, backwards=True) == expected[:1]
        assert await _related(here, InList(8)) == []

    async def test_ranks_compare_like_bytes(self, here: Bench) -> None:
        """Not like words: in most languages a comes before B."""
        ranks = [Rank(text) for text in ("Zz.11", "a0.11", "a0.1A", "a0.1a", "aA.11", "aa.11", "b00.11")]
        tasks = [replace(await here.new_task(), rank=rank) for rank in ranks]
        await here.commit(added=reversed(tasks))
        assert await _related(here, InList(INBOX)) == [task.id for task in tasks]
        assert await _related(here, InList(INBOX), beyond=Rank("a0.1Z")) == [task.id for task in tasks[3:]]

    async def test_a_task_is_returned_with_its_rank(self, here: Bench) -> None:
        task = await here.add()
        found = await here.storage.list_related(here.workspace, InList(INBOX), limit=2)
        assert list(found) == [RankedTask(natural_rank(task.id), task.id)]

    async def test_a_task_that_moves_or_is_deleted_leaves_its_place(self, here: Bench) -> None:
        parent, task = await here.add_many(2)
        task = await here.change(task.place(list=7, parent=parent.id, at=LATER))
        assert await _related(here, InList(INBOX)) == [parent.id]
        assert await _related(here, InList(7)) == await _related(here, SubtasksOf(parent.id)) == [task.id]
        task = await here.change(task.delete(at=LATER))
        assert await _related(here, InList(7)) == await _related(here, SubtasksOf(parent.id)) == []
        await here.change(task.restore(at=LATER))
        assert await _related(here, InList(7)) == await _related(here, SubtasksOf(parent.id)) == [task.id]

    async def test_only_open_tasks_wait_for_another(self, here: Bench) -> None:
        needed, other, waiting, done, gone = await here.add_many(5)
        depends_on = (needed.id, other.id)
        waiting, done, gone = [
            await here.change(replace(task, depends_on=depends_on)) for task in (waiting, done, gone)
        ]
        await here.commit(changed=[done.complete(at=LATER), gone.delete(at=LATER)])
        assert await _related(here, WaitingFor(needed.id)) == [waiting.id]
        assert await _related(here, WaitingFor(other.id)) == [waiting.id]
        assert await _related(here, WaitingFor(waiting.id)) == []

    async def test_one_id_is_not_taken_for_another_that_begins_with_it(self, here: Bench) -> None:
        task = await here.add()
        await here.change(replace(task, depends_on=(MAX_ID // 10, MAX_ID)))
        assert await _related(here, WaitingFor(MAX_ID)) == [task.id]
        assert await _related(here, WaitingFor(MAX_ID // 100)) == []

    async def test_other_workspaces_have_lists_of_their_own(self, here: Bench, elsewhere: Bench) -> None:
        task = await here.add()
        await elsewhere.add()
        assert await _related(here, InList(INBOX)) == [task.id]

    @share_of_effort(4)
    @given(data=st.data())
    async def test_any_question_is_answered_as_the_tasks_say(self, here: Bench, data: st.DataObject) -> None:
        here = here.another()
        tasks = [await here.new_task() for _ in range(data.draw(st.integers(1, 12), label="tasks"))]
        ids = [task.id for task in tasks]
        tasks = [
            replace(
                task.progress_to(data.draw(st.sampled_from(Progress), label="progress"), at=NOON),
                list=data.draw(st.sampled_from([1, 2]), label="list"),
                parent=data.draw(st.none() | st.sampled_from(ids), label="parent"),
                depends_on=tuple(sorted(data.draw(st.sets(st.sampled_from(ids), max_size=3), label="depends_on"))),
                rank=_tied(task.id, data.draw(st.integers(1, 1000), label="position")),
                deleted=data.draw(st.sampled_from([None, None, LATER]), label="deleted"),
            )
            for task in tasks
        ]
        await here.commit(added=tasks)
        tasks.sort(key=lambda task: task.rank)
        relations: list[Relation] = [InList(1), InList(2), *map(SubtasksOf, ids), *map(WaitingFor, ids)]
        for relation in relations:
            assert await _related(here, relation) == [task.id for task in tasks if _belongs(task, relation)]
        relation = data.draw(st.sampled_from(relations), label="relation")
        beyond = data.draw(st.none() | st.sampled_from([task.rank for task in tasks]), label="beyond")
        backwards, limit = data.draw(st.booleans()), data.draw(st.integers(1, 13))
        expected = [task for task in tasks if _belongs(task, relation)]
        if backwards:
            expected.reverse()
        if beyond is not None:
            expected = [task for task in expected if (task.rank < beyond if backwards else task.rank > beyond)]
        found = await _related(here, relation, beyond=beyond, backwards=backwards, limit=limit)
        assert found == [task.id for task in expected][:limit]


def _tied(task_id: TaskId, position: int) -> Rank:
    """Return the rank of a task that was put into the same place as others."""
    return Rank(f"{natural_rank(position).partition('.')[0]}.{natural_rank(task_id).partition('.')[2]}")


def _belongs(task: Task, relation: Relation) -> bool:
    return not task.is_deleted and relation.holds(task)


async def _related(
    here: Bench, relation: Relation, *, beyond: Rank | None = None, backwards: bool = False, limit: int = 100
) -> list[int]:
    found = await here.storage.list_related(here.workspace, relation, beyond=beyond, backwards=backwards, limit=limit)
    return [one.id for one in found]
