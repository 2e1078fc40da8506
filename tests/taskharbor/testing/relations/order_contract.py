"""Order: where a task stands when it has been moved, alone and in competition."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.ports.task_relations import InList, SubtasksOf
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk, ids_of
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.races import at_once, refused_at


class OrderContract(Contract):
    """A task stands where it was put, and no two stand in one place."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_tasks_stand_in_the_order_in_which_they_were_made(self, desk: Desk) -> None:
        made = await desk.create_some(5)
        assert await desk.in_order() == ids_of(made)

    async def test_a_task_is_put_next_to_another_or_first_or_last(self, desk: Desk) -> None:
        a, b, c, d = ids_of(await desk.create_some(4))
        await desk.move(d, before=b)
        assert await desk.in_order() == [a, d, b, c]
        await desk.move(a, after=b)
        assert await desk.in_order() == [d, b, a, c]
        await desk.move(c, first=True)
        assert await desk.in_order() == [c, d, b, a]
        await desk.move(d, last=True)
        assert await desk.in_order() == [c, b, a, d]
        await desk.move(c, after=d)
        assert await desk.in_order() == [b, a, d, c]
        await desk.move(c, before=b)
        assert await desk.in_order() == [c, b, a, d]

    async def test_a_task_that_is_there_already_stays_as_it_is(self, desk: Desk) -> None:
        a, b, c = ids_of(await desk.create_some(3))
        revision = await desk.revision()
        for task, place in ((b, {"after": a}), (b, {"before": c}), (a, {"first": True}), (c, {"last": True})):
            await desk.move(task, **place)
        assert await desk.revision() == revision

    async def test_a_task_moves_into_another_list_and_below_another_task(self, desk: Desk) -> None:
        work = await desk.new_list()
        one, other = await desk.create_some(2, list=work.id)
        task, parent, child = await desk.create_some(3)
        assert (await desk.move(task.id, list=work.id)).list == work.id
        assert await desk.in_order(InList(work.id)) == [one.id, other.id, task.id]
        await desk.move(task.id, parent=one.id, first=True)
        assert await desk.in_order(SubtasksOf(one.id)) == [task.id]
        moved = await desk.move(child.id, before=task.id)
        assert (moved.list, moved.parent) == (work.id, one.id)
        assert await desk.in_order(SubtasksOf(one.id)) == [child.id, task.id]
        assert await desk.counts(one.id) == (2, 2)
        moved = await desk.move(one.id, parent=parent.id)
        assert moved.list == parent.list
        assert (await desk.get(task.id)).list == parent.list
        moved = await desk.move(task.id, parent=None)
        assert (moved.list, moved.parent) == (parent.list, None)
        moved = await desk.move(child.id, list=work.id)
        assert (moved.list, moved.parent) == (work.id, None)

    async def test_a_move_that_makes_no_sense_is_refused(self, desk: Desk) -> None:
        work = await desk.new_list()
        task, neighbour, gone = await desk.create_some(3)
        await desk.delete(gone.id)
        nonsense: list[tuple[str, dict[str, Any]]] = [
            ("before", {}),
            ("after", {"before": neighbour.id, "after": neighbour.id}),
            ("last", {"first": True, "last": True}),
            ("before", {"before": task.id}),
            ("after", {"after": gone.id}),
            ("after", {"after": neighbour.id + 100}),
            ("before", {"before": neighbour.id, "list": work.id}),
            ("before", {"before": neighbour.id, "parent": gone.id}),
            ("parent", {"parent": task.id}),
            ("parent", {"parent": gone.id}),
            ("list", {"list": work.id + 100}),
            ("list", {"list": 0}),
            ("list", {"list": work.id, "parent": neighbour.id}),
        ]
        revision = await desk.revision()
        for field, place in nonsense:
            await refused_at(field, desk.move(task.id, **place))
        assert await desk.revision() == revision

    async def test_moves_into_one_gap_at_once_never_tie(self, desk: Desk) -> None:
        left, right, *tasks = ids_of(await desk.create_some(8))
        outcomes = await at_once(*[desk.move(task, after=left) for task in tasks])
        ranks = {outcome.rank for outcome in outcomes if not isinstance(outcome, BaseException)}
        assert len(ranks) == len(tasks)
        order = await desk.in_order()
        assert (order[0], order[-1]) == (left, right)
        assert sorted(order) == sorted([left, right, *tasks])

    @share_of_effort(6)
    @given(data=st.data())
    async def test_any_moves_in_one_batch_leave_the_order_that_they_say(
        self, use_cases: UseCases, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        desk = Desk(use_cases, here)
        order = ids_of(await desk.create_some(5))
        commands: list[MoveTask] = []
        for _ in range(data.draw(st.integers(1, 8), label="moves")):
            task = data.draw(st.sampled_from(order), label="task")
            order.remove(task)
            place = data.draw(st.sampled_from(["before", "after", "first", "last"]), label="place")
            neighbour = data.draw(st.sampled_from(order), label="neighbour")
            at = {"first": 0, "last": len(order), "before": order.index(neighbour), "after": order.index(neighbour) + 1}
            order.insert(at[place], task)
            named: dict[str, Any] = {place: True if place in {"first", "last"} else neighbour}
            commands.append(MoveTask(id=task, **named))
        await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert await desk.in_order() == order

    async def test_many_moves_into_one_gap_keep_ranks_short(self, desk: Desk) -> None:
        left, right, task, other = ids_of(await desk.create_some(4))
        longest = 0
        for _ in range(50):
            for one in (task, other):
                longest = max(longest, len((await desk.move(one, after=left)).rank))
        assert longest < 20
        assert set((await desk.in_order())[1:3]) == {task, other}
        with pytest.raises(InvalidValue):
            await desk.move(right, before=right)
