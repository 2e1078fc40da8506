"""Dependencies: no cycles, no completion before them, `blocked` as long as one is open."""

from dataclasses import replace

import pytest

from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, OpenDependencies
from taskharbor.domain.tasks.relations import MAX_DEPENDENCIES
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk, ids_of
from taskharbor.testing.scenes.races import at_once, refused_at


class DependenciesContract(Contract):
    """A task waits for others, never for itself, and no race gets around that."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_a_task_is_blocked_while_a_dependency_is_live_and_open(self, desk: Desk) -> None:
        one, other = await desk.create_some(2)
        task = await desk.create(depends_on=[other.id, one.id, other.id])
        assert task.depends_on == (one.id, other.id)
        assert task.blocked
        await desk.complete(one.id)
        assert (await desk.get(task.id)).blocked
        await desk.change(other.id, progress="cancelled")
        assert not (await desk.get(task.id)).blocked
        await desk.reopen(other.id)
        assert (await desk.get(task.id)).blocked
        await desk.delete(other.id)
        assert not (await desk.get(task.id)).blocked
        await desk.restore(other.id)
        assert (await desk.get(task.id)).blocked

    async def test_whether_a_task_is_blocked_does_not_depend_on_its_own_progress(self, desk: Desk) -> None:
        needed = await desk.create()
        task = await desk.create(depends_on=[needed.id])
        assert (await desk.complete(task.id, dependencies="ignore")).blocked
        assert (await desk.get(task.id)).blocked

    async def test_a_task_is_not_completed_before_its_dependencies_unless_that_is_said(self, desk: Desk) -> None:
        needed, done = await desk.create_some(2)
        await desk.complete(done.id)
        task = await desk.create(depends_on=[needed.id, done.id])
        revision = await desk.revision()
        for attempt in (
            desk.complete(task.id),
            desk.change(task.id, is_completed=True),
            desk.change(task.id, percent_complete=100),
            desk.create(depends_on=[needed.id], is_completed=True),
        ):
            with pytest.raises(OpenDependencies) as refused:
                await attempt
            assert refused.value.needed == (needed.id,)
        assert await desk.revision() == revision
        assert (await desk.change(task.id, progress="completed", dependencies="ignore")).is_completed

    async def test_completing_a_task_sees_its_dependencies(self, desk: Desk) -> None:
        for _ in range(10):
            needed = await desk.create(is_completed=True)
            task = await desk.create(depends_on=[needed.id])
            done, reopened = await at_once(desk.complete(task.id), desk.reopen(needed.id))
            assert isinstance(done, OpenDependencies) or done.revision < reopened.revision

    async def test_no_task_depends_on_itself(self, desk: Desk) -> None:
        one, two, three, free = await desk.create_some(4)
        await desk.change(two.id, depends_on=[one.id])
        await desk.change(three.id, depends_on=[two.id])
        await refused_at("depends_on[1]", desk.change(one.id, depends_on=[free.id, one.id]))
        await refused_at("depends_on[0]", desk.change(one.id, depends_on=[two.id]))
        await refused_at("depends_on[1]", desk.change(one.id, depends_on=[free.id, three.id]))
        await desk.delete(two.id)
        await refused_at("depends_on[0]", desk.change(one.id, depends_on=[three.id]))
        assert (await desk.get(one.id)) == one

    async def test_of_concurrent_changes_that_would_close_a_cycle_of_dependencies_one_is_refused(
        self, desk: Desk
    ) -> None:
        for _ in range(10):
            one, two, three = await desk.create_some(3)
            outcomes = await at_once(
                desk.change(one.id, depends_on=[two.id]),
                desk.change(two.id, depends_on=[three.id]),
                desk.change(three.id, depends_on=[one.id]),
            )
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_a_dependency_must_be_a_live_task_of_the_workspace(
        self, desk: Desk, use_cases: UseCases, elsewhere: Bench
    ) -> None:
        foreign = max(ids_of(await Desk(use_cases, elsewhere).create_some(3)))
        one, gone = await desk.create_some(2)
        await desk.delete(gone.id)
        for wrong in {foreign + 100, gone.id, foreign} - {one.id}:
            await refused_at("depends_on[1]", desk.create(depends_on=[one.id, wrong]))
        await refused_at("depends_on[0]", desk.change(one.id, depends_on=[gone.id]))

    async def test_a_dependency_that_was_deleted_can_stay_or_go(self, desk: Desk) -> None:
        one, gone = await desk.create_some(2)
        task = await desk.create(depends_on=[one.id, gone.id])
        await desk.delete(gone.id)
        assert (await desk.change(task.id, depends_on=[gone.id])).depends_on == (gone.id,)
        assert (await desk.change(task.id, depends_on=[])).depends_on == ()

    async def test_a_task_depends_on_only_so_many(self, desk: Desk, here: Bench) -> None:
        many = [task.id for task in await here.add_many(MAX_DEPENDENCIES + 1)]
        await refused_at("depends_on", desk.create(depends_on=many))
        assert (await desk.create(depends_on=many[1:])).depends_on == tuple(many[1:])

    async def test_a_chain_that_is_too_long_to_be_walked_is_refused(self, desk: Desk, here: Bench) -> None:
        chain = [await here.new_task() for _ in range(1001)]
        tasks = [replace(task, depends_on=(needed.id,)) for task, needed in zip(chain[1:], chain, strict=False)]
        await here.commit(added=chain[:1])
        await here.commit(added=tasks)
        free = await desk.create()
        await refused_at("depends_on", desk.change(free.id, depends_on=[chain[-1].id]))
        assert (await desk.change(free.id, depends_on=[chain[-2].id])).blocked
