"""Creates with a uid of the caller's, repeated by a caller that does not know whether the first got through."""

from typing import Any

import pytest
from hypothesis import given

from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import UidTaken
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.races import at_once
from taskharbor.testing.strategies.tasks import fields

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


class RepeatedCreateContract(Contract):
    """As long as a task is as it was made, making it again is answered with it, and writes nothing."""

    @share_of_effort(4)
    @given(values=fields())
    async def test_a_create_with_a_uid_is_answered_again_whatever_it_asks_for(
        self, here: Bench, use_cases: UseCases, values: dict[str, Any]
    ) -> None:
        workspace = here.another().workspace
        create = CreateTask(title="once", uid=UID, **values)
        try:
            first = await use_cases.execute(create, workspace=workspace)
        except TaskharborError:
            return  # some of the values contradict each other
        assert await use_cases.execute(create, workspace=workspace) == first
        batch = RunBatch(commands=[create, create])
        assert (await use_cases.execute(batch, workspace=workspace)).results == [first, first]

    async def test_creates_with_one_uid_at_once_make_one_task(self, here: Bench, use_cases: UseCases) -> None:
        create = CreateTask(title="once", uid=UID, tags=["home"])
        made = await at_once(*[use_cases.execute(create, workspace=here.workspace) for _ in range(8)])
        assert made == [made[0]] * 8
        assert await here.live_ids() == [made[0].id]

    async def test_another_create_with_its_uid_is_refused_and_the_error_names_the_task(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        made = await use_cases.execute(CreateTask(title="once", uid=UID), workspace=here.workspace)
        for other in (CreateTask(title="twice", uid=UID), CreateTask(title="once", uid=UID, priority=1)):
            with pytest.raises(UidTaken) as refused:
                await use_cases.execute(other, workspace=here.workspace)
            assert refused.value.task_id == made.id

    async def test_a_task_that_was_changed_or_deleted_since_is_no_answer(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        create = CreateTask(title="once", uid=UID)
        made = await use_cases.execute(create, workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=made.id, title="changed"), workspace=here.workspace)
        with pytest.raises(UidTaken):
            await use_cases.execute(create, workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=made.id, title="once"), workspace=here.workspace)
        assert (await use_cases.execute(create, workspace=here.workspace)).id == made.id
        await use_cases.execute(DeleteTask(id=made.id), workspace=here.workspace)
        with pytest.raises(UidTaken):
            await use_cases.execute(create, workspace=here.workspace)
